namespace LazyOC.Wasm.Execution;

/// <summary>What the memories of one instance may have together, in WebAssembly pages. Not thread-safe.</summary>
internal sealed class MemoryQuota(long limitPages)
{
    private long _usedPages;

    /// <summary>Takes pages; false, and nothing is taken, when so many are not left.</summary>
    public bool TryTake(uint pages)
    {
        if (pages > limitPages - _usedPages)
            return false;
        _usedPages += pages;
        return true;
    }

    public void GiveBack(uint pages) => _usedPages -= pages;
}
