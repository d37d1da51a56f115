extension Device {
  /// Makes PoCL offer in-thread devices, of which gpuml forms a team of threads for the CPU.
  ///
  /// On up to 16 cores a team starts and ends launches far faster than PoCL's own threads do, which
  /// halves the time of small networks. Only a program that owns its process may call this, before
  /// its first other use of OpenCL and before it starts threads: it sets `POCL_DEVICES` in the
  /// environment, unless the user has. Where PoCL is not installed it does nothing. The command
  /// `gpuml` calls it.
  ///
  /// - Returns: Whether the environment was changed.
  @discardableResult
  public static func offerTeam() throws -> Bool {
    try PoclDevices.exposeInThreadDevices() != nil
  }
}
