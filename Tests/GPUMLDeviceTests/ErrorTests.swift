import Testing

@testable import GPUMLDevice

@Test("a failed call names itself, the code and the object")
func callFailure() throws {
  let context = try testContext()
  let program = try context.programs.program(source: TestSource.add, options: "", label: "add.cl")
  let error = #expect(throws: DeviceError.self) { try program.kernel("subtract") }
  #expect(
    error?.description
      == "clCreateKernel failed with CL_INVALID_KERNEL_NAME (-46) (kernel subtract of add.cl)")
  #expect(error?.isOutOfMemory == false && error?.isNoDevice == false)
  let kernel = try program.kernel("add")
  let argument = #expect(throws: DeviceError.self) { try kernel.setArgument(9, value: Int32(1)) }
  #expect(argument?.description.contains("argument 9 of kernel add") == true)
  #expect(throws: DeviceError.self) { try kernel.setArgument(-1, value: Int32(1)) }
  #expect(throws: DeviceError.self) { try kernel.setLocalArgument(0, byteCount: 0) }
}

@Test("a device that is asked for by a long text is told in short, on one line")
func longRequest() {
  let request = "\n" + String(repeating: "x", count: 5000)
  let text = DeviceError.noSuchDevice(request: request, reason: "no such device").description
  #expect(text.hasPrefix("device '\\nxxx") && text.count < 200)
}

@Test("a launch with bad sizes names the kernel and the sizes")
func badLaunch() throws {
  let context = try testContext()
  let program = try context.programs.program(source: TestSource.add, options: "", label: "add")
  let kernel = try program.kernel("scale")
  let buffer = try context.pool.allocate(64, label: "a")
  try kernel.setArgument(0, buffer: buffer)
  try kernel.setArgument(1, value: Float(1))
  try kernel.setArgument(2, value: Int32(1))
  let queue = context.computeQueue
  let groups = #expect(throws: DeviceError.self) {
    try queue.enqueue(kernel, global: WorkSize(4), local: WorkSize(1 << 30))
  }
  #expect(groups?.description.contains("kernel scale, work size 4 in groups of") == true)
  #expect(throws: DeviceError.self) { try queue.enqueue(kernel, global: WorkSize(-4)) }
  #expect(throws: DeviceError.self) {
    try queue.enqueue(kernel, global: WorkSize(4), local: WorkSize(2, 2))
  }
}

@Test("a build error carries the source's name and the compiler's log")
func buildFailure() throws {
  let context = try testContext()
  let error = #expect(throws: DeviceError.self) {
    try context.programs.program(
      source: "kernel void k(global float *a) {\n  a[0] = nonsense;\n}", options: "",
      label: "bad.cl")
  }
  #expect(error?.buildLog?.contains("nonsense") == true)
  #expect(error?.description.contains("bad.cl") == true)
  #expect(error?.description.contains("\n") == false)
}

@Test("a build error names the part of the source that it lies in")
func buildFailureNamesPart() throws {
  let context = try testContext()
  // Oclgrind counts lines of the whole text and names no part.
  guard context.device.platformName != "Oclgrind" else { return }
  let error = #expect(throws: DeviceError.self) {
    try context.programs.program(
      source: """
        #line 1 "Good/good_cpu"
        kernel void good(global float *a) { a[0] = 1; }
        #line 1 "Bad/bad_cpu"
        kernel void bad(global float *a) {
          a[0] = nonsense;
        }
        #line 1 "Bad/bad"
        kernel void after(global float *a) { a[0] = 2; }
        """, options: "", label: "Good/good_cpu, Bad/bad_cpu")
  }
  guard case .buildFailed(_, let kernel, _) = error else {
    Issue.record("\(String(describing: error))")
    return
  }
  #expect(kernel == "Bad/bad_cpu")
  #expect(error?.description.contains("kernel Bad/bad_cpu does not build") == true)
  #expect(error?.description.contains("Bad/bad_cpu:2:") == true)
}

@Test(
  "the part with the first error is told from logs of all kinds",
  arguments: [
    ("A/a:1:1: warning: x\nB/b:2:7: error: y\nA/a:3:1: error: z", "B/b"),
    ("error: A/a:2:7: y", "A/a"), ("B/b, generated:1:1: error: y", "B/b, generated"),
    ("input.cl:2:7: error: y", nil), ("", nil),
  ] as [(String, String?)])
func failedPart(log: String, expected: String?) {
  let source = "#line 1 \"A/a\"\nx\n#line 1 \"B/b, generated\"\ny\n#line 1 \"B/b\"\nz"
  #expect(DeviceError.failedPart(of: source, log: log) == expected)
}

@Test(
  "transfers outside a buffer are refused",
  arguments: [
    (60, 8), (-1, 4), (64, 1), (Int.max, 1), (0, -1), (0, Int.max),
  ])
func transferRange(offset: Int, count: Int) throws {
  let context = try testContext()
  let buffer = try context.pool.allocate(64, label: "logits")
  let host = try HostBuffer(byteCount: 64)
  let queue = context.computeQueue
  let error = #expect(throws: DeviceError.self) {
    try queue.read(buffer, as: Int64.self, count: count, offset: offset)
  }
  #expect(error?.description.contains("logits") == true)
  #expect(throws: DeviceError.self) {
    try queue.read(buffer, offset: offset, into: host, byteCount: count)
  }
  #expect(throws: DeviceError.self) {
    try queue.write(from: host, hostOffset: offset, to: buffer, byteCount: count)
  }
  #expect(throws: DeviceError.self) { try host.array(of: Int64.self, count: count, at: offset) }
  #expect(throws: DeviceError.self) {
    try queue.fill(buffer, with: UInt8(0), offset: offset, byteCount: count)
  }
}

@Test(
  "codes are classified for the exit code",
  arguments: [
    (Int32(-4), true, false), (-5, true, false), (-6, true, false), (-36, false, false),
    (-1, false, true), (-1001, false, true), (-9999, false, false),
  ])
func classification(code: Int32, memory: Bool, device: Bool) {
  let error = DeviceError.callFailed(call: "clCall", code: code, subject: "")
  #expect(error.isOutOfMemory == memory && error.isNoDevice == device)
  #expect(error.description.contains("(\(code))") || code == -9999)
}

@Test("a made-up device opens no context, and limits are positive")
func badContexts() throws {
  #expect(throws: DeviceError.self) {
    try DeviceContext(device: Device(madeUp: "paper", kind: .gpu), environment: [:])
  }
  let device = try Device.select(for: .training, environment: [:]).device
  for limit in [0, -1] {
    #expect(throws: DeviceError.self) { try DeviceContext(device: device, memoryLimit: limit) }
  }
  #expect(throws: DeviceError.self) {
    try DeviceContext(device: device, environment: ["GPUML_KERNELS": "fpga"])
  }
}
