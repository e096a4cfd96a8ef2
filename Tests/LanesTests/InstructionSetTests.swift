import Lanes
import Testing

@Suite struct InstructionSetTests {
  @Test func thisMachineRunsWhatWasBuiltOnIt() {
    #expect(InstructionSet.missing == nil)
    let (compiled, available) = InstructionSet.features
    #expect(compiled & ~available == 0)
  }

  @Test func aMissingExtensionIsNamed() {
    #expect(InstructionSet.missing(compiled: 0b1_0111, available: 0b0111) == "AVX-512F")
    #expect(InstructionSet.missing(compiled: 0b111, available: 0) == "AVX")
    #expect(InstructionSet.missing(compiled: 0, available: 0) == nil)
    #expect(InstructionSet.missing(compiled: 0b11, available: 0b1111_1111) == nil)
  }
}
