using LazyOC.Wasm.Compilation;
using LazyOC.Wasm.Tests.Binary;
using LazyOC.Wasm.Tests.Execution;
using static LazyOC.Wasm.Tests.Binary.ModuleBytes;

namespace LazyOC.Wasm.Tests.Compilation;

public sealed class LazyModuleTests
{
    private const byte LocalGet = 0x20, Call = 0x10, End = 0x0B, I32 = 0x7F, I64 = 0x7E;

    [Fact]
    public void Load_OfAModule_TranslatesNothing()
    {
        using var instance = WasmModule.Load(Chain(1_000)).Instantiate(new WasmLinker());
        var code = (LazyModule)instance.Code;

        Assert.Equal(0, code.TranslatedCount);
        Assert.Equal(7, instance.GetFunction<Func<int, int>>("f999")(7));
        Assert.Equal(1, code.TranslatedCount);
    }

    [Fact]
    public void Call_OfAFunction_TranslatesItWithSmallCalleesOnly()
    {
        using var instance = WasmModule.Load(Chain(1_000)).Instantiate(new WasmLinker());
        var code = (LazyModule)instance.Code;

        // Function i calls i + 1 and so on to the end: what is not translated with the first follows when it is reached.
        Assert.Equal(7, GuestThread.Run(() => instance.GetFunction<Func<int, int>>("f900")(7)));
        Assert.Equal(100, code.TranslatedCount);
        Assert.Equal(7, GuestThread.Run(() => instance.GetFunction<Func<int, int>>("f0")(7)));
        Assert.Equal(1_000, code.TranslatedCount);
    }

    [Fact]
    public void Instances_OfOneModule_ShareWhatIsTranslated()
    {
        var module = WasmModule.Load(Chain(10));
        using var first = module.Instantiate(new WasmLinker());
        using var second = module.Instantiate(new WasmLinker());
        first.GetFunction<Func<int, int>>("f0")(1);

        Assert.Same(first.Code, second.Code);
        Assert.Equal(10, ((LazyModule)second.Code).TranslatedCount);
    }

    [Fact]
    public void Calls_FromManyThreadsAtOnce_TranslateEachFunctionOnce()
    {
        var module = WasmModule.Load(Chain(300));
        using var start = new Barrier(4);
        var threads = Enumerable.Range(0, 4).Select(i => GuestThread.Create(
            () =>
            {
                using var instance = module.Instantiate(new WasmLinker());
                start.SignalAndWait();
                Assert.Equal(i, instance.GetFunction<Func<int, int>>($"f{i * 70}")(i));
            },
            "test")).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());

        using var after = module.Instantiate(new WasmLinker());
        Assert.Equal(300, ((LazyModule)after.Code).TranslatedCount);
    }

    [Fact]
    public void Call_WhenTheCompileTimeIsUsedUp_TrapsAndNamesTheLimit()
    {
        var module = WasmModule.Load(Chain(1));
        var code = new LazyModule(module.Definition, module.Layout, module.Calls, new TranslationBudget(TimeSpan.FromTicks(-1)), isMetered: false);

        var trap = Fixture.Trap(() => code.AddressOf(0));

        Assert.Equal(TrapCode.TranslationLimit, trap.Code);
        Assert.Contains(nameof(WasmLimits.CompileTime), trap.Message, StringComparison.Ordinal);
    }

    /// <summary>CIL has fewer locals than a host may admit.</summary>
    [Fact]
    public void Call_OfAFunctionThatCannotBeTranslated_TrapsAndLeavesItsCallerUsable()
    {
        // f0 calls f1, which has 64,000 locals, unless its argument is 0.
        byte[] caller = [0, LocalGet, 0, 0x04, I32, LocalGet, 0, Call, 1, 0x05, 0x41, 5, End, End];
        byte[] large = [1, .. Leb(64_000), I64, LocalGet, 0, End];
        using var instance = WasmModule.Load(Module([caller, large]), new WasmLimits { Locals = 70_000 }).Instantiate(new WasmLinker());
        var call = instance.GetFunction<Func<int, int>>("f0");

        Assert.Equal(5, GuestThread.Run(() => call(0)));
        var trap = GuestThread.Run(() => Fixture.Trap(() => call(1)));
        Assert.Equal(TrapCode.TranslationLimit, trap.Code);
        Assert.Contains("locals of a function", trap.Message, StringComparison.Ordinal);
        Assert.Equal(5, GuestThread.Run(() => call(0)));
    }

    /// <summary>More types than one dynamic assembly takes, called in an order that crosses assemblies both ways.</summary>
    [Fact]
    public void Calls_AcrossAssemblies_FindEachOther()
    {
        const int count = 600;
        // Function i calls i + 7 modulo the count, as often as its argument says; bodies are too long to be companions.
        var padding = Enumerable.Repeat<byte[]>([LocalGet, 0, 0x1A], 800).SelectMany(part => part).ToArray();
        var bodies = Enumerable.Range(0, count).Select(i => (byte[])
            [0, .. padding, LocalGet, 0, 0x04, I32, LocalGet, 0, 0x41, 1, 0x6B, Call, .. Leb((uint)((i + 7) % count)), 0x41, 1, 0x6A, 0x05, 0x41, 0, End, End]);
        using var instance = WasmModule.Load(Module([.. bodies])).Instantiate(new WasmLinker());

        for (var i = 0; i < count; i += 50)
            Assert.Equal(200, GuestThread.Run(() => instance.GetFunction<Func<int, int>>($"f{i}")(200)));
        Assert.Equal(count, ((LazyModule)instance.Code).TranslatedCount);
    }

    [Fact]
    public void Memory_OfAnInstance_IsGuardedAsFarAsAnIndexAndAnOffsetReach()
    {
        using var instance = Fixture.Instantiate("memory");

        Assert.True(instance.Memory.IsGuarded);
        if (!OperatingSystem.IsLinux())
            return;
        Assert.Equal("---p", PermissionsAt(instance.Memory, (ulong)instance.Memory.SizeBytes));
        Assert.Equal("---p", PermissionsAt(instance.Memory, (2UL * uint.MaxValue) + 16));
        Assert.Equal("rw-p", PermissionsAt(instance.Memory, 0));
    }

    private static unsafe string PermissionsAt(WasmMemory memory, ulong offset)
    {
        var address = (ulong)memory.Start + offset;
        foreach (var line in File.ReadLines("/proc/self/maps"))
        {
            var parts = line.Split('-', ' ');
            if (address >= Convert.ToUInt64(parts[0], 16) && address < Convert.ToUInt64(parts[1], 16))
                return line.Split(' ')[1];
        }
        return "not mapped";
    }

    /// <summary>Functions from i32 to i32, each of which passes its argument on to the next; the last one returns it.</summary>
    private static byte[] Chain(int length) =>
        Module([.. Enumerable.Range(0, length).Select(i => i + 1 < length ? (byte[])[0, LocalGet, 0, Call, .. Leb((uint)i + 1), End] : [0, LocalGet, 0, End])]);

    private static byte[] Module(byte[][] bodies)
    {
        var count = Leb((uint)bodies.Length);
        return new ModuleBytes()
            .Section(1, 1, 0x60, 1, I32, 1, I32)
            .Section(3, [.. count, .. new byte[bodies.Length]])
            .Section(7, [.. count, .. bodies.SelectMany((_, i) => (byte[])[.. Name($"f{i}"), 0, .. Leb((uint)i)])])
            .Section(10, [.. count, .. bodies.SelectMany(body => Sized(body))])
            .ToArray();
    }
}
