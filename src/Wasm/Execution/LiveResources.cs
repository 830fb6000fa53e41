namespace LazyOC.Wasm.Execution;

/// <summary>What instances of the whole process hold at present outside the managed heap, for whoever looks for leaks.</summary>
/// <remarks>Each number is exact; together they are not of one moment while other threads work.</remarks>
internal static class LiveResources
{
    private static long _instances;
    private static long _reservedBytes;
    private static long _committedBytes;
    private static long _blockBytes;

    /// <summary>Instances whose context is not freed.</summary>
    public static long Instances => Interlocked.Read(ref _instances);

    /// <summary>Addresses reserved for linear memories.</summary>
    public static long ReservedBytes => Interlocked.Read(ref _reservedBytes);

    /// <summary>The accessible part of them.</summary>
    public static long CommittedBytes => Interlocked.Read(ref _committedBytes);

    /// <summary>Native memory of contexts, tables and globals.</summary>
    public static long BlockBytes => Interlocked.Read(ref _blockBytes);

    public static void AddInstances(int count) => Interlocked.Add(ref _instances, count);

    public static void AddReserved(long bytes) => Interlocked.Add(ref _reservedBytes, bytes);

    public static void AddCommitted(long bytes) => Interlocked.Add(ref _committedBytes, bytes);

    public static void AddBlocks(long bytes) => Interlocked.Add(ref _blockBytes, bytes);
}
