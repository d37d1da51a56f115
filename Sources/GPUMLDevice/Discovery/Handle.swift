/// The driver's handle of a platform or a device: an identity that lives as long as the process.
struct Handle: @unchecked Sendable, Hashable {  // an address that is never freed nor changed
  let pointer: OpaquePointer
}
