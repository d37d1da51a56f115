import GPUML
import GPUMLSystem

/// What a training would be, without running it.
struct DryRunReport {
  private let run: TrainingRun
  private let summary: ModelSummary
  private let cost: TrainingCost

  init(_ run: TrainingRun) async throws {
    self.run = run
    summary = try run.summary()
    cost = try await run.cost()
  }

  func print(asJSON: Bool) throws {
    if asJSON { return try json().print() }
    try Console.standardOutput(summary.description)
    try Console.standardOutput("")
    for line in lines { try Console.standardOutput(line) }
  }

  private var lines: [String] {
    var rows = [
      ("device", run.choice.device.name),
      (
        "examples",
        "\(cost.exampleCount), batches of \(cost.batchSize): "
          + "\(cost.stepsPerEpoch) steps an epoch"
      ),
    ]
    if let step = cost.operationsPerStep, let example = cost.operationsPerExample {
      rows.append(
        (
          "products",
          "\(ProgressBar.short(Double(step))) FLOP a step, "
            + "\(ProgressBar.short(Double(example))) to predict an example"
        ))
    }
    rows += [
      ("weights", ByteCount.text(cost.variableBytes)),
      ("optimizer", ByteCount.text(cost.slotBytes)),
      ("gradients", ByteCount.text(cost.gradientBytes)),
      ("activations", ByteCount.text(cost.workBytes)),
      ("batches", ByteCount.text(cost.transferBytes)),
      ("in all", "\(ByteCount.text(cost.deviceBytes)) of the device's memory"),
    ]
    return rows.map { name, value in
      name + String(repeating: " ", count: max(1, 13 - name.count)) + value
    }
  }

  private func json() -> JSONLine {
    var line = JSONLine(event: "plan")
    line.add("device", run.choice.device.name)
    line.add("parameters", summary.parameters)
    line.add("examples", cost.exampleCount)
    line.add("batch_size", cost.batchSize)
    line.add("steps_per_epoch", cost.stepsPerEpoch)
    if let flops = cost.operationsPerStep { line.add("flops_per_step", flops) }
    if let flops = cost.operationsPerExample { line.add("flops_per_example", flops) }
    line.add("weight_bytes", cost.variableBytes)
    line.add("optimizer_bytes", cost.slotBytes)
    line.add("gradient_bytes", cost.gradientBytes)
    line.add("work_bytes", cost.workBytes)
    line.add("transfer_bytes", cost.transferBytes)
    line.add("device_bytes", cost.deviceBytes)
    return line
  }
}
