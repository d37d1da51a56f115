import GPUMLDevice
import GPUMLGraph

/// A graph compiled for one device and one set of shapes; immutable.
package struct Plan: Sendable {
  package struct Output: Sendable {
    package let name: String
    package let buffer: BufferID
    package let shape: [Int]
    package let dtype: DType
    package var byteCount: Int { dtype.byteCount(of: shape) }
  }

  package struct Input: Sendable {
    package let name: String
    package let shape: [Int]
    package let dtype: DType
    package var byteCount: Int { dtype.byteCount(of: shape) }
  }

  /// Launches that follow one another without the host. Between segments the host may act; the
  /// device starts on a segment while the next is still being enqueued.
  package struct Segment: Sendable {
    package enum Purpose: String, Sendable {
      /// Outputs and gradients, from the variables as they are.
      case computation
      /// The check of the gradients, and the next values of the variables and the state block.
      case update
    }

    package let purpose: Purpose
    /// Indices into the plan's launches.
    package let launches: Range<Int>
  }

  package let inputs: [Input]
  package let outputs: [Output]
  package let constants: [HostTensor]
  package let buffers: [PlanBuffer]
  package let launches: [Launch]
  /// Launches that make what depends on variables alone, to be run before the others once these have
  /// changed; each writes one buffer.
  package let preparations: [Launch]
  /// All launches in order, none of the segments empty.
  package let segments: [Segment]
  package let memory: MemoryPlan
  /// Whether a run changes variables, so that runs must follow one another.
  package let hasUpdates: Bool
  /// The gradients' slabs by number, with their bytes.
  package let gradientSlabs: [Int: Int]
}

extension DType {
  /// The bytes of a shape's elements; 0 where an axis is empty, however long the others are.
  fileprivate func byteCount(of shape: [Int]) -> Int {
    (HostTensor.elementCount(of: shape) ?? 0) * byteCount
  }
}

extension Plan: CustomStringConvertible {
  /// A line a launch, with its kernel, sizes and bytes; `Scripts/check-kernels` looks for kernels here.
  package var description: String {
    var lines = [
      "plan: \(launches.count) launches, arena \(memory.byteCount) bytes, "
        + "live peak \(memory.peakLiveBytes) bytes"
    ]
    for launch in preparations { lines.append("  once: \(launch.label): \(launch.global)") }
    for segment in segments {
      lines.append("  \(segment.purpose.rawValue):")
      for index in segment.launches {
        let launch = launches[index]
        let bytes = launch.buffers.reduce(0) { $0 + buffers[$1.index].byteCount }
        let local = launch.local.map { " in groups of \($0)" } ?? ""
        let kernel = "\(launch.function) of \(launch.instance.file)"
        lines.append(
          "    \(index) \(launch.label): \(kernel), \(launch.global)\(local), \(bytes) bytes")
      }
    }
    return lines.joined(separator: "\n")
  }
}
