namespace LazyOC.Wasm.Tests.Execution;

/// <summary>The module <c>host</c> with a host function of every kind.</summary>
internal static class HostFixture
{
    private static readonly FunctionType Wide = new([.. Enumerable.Repeat(ValType.I32, 17)], [ValType.I32]);

    /// <param name="throws">What the import of that name does.</param>
    /// <param name="counter">The global that the module counts in.</param>
    public static WasmLinker Linker(Action throws, WasmGlobal counter) => new WasmLinker()
        .Define("env", "add", (int left, long right) => (double)(left + right))
        .Define("env", "pair", (int value) => (value, value * 2L))
        .Define("env", "wide", Wide, (_, arguments) => [arguments.Sum(argument => (int)argument!)])
        .Define("env", "throws", throws)
        .Define("env", "reenter", (WasmInstance caller, int depth) => caller.GetFunction<Func<int, int>>("reenter")(depth - 1))
        .Define("env", "counter", counter);

    public static WasmInstance Instantiate(Action throws) =>
        Fixture.Load("host").Instantiate(Linker(throws, new WasmGlobal(ValType.I32, isMutable: true, 0)));
}
