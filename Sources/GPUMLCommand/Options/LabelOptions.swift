import ArgumentParser
import GPUML

/// What of a source is to be predicted.
struct LabelOptions: ParsableArguments {
  @Option(help: ArgumentHelp("The column to predict; the last by default.", valueName: "column"))
  var target: String?

  @Option(help: ArgumentHelp("The labels of an NPY or IDX file, as another.", valueName: "file"))
  var labels: String?

  @Option(help: ArgumentHelp("What is predicted; auto by default.", valueName: "task"))
  var task: LearningTask?
}
