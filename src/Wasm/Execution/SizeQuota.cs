namespace LazyOC.Wasm.Execution;

/// <summary>
/// What the memories, or the tables, that one instance defines may have together, in pages or elements. Not thread-safe.
/// </summary>
internal sealed class SizeQuota(long limit)
{
    private long _used;

    /// <summary>Takes pages or elements; false, and nothing is taken, when so many are not left.</summary>
    public bool TryTake(uint count)
    {
        if (count > limit - _used)
            return false;
        _used += count;
        return true;
    }

    public void GiveBack(uint count) => _used -= count;
}
