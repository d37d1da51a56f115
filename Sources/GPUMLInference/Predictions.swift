import GPUMLData

/// What a model says about some examples, in their order.
public struct Predictions: Sendable, Equatable {
  /// The classes' names in the order of their probabilities; empty if numbers are predicted.
  public let classNames: [String]
  /// The outputs of all examples, row by row: probabilities of the classes, or numbers.
  public let outputs: [Float]
  /// The number of outputs of one example.
  public let width: Int
  /// The number of examples.
  public let count: Int

  /// - Precondition: `outputs` are `count` rows of `width`.
  init(outputs: [Float], width: Int, count: Int, classNames: [String]) {
    self.outputs = outputs
    self.width = width
    self.count = count
    self.classNames = classNames
  }

  /// What is said about one example.
  ///
  /// - Precondition: `position` is in `0..<count`.
  public subscript(position: Int) -> Prediction {
    Prediction(
      outputs: Array(outputs[position * width..<(position + 1) * width]), classNames: classNames)
  }

  /// The class of the highest probability of each example, or its number as text.
  public var labels: [String] { (0..<count).map { self[$0].label } }
}

/// What a model says about one example.
public struct Prediction: Sendable, Equatable {
  /// A class and how probable it is.
  public struct Score: Sendable, Equatable {
    /// The class's name as it stood in the training data.
    public let label: String
    /// In 0...1.
    public let probability: Float
  }

  /// The probabilities of the classes, or the predicted numbers.
  public let outputs: [Float]
  /// The classes' names; empty if numbers are predicted.
  public let classNames: [String]

  /// The predicted number; nil if classes are predicted.
  public var value: Float? { classNames.isEmpty ? outputs.first : nil }

  /// The most probable class, or the number as text.
  public var label: String {
    if classNames.isEmpty { return outputs.map { "\($0)" }.joined(separator: " ") }
    return top(1).first?.label ?? ""
  }

  /// The index of the most probable class, of equal ones the first; nil if numbers are predicted.
  public var bestClass: Int? {
    guard !classNames.isEmpty else { return nil }
    var best = 0
    for place in outputs.indices where outputs[place] > outputs[best] { best = place }
    return best
  }

  /// The most probable classes, the most probable first; equal ones in the order of the classes.
  public func top(_ count: Int) -> [Score] {
    guard let best = bestClass else { return [] }
    if count == 1 {
      return [Score(label: classNames[best], probability: outputs[best])]
    }
    return outputs.indices.sorted { (outputs[$1], $0) < (outputs[$0], $1) }
      .prefix(max(0, count))
      .map { Score(label: classNames[$0], probability: outputs[$0]) }
  }
}
