import GPUMLData
import GPUMLDevice
import GPUMLNN
import GPUMLReport

extension RunFacts {
  /// What a run's page tells of a training that has ended.
  ///
  /// The outcome is that of the test examples if there are some and they were measured, else that
  /// of the validation examples.
  /// - Throws: Errors of the data and the device.
  init(
    _ result: TrainingResult, _ parts: PreparedData, target: String?, source: String,
    summary: ModelSummary, context: DeviceContext
  ) async throws {
    let names = parts.train.classNames
    self.init(
      isClassifying: !names.isEmpty, ending: result.ending.rawValue, bestEpoch: result.bestEpoch,
      device: result.device, seconds: result.seconds, samplesPerSecond: result.samplesPerSecond,
      data: DataFacts(
        source: source, target: target, featureShape: parts.preprocessing.featureShape,
        trainCount: parts.train.count, validationCount: parts.validation?.count ?? 0,
        testCount: parts.test?.count ?? 0, classCount: names.isEmpty ? nil : names.count),
      model: NetworkFacts(summary))
    folds = result.crossValidation.map { FoldFacts($0) }
    let measured: (OutcomeFacts.Part, Evaluation, PreparedDataset)? =
      if let test = result.test, let part = parts.test {
        (.test, test, part)
      } else if let validation = result.best?.validation, let part = parts.validation {
        (.validation, validation, part)
      } else {
        nil
      }
    guard let (part, evaluation, examples) = measured else { return }
    var examination = Examination()
    do {
      examination = try await Examination(result, on: examples, context: context)
    } catch let error as DeviceError where error.isOutOfMemory {
      // A second copy of the weights may be too much; the rest of the page is worth having.
    }
    outcome = OutcomeFacts(
      part: part, count: evaluation.count,
      metrics: evaluation.metrics(prefix: "").map { OutcomeFacts.Metric(name: $0, value: $1) },
      classes: evaluation.confusion.map { ClassFacts($0, classNames: names) },
      examined: examination.count, mistakes: examination.mistakes,
      numbers: evaluation.confusion == nil ? NumberFacts(examination.pairs) : nil)
  }
}

extension FoldFacts {
  /// The folds of a cross-validation.
  init(_ crossValidation: CrossValidation) {
    let summaries = crossValidation.summaries
    self.init(
      folds: crossValidation.folds.map { fold in
        Fold(
          bestEpoch: fold.bestEpoch,
          metrics: fold.metrics.map { OutcomeFacts.Metric(name: $0.name, value: $0.value) })
      },
      means: summaries.map { OutcomeFacts.Metric(name: $0.name, value: $0.mean) },
      deviations: summaries.map { OutcomeFacts.Metric(name: $0.name, value: $0.deviation) })
  }
}

extension NetworkFacts {
  /// The layers of a model, the first of very many.
  init(_ summary: ModelSummary) {
    self.init(
      layers: summary.rows.map {
        Layer(
          name: $0.name, kind: $0.kind, output: $0.outputShape.text, parameters: $0.parameters)
      }, parameters: summary.parameters)
  }
}
