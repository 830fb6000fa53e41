using LazyOC.Wasm;

namespace LazyOC.Cli.Commands.Doctor;

/// <summary>What the WebAssembly engine gets of this system.</summary>
internal static class EngineChecks
{
    // (module (memory (export "memory") 1) (func (export "load") (param i32) (result i32) (i32.load (local.get 0))))
    private static readonly byte[] Probe = Convert.FromHexString(
        "0061736d0100000001060160017f017f030201000503010001071102066d656d6f72790200046c6f616400000a0901070020002802000b");

    /// <summary>A load inside its memory works, one outside traps.</summary>
    public static Finding Memory()
    {
        using var instance = WasmModule.Load(Probe).Instantiate(new WasmLinker());
        var load = instance.GetFunction<Func<int, int>>("load");
        instance.Memory.Write(8u, 42);
        try
        {
            if (load(8) == 42)
                load(WasmMemory.PageBytes - 3);
            return new Finding("memory", Verdict.Failed, "an access outside a linear memory was not stopped", "do not run plugins here; report this with the output of `lazyoc doctor --output json`");
        }
        catch (TrapException trap) when (trap.Code == TrapCode.MemoryOutOfBounds)
        {
            return instance.Memory.IsGuarded
                ? new Finding("memory", Verdict.Ok, "accesses are checked, and nothing is reachable behind a memory", null)
                : new Finding("memory", Verdict.Warning, "accesses are checked, but the addresses behind a memory could not be reserved", "raise the limit of address space: `ulimit -v unlimited`");
        }
    }

    public static Finding Snapshots()
    {
        using var instance = WasmModule.Load(Probe).Instantiate(new WasmLinker());
        using var snapshot = instance.Snapshot();
        return snapshot.IsShared
            ? new Finding("snapshots", Verdict.Ok, "instances share the memory that they start with", null)
            : new Finding("snapshots", Verdict.Warning, "instances copy the memory that they start with", "only Linux maps it copy-on-write");
    }
}
