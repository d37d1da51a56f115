import Foundation
import Testing

@testable import GPUMLDevice

/// Kernels the tests run.
enum TestSource {
  static let add = """
    kernel void add(global const float *a, global const float *b, global float *c) {
      size_t i = get_global_id(0);
      c[i] = a[i] + b[i];
    }
    kernel void scale(global float *a, float factor, int step) {
      size_t i = get_global_id(0) * step;
      a[i] *= factor;
    }
    kernel void reverse(global float *a, local float *shared) {
      size_t i = get_local_id(0), n = get_local_size(0), g = get_global_id(0);
      shared[i] = a[g];
      barrier(CLK_LOCAL_MEM_FENCE);
      a[g] = shared[n - 1 - i];
    }
    """
}

/// Every device of this machine; the tests fail clearly where there is none.
func testDevices() throws -> [Device] { try Device.all() }

/// A context on the device that training would choose, without a cache on disk.
func testContext(
  profiling: Bool = false, memoryLimit: Int? = nil, cacheFolder: String = "",
  environment: [String: String] = [:]
) throws -> DeviceContext {
  let device = try Device.select(for: .training, environment: [:]).device
  return try DeviceContext(
    device: device, profiling: profiling, memoryLimit: memoryLimit, cacheFolder: cacheFolder,
    environment: environment)
}

/// Runs a closure with a new empty folder, and removes it.
func withTemporaryFolder<R>(_ body: (String) throws -> R) throws -> R {
  let folder = FileManager.default.temporaryDirectory
    .appendingPathComponent("gpuml-test-\(UUID().uuidString)")
  try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(at: folder) }
  return try body(folder.path)
}
