using System.Runtime.Intrinsics;

namespace LazyOC.Wasm.Tests.Execution;

/// <summary>Vectors as values: between host and guest, in variables, in blocks, in memory.</summary>
public sealed class VectorValueTests : IDisposable
{
    private static readonly Vector128<byte> Counting = Vector128.CreateSequence<byte>(0, 1);
    private static readonly Vector128<byte> Threes = Vector128.Create(3).AsByte();

    private readonly WasmGlobal _shared = new(ValType.V128, isMutable: true, Threes);
    private readonly WasmGlobal _number = new(ValType.I32, isMutable: true, 1);
    private readonly WasmInstance _instance;

    public VectorValueTests() => _instance = Fixture.Load("vectors").Instantiate(Linker());

    public void Dispose() => _instance.Dispose();

    private Func<Vector128<byte>, int, Vector128<byte>> Add => _instance.GetFunction<Func<Vector128<byte>, int, Vector128<byte>>>("add");

    [Fact]
    public void HostFunction_OfVectors_IsCalledWithThem()
    {
        Assert.Equal(Vector128.Create(8).AsByte(), Add(Threes, 5));
        Assert.Equal([Vector128.Create(8).AsByte()], _instance.GetFunction("add")!.Invoke(Threes, 5));
        Assert.Equal((Counting, 0x0706050403020100), _instance.GetFunction<Func<Vector128<byte>, (Vector128<byte>, long)>>("both")(Counting));
        Assert.Equal([Counting, 0x0706050403020100], _instance.GetFunction("both")!.Invoke(Counting));
        Assert.Equal(Vector128.Create((byte)9), _instance.GetFunction<Func<Vector128<byte>, int, Vector128<byte>>>("boxed")(Counting, 9));
    }

    [Fact]
    public void Invoke_WithAVectorOfAnotherLane_IsRefused() =>
        Assert.Throws<ArgumentException>(() => _instance.GetFunction("add")!.Invoke(Vector128.Create(3), 5));

    [Fact]
    public void CallIndirect_OfAFunctionOfVectors_CallsIt() =>
        Assert.Equal(Vector128.CreateSequence<byte>(15, unchecked((byte)-1)), Unary("indirect")(Counting));

    [Fact]
    public void Globals_OfVectors_DoNotTouchTheirNeighbours()
    {
        var (own, copy) = _instance.GetFunction<Func<Vector128<byte>, (Vector128<byte>, Vector128<byte>)>>("globals")(Threes);

        Assert.Equal(Vector128.Create(6).AsByte(), own);
        Assert.Equal(Counting, copy);
        Assert.Equal(Threes, _shared.Value);
        Assert.Equal(5, _number.Value);
        Assert.Equal(own, _instance.GetGlobal("own")!.Value);
        Assert.Equal(8L, _instance.GetGlobal("after")!.Value);
    }

    [Fact]
    public void Global_OfVectors_IsSetByTheHost()
    {
        _instance.GetGlobal("own")!.Value = Counting;
        _shared.Value = Counting;

        Assert.Equal(Counting, _instance.GetGlobal("own")!.Value);
        Assert.Equal(7L, _instance.GetGlobal("after")!.Value);
        Assert.Throws<ArgumentException>(() => _shared.Value = Vector128.Create(1L));
    }

    [Theory]
    [InlineData(0, 3)]
    [InlineData(1, 2)]
    public void Locals_OfVectors_KeepTheirValues(int condition, byte expected) =>
        Assert.Equal(
            Vector128.Create(expected),
            _instance.GetFunction<Func<Vector128<byte>, int, Vector128<byte>>>("locals")(Vector128.Create((byte)3), condition));

    [Fact]
    public void Local_ThatIsNotSet_IsZero() =>
        Assert.Equal(Vector128<byte>.Zero, _instance.GetFunction<Func<Vector128<byte>>>("unset")());

    [Fact]
    public void Loop_WithAVectorAsParameter_CarriesItRound() =>
        Assert.Equal(Vector128.Create(30).AsByte(), _instance.GetFunction<Func<Vector128<byte>, int, Vector128<byte>>>("sum")(Threes, 10));

    [Theory]
    [InlineData("select")]
    [InlineData("select_typed")]
    public void Select_OfVectors_ChoosesOne(string function)
    {
        var select = _instance.GetFunction<Func<Vector128<byte>, Vector128<byte>, int, Vector128<byte>>>(function);

        Assert.Equal(Counting, select(Counting, Threes, -1));
        Assert.Equal(Threes, select(Counting, Threes, 0));
    }

    [Fact]
    public void Operands_AreThoseBeforeALocalWasSet()
    {
        var replaced = _instance.GetFunction<Func<Vector128<byte>, Vector128<byte>, Vector128<byte>>>("replaced");

        // (a ∧ ¬b) ∨ (b ∧ b)
        Assert.Equal(Counting | Threes, replaced(Counting, Threes));
    }

