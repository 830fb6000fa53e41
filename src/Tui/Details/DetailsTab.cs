using System.Collections.Immutable;
using LazyOC.Cluster.Watch;
using LazyOC.Tui.Screen;
using LazyOC.Tui.Terminal;

namespace LazyOC.Tui.Details;

/// <summary>One tab of an object's details. It works only while it is looked at, and keeps what it has when it is not. Loop only.</summary>
internal abstract class DetailsTab : IDisposable
{
    public abstract string Title { get; }

    /// <summary>What has not answered yet; null when it has.</summary>
    public abstract string? Pending { get; }

    /// <summary>When the tab looks different although nothing happened; null when it stays as it is.</summary>
    public virtual TimeSpan? RedrawAfter => null;

    /// <summary>Whether every key is text.</summary>
    public virtual bool IsTyping => false;

    /// <summary>What one must know about the content.</summary>
    public virtual IEnumerable<StyledText> Notes => [];

    /// <summary>The tab's own keys.</summary>
    public virtual ImmutableArray<KeyHint> Hints => [];

    /// <summary>What the user stands on; null when that is nothing.</summary>
    public virtual string? SelectedText => null;

    /// <summary>All of the content as text; null when it has none.</summary>
    public virtual string? WholeText => null;

    /// <summary>Asks for what is missing or out of date; returns at once.</summary>
    public abstract void Advance(FrameSize size);

    public abstract TabContent Compose(FrameSize size);

    /// <summary>True when the input was for this tab; a mouse event is in the coordinates of the content.</summary>
    public abstract bool Handle(TerminalEvent input);

    /// <summary>The object's row changed; null when the object is gone.</summary>
    public virtual void Update(ResourceRow? row) { }

    public abstract void Dispose();
}
