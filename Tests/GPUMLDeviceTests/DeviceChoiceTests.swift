import Testing

@testable import GPUMLDevice

private let threaded = Device(
  madeUp: "pthread-cpu Xeon", kind: .cpu, platformName: Platform.poclName, computeUnits: 8,
  nativeVectorWidthFloat: 16, deviceIndex: 1)
private let inThread = Device(
  madeUp: "basic-cpu Xeon", kind: .cpu, platformName: Platform.poclName, computeUnits: 8,
  nativeVectorWidthFloat: 16, deviceIndex: 0)
private let team = Device(
  madeUp: "basic-cpu Xeon", kind: .cpu, platformName: Platform.poclName, computeUnits: 8,
  nativeVectorWidthFloat: 16, deviceIndex: 0, threads: 8)
private let slowCPU = Device(
  madeUp: "llvmpipe", kind: .cpu, computeUnits: 8, platformIndex: 3)
private let integrated = Device(
  madeUp: "Intel UHD", kind: .gpu, vendor: "Intel(R) Corporation", computeUnits: 96,
  clockMHz: 1300, platformIndex: 1)
private let nvidia = Device(
  madeUp: "NVIDIA H200", kind: .gpu, vendor: "NVIDIA Corporation", computeUnits: 132,
  clockMHz: 1980, extensions: ["cl_nv_device_attribute_query"], platformIndex: 2)
private let simulator = Device(
  madeUp: "Oclgrind Simulator", kind: [.cpu, .gpu, .accelerator], hasDedicatedLocalMemory: true,
  platformIndex: 4)
private let everything = Device.numberingGPUs([inThread, threaded, slowCPU, integrated, nvidia])
private let cpuOnly = [inThread, threaded, slowCPU]

private func reason(
  _ devices: [Device], _ use: DeviceChoice.Use, _ request: String?, smallBatch: Bool = false,
  environment: [String: String] = [:]
) throws -> String {
  try Device.choose(
    among: devices, for: use, request: try request.map { try DeviceRequest($0) },
    smallBatch: smallBatch, environment: environment
  ).reason
}

@Test(
  "a request chooses a device and says why",
  arguments: [
    ("auto", "training on gpu:1 NVIDIA H200: most compute of 2 GPUs"),
    ("gpu", "training on gpu:1 NVIDIA H200: most compute of 2 GPUs"),
    ("GPU:0", "training on gpu:0 Intel UHD: asked for"),
    ("gpu:1", "training on gpu:1 NVIDIA H200: asked for"),
    ("cpu", "training on cpu pthread-cpu Xeon: asked for"),
    ("opencl:0:0", "training on opencl:0:0 basic-cpu Xeon: asked for"),
    ("h200", "training on gpu:1 NVIDIA H200: asked for"),
    ("nvidia corp", "training on gpu:1 NVIDIA H200: asked for"),
    ("pthread", "training on cpu pthread-cpu Xeon: asked for"),
  ])
func requestChooses(request: String, expected: String) throws {
  #expect(try reason(everything, .training, request) == expected)
}

@Test("one GPU is the only GPU, and without one the threaded CPU trains")
func automaticTraining() throws {
  let one = Device.numberingGPUs([threaded, nvidia])
  #expect(try reason(one, .training, nil) == "training on gpu:0 NVIDIA H200: only GPU")
  #expect(
    try reason(cpuOnly, .training, nil) == "training on cpu pthread-cpu Xeon: no GPU found")
  #expect(
    try reason([inThread], .training, nil)
      == "training on opencl:0:0 basic-cpu Xeon: no GPU found")
}

@Test("only small inference batches go to the in-thread device")
func smallBatches() throws {
  #expect(
    try reason(everything, .inference, nil, smallBatch: true)
      == "inference on opencl:0:0 basic-cpu Xeon: small batches start fastest in the calling thread"
  )
  #expect(try reason(everything, .inference, nil).contains("NVIDIA"))
  #expect(try reason([threaded], .inference, nil, smallBatch: true).contains("pthread"))
  #expect(try reason(cpuOnly, .training, nil, smallBatch: true).contains("pthread"))
  #expect(try reason(everything, .inference, "gpu", smallBatch: true).contains("NVIDIA"))
}

@Test("a team of threads computes for the CPU, unless the driver's threads are more")
func teams() throws {
  #expect(
    try reason([team, threaded, slowCPU], .training, nil)
      == "training on cpu basic-cpu Xeon: no GPU found")
  #expect(try reason([team, threaded], .inference, "cpu", smallBatch: true).contains("basic"))
  #expect(try reason([team, threaded], .training, "pthread").contains("cpu pthread-cpu Xeon"))
  let many = Device(
    madeUp: "pthread-cpu Xeon", kind: .cpu, platformName: Platform.poclName, computeUnits: 64,
    nativeVectorWidthFloat: 16, deviceIndex: 1)
  #expect(try reason([team, many], .training, nil).contains("pthread"))
  #expect(try reason([team, many], .inference, nil, smallBatch: true).contains("basic"))
}

