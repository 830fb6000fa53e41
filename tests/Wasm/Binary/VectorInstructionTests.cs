using LazyOC.Wasm.Binary;

namespace LazyOC.Wasm.Tests.Binary;

public sealed class VectorInstructionTests
{
    private const int Prefix = 0xFD;

    private static readonly Opcode[] Instructions = [.. Enum.GetValues<Opcode>().Where(opcode => (int)opcode >> 8 == Prefix)];

    [Fact]
    public void Instructions_AreThoseOfTheSpecification()
    {
        Assert.Equal(236, Instructions.Length);
        Assert.Equal(236, Instructions.Distinct().Count());
    }

    [Fact]
    public void Immediates_OfEachNumber_ExistExactlyForInstructions()
    {
        for (var number = 0; number <= 0xFF; number++)
        {
            var opcode = (Opcode)((Prefix << 8) | number);
            Assert.Equal(Enum.IsDefined(opcode), Immediates.Of(opcode) != Immediate.Undefined);
        }
    }

    [Fact]
    public void Signature_OfEachInstruction_FitsItsImmediates()
    {
        foreach (var opcode in Instructions)
        {
            var signature = VectorSignatures.Of(opcode);
            var immediate = Immediates.Of(opcode);
            Assert.Equal(immediate is Immediate.Lane or Immediate.Lanes or Immediate.MemoryArgumentAndLane, signature.Lanes > 0);
            if (immediate is Immediate.MemoryArgument or Immediate.MemoryArgumentAndLane)
                Assert.Equal(ValType.I32, signature.Operands[0]);
            else
                Assert.NotNull(signature.Result);
        }
    }

    [Theory]
    [InlineData((int)Opcode.V128Load8x8S, "v128.load8x8_s")]
    [InlineData((int)Opcode.V128Store64Lane, "v128.store64_lane")]
    [InlineData((int)Opcode.I8x16ExtractLaneU, "i8x16.extract_lane_u")]
    [InlineData((int)Opcode.I16x8Q15mulrSatS, "i16x8.q15mulr_sat_s")]
    [InlineData((int)Opcode.I32x4ExtaddPairwiseI16x8U, "i32x4.extadd_pairwise_i16x8_u")]
    [InlineData((int)Opcode.F32x4DemoteF64x2Zero, "f32x4.demote_f64x2_zero")]
    public void Text_OfAnInstruction_IsTheNameOfTheTextFormat(int opcode, string name) =>
        Assert.Equal(name, ((Opcode)opcode).Text());
}