    [Theory]
    [InlineData("load")]
    [InlineData("load_then_more")]
    public void Load_AtTheEnd_WorksUpToTheLastByte(string function)
    {
        var load = _instance.GetFunction<Func<int, Vector128<byte>>>(function);
        _instance.Memory.Write(WasmMemory.PageBytes - 16, Counting);

        Assert.Equal(Counting, load(WasmMemory.PageBytes - 16));
        Assert.Equal(TrapCode.MemoryOutOfBounds, Fixture.Trap(() => load(WasmMemory.PageBytes - 15)).Code);
        Assert.Equal(TrapCode.MemoryOutOfBounds, Fixture.Trap(() => load(-16)).Code);
    }

    [Fact]
    public void LoadLane_AtTheEnd_ReplacesOneLane()
    {
        var load = _instance.GetFunction<Func<int, Vector128<byte>, Vector128<byte>>>("load_lane");
        _instance.Memory.Write(WasmMemory.PageBytes - 2, (ushort)0xABCD);

        Assert.Equal(Counting.AsUInt16().WithElement(3, (ushort)0xABCD).AsByte(), load(WasmMemory.PageBytes - 2, Counting));
        Assert.Equal(TrapCode.MemoryOutOfBounds, Fixture.Trap(() => load(WasmMemory.PageBytes - 1, Counting)).Code);
        Assert.Equal(
            Counting.AsInt32().WithElement(1, 0).AsByte(),
            _instance.GetFunction<Func<int, Vector128<byte>, Vector128<byte>>>("load_lane_of_itself")(0, Counting));
    }

    [Fact]
    public void Store_OutOfBounds_ChangesNothing()
    {
        var store = _instance.GetFunction<Action<int, Vector128<byte>>>("store");

        Assert.Equal(TrapCode.MemoryOutOfBounds, Fixture.Trap(() => store(WasmMemory.PageBytes - 15, Threes)).Code);
        Assert.Equal(0, _instance.Memory.Read<int>(WasmMemory.PageBytes - 4));
        store(WasmMemory.PageBytes - 16, Threes);
        Assert.Equal(Threes, _instance.Memory.Read<Vector128<byte>>(WasmMemory.PageBytes - 16));
    }

    [Fact]
    public void StoreLane_AtTheEnd_WritesOneLane()
    {
        var store = _instance.GetFunction<Action<int, Vector128<byte>>>("store_lane");

        store(WasmMemory.PageBytes - 4, Counting);

        Assert.Equal(0x0B0A0908L << 32, _instance.Memory.Read<long>(WasmMemory.PageBytes - 8));
        Assert.Equal(TrapCode.MemoryOutOfBounds, Fixture.Trap(() => store(WasmMemory.PageBytes - 3, Counting)).Code);
    }

    /// <summary>A signalling NaN comes out quiet of every arithmetic instruction, even one that changes no number.</summary>
    [Theory]
    [InlineData("mul_one", 0x7FA0_0001_7FA0_0001, 0x7FE0_0001_7FE0_0001)]
    [InlineData("sub_zero", 0x7FF4_0000_0000_0001, 0x7FFC_0000_0000_0001)]
    [InlineData("add_minus_zero", 0x7FF4_0000_0000_0001, 0x7FFC_0000_0000_0001)]
    [InlineData("div_one", 0x7FF4_0000_0000_0001, 0x7FFC_0000_0000_0001)]
    [InlineData("add_nan", 0, 0x7FC0_0001_7FC0_0001)]
    [InlineData("add_minus_zero", 0, 0)]
    [InlineData("sub_zero", long.MinValue, long.MinValue)]
    public void Arithmetic_WithAConstantThatChangesNothing_QuietensNaN(string function, long lanes, long expected) =>
        Assert.Equal(Vector128.Create(expected).AsByte(), Unary(function)(Vector128.Create(lanes).AsByte()));

    private Func<Vector128<byte>, Vector128<byte>> Unary(string function) =>
        _instance.GetFunction<Func<Vector128<byte>, Vector128<byte>>>(function);

    private WasmLinker Linker() => new WasmLinker()
        .Define("env", "add", (Vector128<byte> vector, int number) => (vector.AsInt32() + Vector128.Create(number)).AsByte())
        .Define("env", "both", (Vector128<byte> vector) => (vector, vector.AsInt64()[0]))
        .Define("env", "boxed", new FunctionType([ValType.V128, ValType.I32], [ValType.V128]), (_, arguments) => [Vector128.Create((byte)(int)arguments[1]!)])
        .Define("env", "shared", _shared)
        .Define("env", "number", _number)
        .Define("env", "constant", new WasmGlobal(ValType.V128, isMutable: false, Counting));
}
