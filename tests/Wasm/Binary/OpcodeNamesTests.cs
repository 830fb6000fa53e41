using LazyOC.Wasm.Binary;

namespace LazyOC.Wasm.Tests.Binary;

public sealed class OpcodeNamesTests
{
    [Theory]
    [InlineData((int)Opcode.Unreachable, "unreachable")]
    [InlineData((int)Opcode.BrIf, "br_if")]
    [InlineData((int)Opcode.CallIndirect, "call_indirect")]
    [InlineData((int)Opcode.LocalGet, "local.get")]
    [InlineData((int)Opcode.I64Load32U, "i64.load32_u")]
    [InlineData((int)Opcode.I32TruncSatF64S, "i32.trunc_sat_f64_s")]
    [InlineData((int)Opcode.RefIsNull, "ref.is_null")]
    [InlineData((int)Opcode.MemoryCopy, "memory.copy")]
    [InlineData((int)Opcode.SelectTyped, "select")]
    public void Text_Instruction_IsTheNameOfTheTextFormat(int opcode, string name) =>
        Assert.Equal(name, ((Opcode)opcode).Text());
}
