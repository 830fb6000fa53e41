using LazyOC.Plugins.Contracts.Manifest;
using LazyOC.Plugins.Contracts.Messages;
using LazyOC.Plugins.Contracts.Views;

namespace LazyOC.Plugins.Runtime.Extensions;

/// <summary>What an open view shows.</summary>
public abstract record ViewState
{
    private ViewState() { }

    /// <summary>The plugin has not answered yet.</summary>
    public sealed record Pending : ViewState;

    /// <summary>The latest content; within <see cref="ViewLimits"/>.</summary>
    public sealed record Ready(ViewNode Content) : ViewState;

    /// <summary>The plugin failed; replaced by its next successful answer.</summary>
    public sealed record Faulted(PluginFailure Failure) : ViewState;
}

/// <summary>
/// A tab that is open on the screen. The plugin is asked to render when it opens and when its size changes, and may
/// replace the content at any time. Thread safe; dispose to close.
/// </summary>
public sealed class ViewSession : IDisposable
{
    internal ViewSession(Contributed<TabContribution> tab, ObjectReference obj) => (Tab, Object) = (tab, obj);

    public Contributed<TabContribution> Tab { get; }

    public ObjectReference Object { get; }

    /// <summary>What to draw now.</summary>
    public ViewState State => throw new NotImplementedException();

    /// <summary>Tells the plugin the area's new size in cells; the old content stays until it answers.</summary>
    public void Resize(int width, int height) => throw new NotImplementedException();

    /// <summary>Asks the plugin to render again, for example because the object changed.</summary>
    public void Refresh() => throw new NotImplementedException();

    /// <inheritdoc/>
    public void Dispose() => throw new NotImplementedException();
}
