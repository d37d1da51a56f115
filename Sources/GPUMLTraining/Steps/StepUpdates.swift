import GPUMLGraph

/// What a training step does to variables: the optimizer's updates, gradients that are added up, and
/// moving averages.
struct StepUpdates {
  /// The updates of a step.
  let training: [Update]
  /// Those of a batch whose gradients only add to the sums; nil where nothing is added up.
  let accumulation: [Update]?
  /// What is kept from step to step for the parameters.
  let slots: [NamedVariable]
  /// The moving average of each parameter that has one.
  let averages: [Variable: Variable]

  /// Differentiates the loss and builds the updates.
  ///
  /// - Parameters:
  ///   - parameters: What is trained.
  ///   - loss: The mean over a batch.
  ///   - count: The examples of the batch, a scalar.
  init(
    of parameters: [NamedVariable], loss: Tensor, count: Tensor, optimizer: any Optimizer,
    options: TrainStep.Options
  ) throws {
    let variables = parameters.map(\.variable)
    let sums = options.accumulates ? try GradientSums(for: variables) : nil
    // Batches may differ in size: what is added up are sums over examples, not means.
    let gradients = try gradients(
      of: sums == nil ? loss : loss * count, withRespectTo: variables.map(\.tensor))
    let totals = try sums?.adding(gradients) ?? gradients
    var scale = try sums.map { try $0.share(adding: count) }
    if let clipNorm = options.clipNorm {
      let norm = try globalNorm(of: totals)
      let clipping = try clippingScale(norm: scale.map { try norm * $0 } ?? norm, maximum: clipNorm)
      scale = try scale.map { try $0 * clipping } ?? clipping
    }
    let optimized: [Update]
    do {
      optimized = try optimizer.updates(variables, gradients: totals, scale: scale)
    } catch let error as GraphError {
      throw TrainingError.invalidConfiguration(key: "optimizer", reason: "\(error)")
    }
    let averaged =
      try options.averageDecay.map {
        try EMAUpdate(decay: $0).updates(following: optimized)
      } ?? []
    let followed = optimized.map(\.variable).filter { $0.role == .parameter }
    averages = Dictionary(
      zip(followed, averaged.map(\.variable)), uniquingKeysWith: { first, _ in first })
    training = optimized + averaged + (try sums?.resets() ?? [])
    accumulation = try sums?.additions(gradients, count)
    var slots = try StepUpdates.slots(of: optimized + averaged, for: parameters)
    if let sums {
      slots += zip(parameters, sums.gradients).map {
        NamedVariable(name: "\($0.name).gradient_sum", variable: $1)
      }
      slots.append(NamedVariable(name: "accumulated.count", variable: sums.count))
    }
    self.slots = slots
  }

  private static func slots(
    of updates: [Update], for parameters: [NamedVariable]
  ) throws -> [NamedVariable] {
    var counts: [String: Int] = [:]
    return try updates.compactMap { update in
      guard case .slot(let kind) = update.variable.role else { return nil }
      let place = counts[kind, default: 0]
      counts[kind] = place + 1
      guard place < parameters.count else {
        throw TrainingError.invalidModel(
          reason: "the optimizer keeps more slots '\(kind)' than there are parameters")
      }
      return NamedVariable(name: "\(parameters[place].name).\(kind)", variable: update.variable)
    }
  }
}

/// Gradients of several batches, added up example by example.
private struct GradientSums {
  let gradients: [Variable]
  /// The examples that were added up.
  let count: Variable

  init(for parameters: [Variable]) throws {
    gradients = try parameters.map {
      try Variable(shape: $0.shape, role: .slot(kind: "gradient_sum"))
    }
    count = try Variable(shape: [], role: .slot(kind: "example_count"))
  }

  /// The sums with those of another batch.
  func adding(_ others: [Tensor]) throws -> [Tensor] {
    try zip(gradients, others).map { try $0.tensor + $1 }
  }

  /// What the sums are multiplied with to give means, once another batch is added.
  func share(adding examples: Tensor) throws -> Tensor { try 1 / (count.tensor + examples) }

  /// Adds a batch.
  func additions(_ others: [Tensor], _ examples: Tensor) throws -> [Update] {
    try zip(gradients, adding(others)).map { Update(variable: $0, value: $1) }
      + [Update(variable: count, value: try count.tensor + examples)]
  }

  /// Begins anew.
  func resets() throws -> [Update] {
    try (gradients + [count]).map {
      Update(variable: $0, value: try Tensor.constant(0).expanded(to: [Dim]($0.shape)))
    }
  }
}
