namespace LazyOC.Wasm.Tests.Execution;

/// <summary>The modules in <c>Fixtures</c>: each <c>.wasm</c> was made of the <c>.wat</c> beside it by <c>wat2wasm --debug-names</c>.</summary>
internal static class Fixture
{
    public static byte[] Bytes(string name) => File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Fixtures", name + ".wasm"));

    public static WasmModule Load(string name) => WasmModule.Load(Bytes(name));

    public static WasmInstance Instantiate(string name, InstanceOptions? options = null) =>
        Load(name).Instantiate(new WasmLinker(), options);

    /// <summary>The trap an action ends with.</summary>
    public static TrapException Trap(Action action) => Assert.Throws<TrapException>(action);
}
