import CLanes

/// The instructions of the processor that the vector code was compiled for, compared with those of the one it runs on.
public enum InstructionSet {
  /// The first extension that the vector code uses and this processor lacks; `nil` where it has them all. Vector code that runs
  /// without it ends the program with an illegal instruction.
  public static var missing: String? {
    missing(compiled: clanes_compiled_features(), available: clanes_available_features())
  }

  package static func missing(compiled: UInt32, available: UInt32) -> String? {
    clanes_missing_feature(compiled, available).map { String(cString: $0) }
  }

  /// Extensions as bits, those of the build and those of the machine.
  package static var features: (compiled: UInt32, available: UInt32) {
    (clanes_compiled_features(), clanes_available_features())
  }
}
