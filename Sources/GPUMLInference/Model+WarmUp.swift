import GPUMLGraph

extension Model {
  /// Predicts made-up examples, so that all kernels are compiled and where possible kept for later
  /// processes: drivers compile some of them when they run first.
  ///
  /// - Parameter batchSizes: How many examples are predicted at a time, each at least 1.
  /// - Throws: `DeviceError` if the device fails.
  public func warmUp(batchSizes: [Int]) async throws {
    let width = featureShape.reduce(1, *)
    for size in batchSizes {
      _ = try await predict(
        HostTensor([Float](repeating: 0, count: size * width), shape: [size] + featureShape))
    }
  }
}