@Test("in-thread devices of one name become a team, and others stay as they are")
func formingTeams() {
  let third = Device(
    madeUp: "basic-cpu Xeon", kind: .cpu, platformName: Platform.poclName,
    nativeVectorWidthFloat: 16, deviceIndex: 2)
  let formed = Device.formingTeams([inThread, third, threaded, nvidia])
  #expect(formed.map(\.name) == [inThread.name, threaded.name, nvidia.name])
  #expect(formed.map(\.threads) == [2, 1, 1])
  #expect(formed[0].computeUnits == 2 && formed[0].isTeam)
  #expect(Device.formingTeams([inThread, threaded]) == [inThread, threaded])
}

@Test("a plain gpu falls back to the CPU with a warning that names it")
func gpuFallsBack() throws {
  let choice = try Device.choose(among: cpuOnly, for: .training, request: .gpu)
  #expect(choice.device == threaded)
  #expect(choice.warning?.contains("pthread-cpu Xeon") == true)
  #expect(try Device.choose(among: everything, for: .training, request: .gpu).warning == nil)
}

@Test(
  "what fits no device is an error without a device",
  arguments: [
    ("gpu:0", "there is no GPU"), ("opencl:7:0", "no such device"),
    ("opencl:0:9", "no such device"),
    ("voodoo", "no device has that in its name"), ("xeon", "fits several devices"),
  ])
func noSuchDevice(request: String, text: String) throws {
  let error = #expect(throws: DeviceError.self) { try reason(cpuOnly, .training, request) }
  #expect(error?.isNoDevice == true)
  #expect(error?.description.contains(text) == true)
  #expect(error?.description.contains("pthread-cpu Xeon") == true, "lists the devices")
}

@Test("a GPU that is required is not replaced", arguments: ["gpu", "auto", "cpu", "pthread"])
func requiredGPU(request: String) throws {
  let error = #expect(throws: DeviceError.self) {
    try Device.choose(
      among: cpuOnly, for: .training, request: try DeviceRequest(request), requireGPU: true)
  }
  #expect(error?.isNoDevice == true)
  let found = try Device.choose(among: everything, for: .training, requireGPU: true)
  #expect(found.device.name == "NVIDIA H200")
}

@Test(
  "malformed requests are refused",
  arguments: [
    "gpu:", "gpu:x", "gpu:-1", "gpu:+1", "gpu:1:2", "gpu:99999999999999999999", "opencl",
    "opencl:1",
    "opencl:1:", "cpu:0", "auto:1", "", "  ",
  ])
func malformedRequest(text: String) {
  let error = #expect(throws: DeviceError.self) { try DeviceRequest(text) }
  #expect(error?.isNoDevice == true)
}

@Test("GPUML_DEVICE is the default, and a request goes before it")
func environmentDefault() throws {
  let environment = ["GPUML_DEVICE": "gpu:0"]
  #expect(
    try reason(everything, .training, nil, environment: environment)
      == "training on gpu:0 Intel UHD: GPUML_DEVICE is gpu:0")
  #expect(try reason(everything, .training, "auto", environment: environment).contains("H200"))
  #expect(try reason(everything, .training, nil, environment: ["GPUML_DEVICE": ""]).contains("H2"))
  #expect(throws: DeviceError.self) {
    try reason(everything, .training, nil, environment: ["GPUML_DEVICE": "gpu:9"])
  }
}

@Test("a simulator is a CPU that uses the kernels of a GPU unless told otherwise")
func simulators() throws {
  #expect(!simulator.isGPU)
  #expect(try reason([simulator], .training, "auto").contains("Oclgrind"))
  #expect(try KernelFamily(for: simulator, environment: [:]) == .gpu)
  #expect(try KernelFamily(for: simulator, environment: ["GPUML_KERNELS": "cpu"]) == .cpu)
  #expect(try KernelFamily(for: threaded, environment: [:]) == .cpu)
  #expect(try KernelFamily(for: threaded, environment: ["GPUML_KERNELS": "gpu"]) == .gpu)
  #expect(try KernelFamily(for: nvidia, environment: [:]) == .gpu)
  #expect(throws: DeviceError.self) {
    try KernelFamily(for: nvidia, environment: ["GPUML_KERNELS": "GPU"])
  }
}

@Test("the table of devices names each once and marks the choices")
func deviceRows() throws {
  let rows = try DeviceRow.rows(for: everything, environment: [:])
  #expect(rows.map(\.request) == ["opencl:0:0", "cpu", "opencl:3:0", "gpu:0", "gpu:1"])
  #expect(rows.map { $0.trainingReason != nil } == [false, false, false, false, true])
  for row in rows {
    let found = try Device.choose(
      among: everything, for: .training, request: try DeviceRequest(row.request))
    #expect(found.device == row.device)
  }
}

@Test("PoCL's devices go by the names of its version, else by none")
func poclNames() {
  #expect(
    PoclDevices.values(forPlatformVersion: "OpenCL 3.0 PoCL 3.1+debian", threads: 2).first
      == "pthread basic basic")
  #expect(
    PoclDevices.values(forPlatformVersion: "OpenCL 3.0 PoCL 6.0 Linux", threads: 1).first
      == "cpu cpu-minimal")
  var last: String?? = nil
  let none = PoclDevices.expose(["a", "b"], set: { last = .some($0) }, hasDevice: { false })
  #expect(none == nil && last == .some(nil))
  #expect(
    PoclDevices.expose(["a", "b"], set: { last = .some($0) }, hasDevice: { last == "b" }) == "b")
  #expect(last == "b")
}
