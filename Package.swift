// swift-tools-version: 6.2
import PackageDescription

// Warnings are errors where the checks run; a user's newer compiler may warn without breaking.
let warnings: [SwiftSetting] =
  Context.environment["GPUML_WARNINGS_AS_ERRORS"] == nil ? [] : [.treatAllWarnings(as: .error)]

// The float64 reference is what tests wait for, and unoptimised it takes twenty times as long.
let reference: [SwiftSetting] =
  Context.environment["GPUML_OPTIMIZED_REFERENCE"] == nil ? [] : [.unsafeFlags(["-O"])]

func library(
  _ name: String, _ dependencies: [Target.Dependency], _ settings: [SwiftSetting] = []
) -> Target {
  .target(name: name, dependencies: dependencies, swiftSettings: warnings + settings)
}

func tests(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
  .testTarget(name: name + "Tests", dependencies: dependencies, swiftSettings: warnings)
}

let package = Package(
  name: "gpuml",
  products: [
    .library(name: "GPUML", targets: ["GPUML"]),
    .library(name: "GPUMLDatabase", targets: ["GPUMLDatabase"]),
    .executable(name: "gpuml", targets: ["GPUMLCommand"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
  ],
  targets: [
    .systemLibrary(
      name: "COpenCL", pkgConfig: "OpenCL", providers: [.apt(["ocl-icd-opencl-dev"])]),
    .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
    .target(name: "CBuiltinData", exclude: ["digits.csv.gz", "README.md"]),
    .target(
      name: "GPUMLKernels", path: "Kernels",
      exclude: ["Prelude", "MatMul", "Elementwise", "Reduce", "Loss", "Optimizer", "Layout"]),
    library("GPUMLSystem", ["CZlib"]),
    library("GPUMLDevice", ["COpenCL", "GPUMLSystem"]),
    library("GPUMLGraph", []),
    library("GPUMLReference", ["GPUMLGraph"], reference),
    library(
      "GPUMLRuntime",
      ["GPUMLDevice", "GPUMLGraph", "GPUMLKernels", "GPUMLReference", "GPUMLSystem"]),
    library("GPUMLJSON", ["GPUMLSystem"]),
    library("GPUMLYAML", ["GPUMLSystem", "Yams"]),
    library("GPUMLNN", ["GPUMLGraph", "GPUMLSystem", "GPUMLYAML"]),
    library("GPUMLData", ["GPUMLGraph", "GPUMLJSON", "GPUMLSystem", "CBuiltinData"]),
    library(
      "GPUMLDatabase",
      ["GPUMLData", "GPUMLSystem", .product(name: "GRDB", package: "GRDB.swift")]),
    library("GPUMLFormats", ["GPUMLGraph", "GPUMLJSON", "GPUMLSystem"]),
    library("GPUMLReport", ["GPUMLData", "GPUMLNN", "GPUMLSystem"]),
    library(
      "GPUMLTraining",
      [
        "GPUMLDevice", "GPUMLGraph", "GPUMLRuntime", "GPUMLNN", "GPUMLData", "GPUMLFormats",
        "GPUMLReport", "GPUMLSystem", "GPUMLYAML",
      ]),
    library(
      "GPUMLInference",
      ["GPUMLDevice", "GPUMLGraph", "GPUMLRuntime", "GPUMLData", "GPUMLFormats", "GPUMLSystem"]),
    library(
      "GPUML",
      [
        "GPUMLDevice", "GPUMLGraph", "GPUMLRuntime", "GPUMLNN", "GPUMLData", "GPUMLFormats",
        "GPUMLReport", "GPUMLTraining", "GPUMLInference",
      ]),
    .executableTarget(
      name: "GPUMLCommand",
      dependencies: [
        "GPUML", "GPUMLDatabase", "GPUMLFormats", "GPUMLReference", "GPUMLSystem", "GPUMLYAML",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: warnings),
    .target(
      name: "TestSupport", dependencies: ["CZlib"], path: "Tests/TestSupport",
      swiftSettings: warnings),
    .target(
      name: "DatabaseSupport", dependencies: [.product(name: "GRDB", package: "GRDB.swift")],
      path: "Tests/DatabaseSupport", swiftSettings: warnings),
    tests("GPUMLSystem", ["GPUMLSystem", "TestSupport"]),
    tests("GPUMLDevice", ["GPUMLDevice"]),
    tests("GPUMLYAML", ["GPUMLSystem", "GPUMLYAML"]),
    .testTarget(
      name: "GPUMLGraphTests", dependencies: ["GPUMLGraph"], exclude: ["Golden"],
      swiftSettings: warnings),
    tests("GPUMLNN", ["GPUMLGraph", "GPUMLNN", "GPUMLReference", "TestSupport"]),
    .testTarget(
      name: "GPUMLReferenceTests", dependencies: ["GPUMLGraph", "GPUMLReference"],
      exclude: ["Expected"], swiftSettings: warnings),
    tests("GPUMLRuntime", ["GPUMLDevice", "GPUMLGraph", "GPUMLReference", "GPUMLRuntime"]),
    tests("GPUMLData", ["GPUMLData", "GPUMLGraph", "GPUMLSystem", "TestSupport"]),
    tests(
      "GPUMLDatabase",
      ["DatabaseSupport", "GPUMLData", "GPUMLDatabase", "GPUMLSystem", "TestSupport"]),
    tests("GPUMLFormats", ["GPUMLFormats", "GPUMLGraph"]),
    tests("GPUMLReport", ["GPUMLData", "GPUMLReport", "TestSupport"]),
    tests(
      "GPUMLTraining",
      [
        "GPUMLData", "GPUMLDevice", "GPUMLFormats", "GPUMLGraph", "GPUMLNN", "GPUMLReference",
        "GPUMLReport", "GPUMLRuntime", "GPUMLTraining",
      ]),
    .testTarget(
      name: "GPUMLInferenceTests",
      dependencies: ["GPUML", "GPUMLInference", "GPUMLSystem", "TestSupport"],
      exclude: ["Golden"], swiftSettings: warnings),
    // It runs the executable, which must therefore be built.
    tests(
      "GPUMLCommand",
      [
        "DatabaseSupport", "GPUML", "GPUMLCommand", "GPUMLFormats", "GPUMLReference",
        "GPUMLRuntime", "GPUMLTraining", "TestSupport",
      ]),
  ],
  swiftLanguageModes: [.v6],
  cLanguageStandard: .c2x
)

// The fuzzers of Scripts/check-parsers, which no other build has to do with.
if Context.environment["GPUML_FUZZERS"] != nil {
  package.targets.append(
    .executableTarget(
      name: "ParserFuzzer",
      dependencies: [
        "GPUMLData", "GPUMLDevice", "GPUMLFormats", "GPUMLGraph", "GPUMLInference", "GPUMLJSON",
        "GPUMLNN", "GPUMLReference", "GPUMLSystem", "GPUMLTraining", "TestSupport",
      ],
      path: "Tests/ParserFuzzer", swiftSettings: warnings))
}
