namespace LazyOC.Wasm.Tests.Execution;

public sealed class WasmTableTests : IDisposable
{
    private readonly WasmInstance _instance = Fixture.Instantiate("tables");

    public void Dispose() => _instance.Dispose();

    private Func<int, int, int> Call => _instance.GetFunction<Func<int, int, int>>("call");

    [Fact]
    public void CallIndirect_OfAFunctionOfTheType_CallsIt() => Assert.Equal(42, Call(0, 21));

    [Theory]
    [InlineData(1, TrapCode.IndirectCallTypeMismatch)]
    [InlineData(2, TrapCode.UninitializedElement)]
    [InlineData(4, TrapCode.TableOutOfBounds)]
    [InlineData(-1, TrapCode.TableOutOfBounds)]
    public void CallIndirect_OfAnythingElse_Traps(int index, TrapCode expected) =>
        Assert.Equal(expected, Fixture.Trap(() => Call(index, 1)).Code);

    [Fact]
    public void Grow_WithAFunction_MakesItCallable()
    {
        var grow = _instance.GetFunction<Func<int, int>>("grow");

        Assert.Equal(4, grow(4));
        Assert.Equal(6, Call(7, 3));
        Assert.Equal(-1, grow(1));
        Assert.Equal(8, _instance.GetFunction<Func<int>>("size")());
    }

    [Fact]
    public void Grow_BeyondTheInstancesLimit_IsRefused()
    {
        using var instance = Fixture.Instantiate("tables", new InstanceOptions { MaxTableElements = 7 });

        Assert.Equal(-1, instance.GetFunction<Func<int, int>>("grow")(2));
        Assert.Equal(4, instance.GetFunction<Func<int, int>>("grow")(1));
    }

    [Fact]
    public void Init_FromAPassiveSegment_CopiesUntilItIsDropped()
    {
        var init = _instance.GetFunction<Action<int, int, int>>("init");

        init(2, 1, 1);
        Assert.Equal(10, Call(2, 5));
        Assert.Equal(TrapCode.TableOutOfBounds, Fixture.Trap(() => init(0, 1, 2)).Code);
        Assert.Equal(TrapCode.TableOutOfBounds, Fixture.Trap(() => init(4, 0, 1)).Code);
        _instance.GetFunction<Action>("drop")();
        Assert.Equal(TrapCode.TableOutOfBounds, Fixture.Trap(() => init(0, 0, 1)).Code);
    }

    [Fact]
    public void CopyAndFill_OutOfBounds_ChangeNothing()
    {
        var copy = _instance.GetFunction<Action<int, int, int>>("copy");
        var fill = _instance.GetFunction<Action<int, int>>("fill");

        Assert.Equal(TrapCode.TableOutOfBounds, Fixture.Trap(() => copy(3, 0, 2)).Code);
        Assert.Null(_instance.GetTable("functions")![3]);
        copy(3, 0, 1);
        Assert.Equal(2, Call(3, 1));
        Assert.Equal(TrapCode.TableOutOfBounds, Fixture.Trap(() => fill(3, 2)).Code);
        fill(3, 1);
        Assert.Null(_instance.GetTable("functions")![3]);
    }

    [Fact]
    public void Objects_OfTheHost_PassThroughUnchanged()
    {
        var thing = new object();
        _instance.GetFunction<Action<int, object?>>("set")(1, thing);

        Assert.Same(thing, _instance.GetFunction<Func<int, object?>>("get")(1));
        Assert.Null(_instance.GetFunction<Func<int, object?>>("get")(0));
        Assert.Equal(TrapCode.TableOutOfBounds, Fixture.Trap(() => _instance.GetFunction<Func<int, object?>>("get")(2)).Code);
        Assert.Equal(1, _instance.GetFunction<Func<object?, int>>("is_null")(null));
    }

    [Fact]
    public void FunctionReferences_ToOneFunction_AreTheSameObject()
    {
        var reference = _instance.GetFunction<Func<WasmFunction?>>("reference")();

        Assert.Same(_instance.GetTable("functions")![0], reference);
        Assert.Equal(8, reference!.AsDelegate<Func<int, int>>()(4));
    }

    [Fact]
    public void Item_SetToAnObjectThatIsNoFunction_IsRefused() =>
        Assert.Throws<ArgumentException>(() => _instance.GetTable("functions")![0] = "no function");
}
