using LazyOC.Fuzz.Wasm.Differential;
using LazyOC.Fuzz.Wasm.Execution;
using LazyOC.Wasm;

namespace LazyOC.Fuzz.Wasm.Soak;

/// <summary>An instance, or several linked ones, that does the same work again and again until it is replaced.</summary>
/// <remarks>Made, used and disposed on one guest thread.</remarks>
internal abstract class Workload : IDisposable
{
    /// <summary>Work of some milliseconds.</summary>
    public abstract void Step();

    public abstract void Dispose();

    /// <summary>The bytes of a fixture of the engine's tests.</summary>
    protected static byte[] Fixture(string name) =>
        File.ReadAllBytes(Path.Combine(RepositoryFolder.Root, "tests", "Wasm", "Fixtures", name + ".wasm"));

    /// <summary>Interrupts an instance shortly, from another thread.</summary>
    protected static Task InterruptSoon(WasmInstance instance) => Task.Delay(5).ContinueWith(_ => instance.Interrupt(), TaskScheduler.Default);

    /// <summary>Runs guest code that must end with one trap.</summary>
    protected static void ExpectTrap(TrapCode code, Action action)
    {
        try
        {
            action();
        }
        catch (TrapException trap) when (trap.Code == code)
        {
            return;
        }
        throw new InvalidOperationException($"no trap {code}");
    }
}

/// <summary>Evaluates JavaScript, up to an endless loop that is interrupted; the memory grows and is thrown away.</summary>
internal sealed class JavaScriptWorkload : Workload
{
    private static readonly string[] Scripts =
    [
        "(() => { let s = 0; for (let i = 0; i < 20000; i++) s = (s * 31 + i) | 0; return s; })()",
        "JSON.stringify(JSON.parse(JSON.stringify(Array.from({ length: 500 }, (_, i) => ({ i, name: 'n' + i, tags: [i, -i] }))))).length",
        "Array.from({ length: 3000 }, (_, i) => (i * 7919) % 3001).sort((a, b) => a - b)[1500]",
        "'a1b22c333'.repeat(300).replace(/[a-z](\\d+)/g, (_, d) => d.length).length",
        "(() => { try { (function f() { return f() + 1; })(); } catch (e) { return e.name; } })()",
        "new Array(200000).fill(0).map((_, i) => ({ i })).length",
        "(() => { const m = new Map(); for (let i = 0; i < 3000; i++) m.set('k' + (i % 97), i); return m.size; })()",
    ];

    private readonly QuickJSModule _quickJS = new();
    private int _step;

    public override void Step() => _quickJS.Eval(Scripts[_step++ % Scripts.Length]);

    public override void Dispose()
    {
        // The last thing it does cannot end by itself.
        var interruption = InterruptSoon(_quickJS.Instance);
        ExpectTrap(TrapCode.Interrupted, () => _quickJS.Eval("for (;;) { try { for (;;) {} } catch {} }"));
        interruption.Wait();
        _quickJS.Dispose();
    }
}

/// <summary>Calls every function of a fixture with values at edges: traps, growing memories and tables, bulk copies.</summary>
internal sealed class FixtureWorkload(string fixture, bool isMetered) : Workload
{
    private const long Fuel = 100_000;

    private readonly SeededRandom _random = new(1);
    private readonly WasmInstance _instance = WasmModule.Load(Fixture(fixture))
        .Instantiate(new WasmLinker(), new InstanceOptions { Fuel = isMetered ? Fuel : null, MaxTableElements = 100_000 });

    public override void Step()
    {
        foreach (var (_, name, type) in CallPlan.Callable(_instance.Module))
        {
            if (isMetered)
                _instance.Fuel = Fuel;
            try
            {
                _instance.GetFunction(name)!.Invoke([.. type.Parameters.Select(parameter => EdgeValues.Of(parameter, _random))]);
            }
            catch (TrapException)
            {
                // The instance goes on as it is.
            }
        }
    }

    public override void Dispose() => _instance.Dispose();
}

/// <summary>Loads modules that were not loaded before, so that code is generated, run and unloaded.</summary>
internal sealed class FreshModuleWorkload(bool isMetered) : Workload
{
    private static readonly byte[][] Modules = [.. new[] { "memory", "control", "tables", "arithmetic" }.Select(Fixture)];

    private FixtureInstance _current = new(Modules[0], isMetered);
    private int _next;

    public override void Step()
    {
        _current.Dispose();
        _current = new FixtureInstance(Modules[++_next % Modules.Length], isMetered);
        _current.CallAll();
    }

    public override void Dispose() => _current.Dispose();

    private sealed class FixtureInstance(byte[] module, bool isMetered) : IDisposable
    {
        private readonly WasmInstance _instance = WasmModule.Load(module).Instantiate(new WasmLinker(), new InstanceOptions { Fuel = isMetered ? 100_000 : null });

        public void CallAll()
        {
            foreach (var (_, name, type) in CallPlan.Callable(_instance.Module))
            {
                try
                {
                    _instance.GetFunction(name)!.Invoke([.. type.Parameters.Select(Values.One)]);
                }
                catch (TrapException)
                {
                    // Some do.
                }
            }
        }

        public void Dispose() => _instance.Dispose();
    }
}

/// <summary>Two instances that share memory, table and global, an endless recursion and an endless loop through both.</summary>
internal sealed class LinkedWorkload : Workload
{
    private readonly WasmInstance _exporter;
    private readonly WasmInstance _importer;

    public LinkedWorkload()
    {
        // A small stack, because unwinding all of it would be most of the work.
        var options = new InstanceOptions { StackLimitBytes = 256 * 1024 };
        _exporter = WasmModule.Load(Fixture("exporter")).Instantiate(new WasmLinker(), options);
        _importer = WasmModule.Load(Fixture("importer")).Instantiate(new WasmLinker().DefineInstance("exporter", _exporter), options);
    }

    public override void Step()
    {
        _importer.GetFunction<Func<int>>("grow_and_store")();
        _importer.GetFunction<Func<long>>("global")();
        _exporter.GetFunction<Func<int, int>>("call")(2);
        ExpectTrap(TrapCode.UninitializedElement, () => _exporter.GetFunction<Func<int, int>>("call")(0));
        ExpectTrap(TrapCode.StackExhausted, () => _importer.GetFunction<Func<int>>("recurse")());
        var interruption = InterruptSoon(_exporter);
        ExpectTrap(TrapCode.Interrupted, _importer.GetFunction<Action>("spin"));
        interruption.Wait();
        _importer.ClearInterrupt();
    }

    public override void Dispose()
    {
        _importer.Dispose();
        _exporter.Dispose();
    }
}
