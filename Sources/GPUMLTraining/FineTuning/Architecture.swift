import GPUMLNN
import GPUMLYAML

/// What a model's file tells of its network beside the graph.
enum Architecture {
  private static let center = "target_center"
  private static let scale = "target_scale"

  /// As JSON; nil for a network of layers that have no names.
  static func text(_ layers: LayerList?, _ scaling: TargetScaling?) -> String? {
    layers.map { layers in
      let target =
        scaling.map { ",\"\(center)\":\($0.center),\"\(scale)\":\($0.scale)" } ?? ""
      return "{\"layers\":\(layers.json)\(target)}"
    }
  }

  static func read(
    _ text: String, path: String
  ) throws(YAMLDocument.Failure) -> (LayerList?, TargetScaling?) {
    // JSON is YAML.
    let pairs = try YAMLDocument.pairs(text)
    func number(_ key: String) -> Double? {
      guard case .scalar(let text)? = pairs.first(where: { $0.key == key })?.value.content else {
        return nil
      }
      return Double(text)
    }
    let layers = LayerList(try LayerList(pairs, path: path).layers)
    guard let center = number(center), let scale = number(scale) else { return (layers, nil) }
    return (layers, TargetScaling(center: center, scale: scale))
  }
}
