import ArgumentParser
import GPUML

/// `gpuml devices`
struct Devices: ReportedCommand {
  static let configuration = CommandConfiguration(
    abstract: "Lists the devices, and which one train and infer would choose.")

  @OptionGroup(title: "Output") var output: OutputOptions

  func execute() async throws {
    try DeviceOptions.expose()
    let rows = try DeviceRow.all()
    if output.json {
      for row in rows { try Devices.json(row).print() }
      return
    }
    for row in rows {
      let device = row.device
      try Console.standardOutput(
        cut("\(TextTable.padded(row.request, 12)) \(device.name)"))
      try detail(
        "\(row.kind), \(device.computeUnits) units, "
          + "\((Double(device.globalMemory) / 1073741824).fixed(1)) GiB, \(device.platformName)")
      try detail("for \(row.suits)")
      if output.verbose {
        try detail("driver \(device.driverVersion), \(device.openCLCVersion)")
        try detail(
          "vectors of \(device.nativeVectorWidthFloat) floats, groups of at most "
            + "\(device.maxWorkGroupSize)")
      }
    }
    for reason in rows.compactMap(\.trainingReason) + rows.compactMap(\.inferenceReason) {
      try Console.standardOutput(reason)
    }
  }

  private func detail(_ text: String) throws {
    try Console.standardOutput(cut(String(repeating: " ", count: 13) + text))
  }

  private func cut(_ line: String) -> String {
    output.verbose ? line : TextTable.cut(line, 80)
  }

  private static func json(_ row: DeviceRow) -> JSONLine {
    let device = row.device
    var line = JSONLine()
    line.add("device", row.request)
    line.add("name", device.name)
    line.add("kind", row.kind)
    line.add("vendor", device.vendor)
    line.add("platform", device.platformName)
    line.add("driver", device.driverVersion)
    line.add("compute_units", device.computeUnits)
    line.add("clock_mhz", device.clockMHz)
    line.add("global_memory_bytes", device.globalMemory)
    line.add("max_allocation_bytes", device.maxAllocation)
    line.add("local_memory_bytes", device.localMemory)
    line.add("vector_width_float", device.nativeVectorWidthFloat)
    line.add("suits", row.suits)
    line.add("train", row.trainingReason != nil)
    line.add("infer", row.inferenceReason != nil)
    if let reason = row.trainingReason { line.add("train_reason", reason) }
    if let reason = row.inferenceReason { line.add("infer_reason", reason) }
    return line
  }
}
