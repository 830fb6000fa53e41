using LazyOC.Tui.Widgets;

namespace LazyOC.Tui.PluginViews;

/// <summary>
/// What the user did to the nodes of a view, by the node's key: it outlives new content as long as the node does. Not
/// thread-safe.
/// </summary>
internal sealed class PaneState
{
    private readonly Dictionary<string, object> _byKey = new(StringComparer.Ordinal);

    /// <summary>Changes whenever a block may have another height.</summary>
    public int Version { get; private set; }

    /// <summary>Says that a block may have another height.</summary>
    public void Resize() => Version++;

    /// <summary>The state of a node; a fresh one when there is none or the node is of another kind now.</summary>
    public T Of<T>(string key) where T : class, new()
    {
        if (_byKey.TryGetValue(key, out var kept) && kept is T state)
            return state;
        var fresh = new T();
        _byKey[key] = fresh;
        return fresh;
    }

    /// <summary>Forgets the nodes that are gone.</summary>
    public void Keep(IReadOnlySet<string> keys)
    {
        foreach (var key in _byKey.Keys.Where(k => !keys.Contains(k)).ToList())
            _byKey.Remove(key);
    }
}

/// <summary>The chosen page of tabs; null until the user chose.</summary>
internal sealed class TabsState
{
    public string? Page { get; set; }
}

/// <summary>The selection and the order of a table.</summary>
internal sealed class TableState
{
    /// <summary>Id of the selected row.</summary>
    public string? Selected { get; set; }

    /// <summary>Where the selected row stood, for when it goes away.</summary>
    public int Index { get; set; }

    /// <summary>The order the user chose; null for the table's own order.</summary>
    public Sort? Sort { get; set; }

    /// <summary>Whether the user chose, and not the table.</summary>
    public bool IsSortChosen { get; set; }

    /// <summary>Widths that hold still while the plugin sends new rows.</summary>
    public ColumnWidths Widths { get; } = new();
}

/// <summary>The selection of a tree and what the user folded and unfolded.</summary>
internal sealed class TreeState
{
    public string? Selected { get; set; }

    public int Index { get; set; }

    /// <summary>Whether an item is unfolded, for those the user touched.</summary>
    public Dictionary<string, bool> Unfolded { get; } = new(StringComparer.Ordinal);
}

/// <summary>A form as far as it is filled in.</summary>
internal sealed class FormState
{
    public FormPane? Pane { get; set; }
}
