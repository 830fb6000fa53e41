using System.Runtime.Loader;
using LazyOC.Wasm.Compilation;
using LazyOC.Wasm.Tests.Execution;

namespace LazyOC.Wasm.Tests.Compilation;

/// <summary>Fixtures as the build would translate them, loaded from the assembly they were made into.</summary>
internal static class Persisted
{
    public static WasmModule Load(string fixture, bool metered)
    {
        using var file = new MemoryStream();
        // Assemblies of this name may use the engine's internals; two of one name cannot be loaded side by side.
        PersistedModule.Write(Fixture.Bytes(fixture), ModuleCompiler.AssemblyName, metered, file);
        file.Position = 0;
        return WasmModule.FromPrecompiled(new AssemblyLoadContext(fixture, isCollectible: true).LoadFromStream(file));
    }
}
