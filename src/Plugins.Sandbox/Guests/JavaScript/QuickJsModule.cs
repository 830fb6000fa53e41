using LazyOC.Wasm;

namespace LazyOC.Plugins.Sandbox.Guests.JavaScript;

/// <summary>QuickJS-NG, translated to CIL when the program was built; loaded once in a process.</summary>
internal static class QuickJsModule
{
    private const string FileName = "LazyOC.QuickJS.dll";

    private static readonly Lazy<WasmModule> Loaded = new(() => WasmModule.FromPrecompiled(Path.Combine(AppContext.BaseDirectory, FileName)));

    public static WasmModule Module => Loaded.Value;
}
