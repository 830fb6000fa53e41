namespace LazyOC.Wasm.Execution;

/// <summary>What the process holds of the system for guests. Thread-safe; for tests that nothing is leaked.</summary>
internal static class LiveResources
{
    private static long _addressSpaces;
    private static long _nativeBlocks;

    /// <summary>Linear memories that are reserved.</summary>
    public static long AddressSpaces => Volatile.Read(ref _addressSpaces);

    /// <summary>Contexts, tables, globals of the host and arrays of code addresses.</summary>
    public static long NativeBlocks => Volatile.Read(ref _nativeBlocks);

    public static void CountAddressSpace(int change) => Interlocked.Add(ref _addressSpaces, change);

    public static void CountNativeBlock(int change) => Interlocked.Add(ref _nativeBlocks, change);
}
