using LazyOC.Fuzz;
using LazyOC.Fuzz.Wasm.Differential;
using LazyOC.Wasm.Tests.Execution;

namespace LazyOC.Wasm.Tests.Fuzzing;

public sealed class CodeRewriterTests
{
    [Theory]
    [InlineData("arithmetic")]
    [InlineData("control")]
    [InlineData("every-group")]
    [InlineData("memory")]
    [InlineData("tables")]
    public void Rewrite_OfAValidModule_IsValid(string fixture)
    {
        var module = Fixture.Bytes(fixture);

        for (var seed = 1; seed < 20; seed++)
        {
            WasmModule.Load(CodeRewriter.Rewrite(module, canonical: seed % 2 == 0, new SeededRandom(seed)));
            WasmModule.Load(CodeRewriter.Canonicalize(module));
        }
    }

    [Fact]
    public void Canonicalize_WhereTheBitsOfANaNAreSeen_MakesThemTheCanonicalOnes()
    {
        var before = Reinterpret(Fixture.Bytes("nan-bits"));
        var after = Reinterpret(CodeRewriter.Canonicalize(Fixture.Bytes("nan-bits")));

        Assert.NotEqual(0x7FC0_0000, before(BitConverter.Int32BitsToSingle(0x7FC0_1234)));
        Assert.Equal(0x7FC0_0000, after(BitConverter.Int32BitsToSingle(0x7FC0_1234)));
        Assert.Equal(0x3F80_0000, after(1f));
    }

    [Fact]
    public void Reduce_OfAModule_LeavesTheBodiesThatMatter()
    {
        var module = Fixture.Bytes("control");
        static bool StillSwitches(byte[] bytes)
        {
            using var instance = WasmModule.Load(bytes).Instantiate(new WasmLinker());
            try
            {
                return instance.GetFunction<Func<int, int>>("switch")(1) == 101;
            }
            catch (TrapException)
            {
                return false;
            }
        }

        var reduced = ModuleReducer.Reduce(module, StillSwitches);

        Assert.True(StillSwitches(reduced));
        Assert.True(reduced.Length < module.Length - 100);
    }

    private static Func<float, int> Reinterpret(byte[] module) =>
        WasmModule.Load(module).Instantiate(new WasmLinker()).GetFunction<Func<float, int>>("bits");
}
