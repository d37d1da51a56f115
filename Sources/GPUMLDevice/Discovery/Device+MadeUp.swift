extension Device {
  /// A device that only exists on paper, to test the choice among several; it opens no context.
  package init(
    madeUp name: String, kind: Kind, vendor: String = "", platformName: String = "Made up",
    computeUnits: Int = 1, clockMHz: Int = 1000, globalMemory: Int = 1 << 30,
    nativeVectorWidthFloat: Int = 1, hasDedicatedLocalMemory: Bool? = nil,
    extensions: Set<String> = [], platformIndex: Int = 0, deviceIndex: Int = 0, threads: Int = 1
  ) {
    self.init(
      name: name, vendor: vendor, platformName: platformName, driverVersion: "1.0",
      openCLCVersion: "OpenCL C 1.2", kind: kind, computeUnits: computeUnits, threads: threads,
      clockMHz: clockMHz,
      globalMemory: globalMemory, maxAllocation: globalMemory / 4, localMemory: 32768,
      hasDedicatedLocalMemory: hasDedicatedLocalMemory ?? kind.contains(.gpu),
      nativeVectorWidthFloat: nativeVectorWidthFloat,
      keepsDenormals: true, maxWorkGroupSize: 256,
      maxWorkItemSizes: [256, 256, 256], memoryBaseAlignment: 128, extensions: extensions,
      platformIndex: platformIndex, deviceIndex: deviceIndex, handles: nil)
  }
}
