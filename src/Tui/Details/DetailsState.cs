using System.Collections.Immutable;
using LazyOC.Plugins.Contracts.Views;
using LazyOC.Plugins.Runtime.Extensions;
using LazyOC.Tui.Details.Text;
using LazyOC.Tui.PluginViews;
using LazyOC.Tui.Terminal;

namespace LazyOC.Tui.Details;

/// <summary>The selected object.</summary>
internal sealed record DetailsState
{
    public required string Title { get; init; }
    public required ImmutableArray<string> Tabs { get; init; }
    public required int Current { get; init; }
    public required TabContent Content { get; init; }

    /// <summary>The moment that ages in it are told at.</summary>
    public DateTimeOffset Now { get; init; }

    /// <summary>
    /// What one must know about the content: deleted, stale, followed. The first takes the row under the tabs, each more
    /// one row of the content.
    /// </summary>
    public ImmutableArray<StyledText> Notes { get; init; } = [];
}

/// <summary>What the current tab shows.</summary>
internal abstract record TabContent
{
    private TabContent() { }

    public sealed record Pending(string Who) : TabContent;

    public sealed record View(ViewNode Root) : TabContent;

    /// <summary>A view that the user operates. It keeps its own scroll and focus, so it is the one content that may look different when it is drawn again.</summary>
    public sealed record Pane(ViewPane Shown) : TabContent;

    public sealed record Faulted(PluginFailure Failure) : TabContent;

    /// <summary>Rows of a text, scrolled already.</summary>
    public sealed record Lines(TextView Text) : TabContent;
}
