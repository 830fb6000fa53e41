using System.Collections.Immutable;
using LazyOC.Plugins.Contracts.Views;
using LazyOC.Plugins.Runtime.Extensions;
using LazyOC.Tui.Details;
using LazyOC.Tui.Terminal;
using LazyOC.Tui.Widgets;

namespace LazyOC.Tui.Screen;

/// <summary>Everything a frame shows, at one moment. Immutable: drawing it twice gives the same cells.</summary>
internal sealed record ScreenState
{
    public required HeaderState Header { get; init; }
    public required NavigationState Navigation { get; init; }
    public required ListState List { get; init; }

    /// <summary>A page in place of list and details; null shows these.</summary>
    public PageState? Page { get; init; }

    public DetailsState? Details { get; init; }
    public required StatusState Status { get; init; }

    /// <summary>Only the focused panel is shown.</summary>
    public bool IsZoomed { get; init; }

    /// <summary>The panel that has the keyboard; on a small terminal the only one that is shown.</summary>
    public FocusedPanel Focus { get; init; } = FocusedPanel.List;
}

internal enum FocusedPanel
{
    Navigation,
    List,
    Details,
}

/// <summary>Which cluster, whose eyes, and whether it answers.</summary>
internal sealed record HeaderState
{
    public required string Context { get; init; }

    /// <summary>Namespace (project on OpenShift) in view; null for all.</summary>
    public required string? Namespace { get; init; }

    public required string User { get; init; }
    public bool IsOpenShift { get; init; }
    public bool ReadOnly { get; init; }

    /// <summary>Version of the API server; null until it told.</summary>
    public string? ServerVersion { get; init; }

    public required ConnectionText Connection { get; init; }
}

/// <summary>State of the connection in words, and how bad it is.</summary>
internal readonly record struct ConnectionText(string Text, Tone Tone);

/// <summary>Kinds by group, with how many objects there are.</summary>
/// <param name="Groups">Groups in the order of the screen.</param>
/// <param name="Current">Qualified name of the kind that is listed.</param>
internal sealed record NavigationState(ImmutableArray<NavigationGroup> Groups, string Current)
{
    /// <summary>Key of the entry under the cursor; null for the current one.</summary>
    public string? Cursor { get; init; }
}

internal sealed record NavigationGroup(string Title, ImmutableArray<NavigationItem> Items);

/// <param name="Title">Kind in the plural, such as <c>Deployments</c>.</param>
/// <param name="Key">Qualified name, such as <c>deployments.apps</c>.</param>
/// <param name="Count">How many there are.</param>
internal sealed record NavigationItem(string Title, string Key, ObjectCount Count);

/// <summary>A number of objects, or why there is none.</summary>
internal readonly record struct ObjectCount(long Value)
{
    public static ObjectCount Pending { get; } = new(-1);

    /// <summary>The user may not list them.</summary>
    public static ObjectCount Denied { get; } = new(-2);

    /// <summary>Not counted, or the server does not tell.</summary>
    public static ObjectCount Unknown { get; } = new(-3);

    public bool IsPending => this == Pending;

    public override string ToString() => Value switch
    {
        -1 => "…",
        -2 => "–",
        < 0 => "",
        _ => Scale.Format(Value),
    };
}

/// <summary>The list in the middle.</summary>
internal sealed record ListState
{
    public required string Title { get; init; }
    public required ImmutableArray<Column> Columns { get; init; }
    public required ITableRows Rows { get; init; }
    public int? Selected { get; init; }

    /// <summary>First row in sight.</summary>
    public int Top { get; init; }

    public Sort? Sort { get; init; }

    /// <summary>Which rows are marked; null when none is.</summary>
    public Func<int, bool>? Marked { get; init; }

    public int MarkedCount { get; init; }

    /// <summary>Rows there are, with those that the filter hides.</summary>
    public int Total { get; init; }

    public RowFilter Filter { get; init; } = RowFilter.None;

    /// <summary>Widths of the columns, kept from frame to frame.</summary>
    public ColumnWidths Widths { get; init; } = new();

    /// <summary>The filter while it is typed; null when it is not.</summary>
    public TextField? Typing { get; init; }

    /// <summary>Shown in place of the rows: loading, nothing there, refused.</summary>
    public ViewNode? Message { get; init; }

    /// <summary>Causes of what is marked in the table, below it.</summary>
    public ImmutableArray<StyledText> Notes { get; init; } = [];
}

/// <summary>The bottom line.</summary>
/// <param name="Hints">Keys of the focused panel.</param>
/// <param name="Items">Status items of plugins.</param>
internal sealed record StatusState(ImmutableArray<KeyHint> Hints, ImmutableArray<StatusItem> Items)
{
    /// <summary>The first keys of a chord, waiting for the next.</summary>
    public string Chord { get; init; } = "";
}

internal readonly record struct KeyHint(string Key, string Action);
