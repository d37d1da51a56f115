import GPUMLGraph
import GPUMLSystem

/// A folder with images and labels in the four IDX files of MNIST, gzip-compressed or not.
enum MNISTFolder {
  /// Reads the training part and, if it is there, the test part.
  ///
  /// - Parameter classes: The classes there are; nil to count those of the training labels.
  /// - Throws: `DataError`.
  static func read(
    _ folder: String, classes: [String]? = nil
  ) throws -> (train: Dataset, test: Dataset?) {
    guard let images = try find("train-images-idx3-ubyte", in: folder) else {
      throw DataError.malformed(
        file: folder, line: nil,
        reason: "is a folder without train-images-idx3-ubyte[.gz]: no MNIST files here")
    }
    let train = try part(images, "train-labels-idx1-ubyte", in: folder, classes: classes)
    guard let testImages = try find("t10k-images-idx3-ubyte", in: folder) else {
      return (train, nil)
    }
    let test = try part(
      testImages, "t10k-labels-idx1-ubyte", in: folder, classes: train.classNames)
    guard test.featureShape == train.featureShape else {
      throw DataError.malformed(
        file: testImages, line: nil,
        reason: "examples of shape \(test.featureShape) where the training examples are of shape "
          + "\(train.featureShape)")
    }
    return (train, test)
  }

  private static func part(
    _ images: String, _ labelsName: String, in folder: String, classes: [String]?
  ) throws -> Dataset {
    guard let labels = try find(labelsName, in: folder) else {
      throw DataError.missing(file: "\(folder)/\(labelsName)[.gz]")
    }
    return try Dataset.from(
      try IDXFile.read(images), file: images, addsChannel: true,
      labels: (try IDXFile.read(labels), labels), classes: classes, task: .classification)
  }

  private static func find(_ name: String, in folder: String) throws(DataError) -> String? {
    for path in ["\(folder)/\(name)", "\(folder)/\(name).gz"] {
      let kind = try DataError.wrapping { () throws(SystemError) in try FileBytes.kind(of: path) }
      if kind != nil { return path }
    }
    return nil
  }
}
