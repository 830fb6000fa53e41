using System.Collections.Concurrent;

namespace LazyOC.Wasm.Execution;

/// <summary>Numbers for function types, equal in the whole process exactly when the types are; 0 is none's.</summary>
/// <remarks>Never given back: a process meets few distinct types, and a number must keep its meaning.</remarks>
internal static class FunctionTypeIds
{
    private static readonly ConcurrentDictionary<FunctionType, int> Ids = new();
    private static int _last;

    public static int Of(FunctionType type) => Ids.GetOrAdd(type, static _ => Interlocked.Increment(ref _last));
}
