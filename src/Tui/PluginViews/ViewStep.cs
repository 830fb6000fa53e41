using LazyOC.Plugins.Contracts.Manifest;
using LazyOC.Plugins.Contracts.Views;

namespace LazyOC.Tui.PluginViews;

/// <summary>What came of an event that a view was given.</summary>
internal abstract record ViewStep
{
    private ViewStep() { }

    /// <summary>It was not for the view.</summary>
    public static ViewStep None { get; } = new Ignored();

    /// <summary>The view took it and may look different.</summary>
    public static ViewStep Taken { get; } = new Redraw();

    /// <summary>It was not for the view.</summary>
    public sealed record Ignored : ViewStep;

    /// <summary>The view took it and may look different.</summary>
    public sealed record Redraw : ViewStep;

    /// <summary>The user operated a node.</summary>
    /// <param name="Value">What its plugin is told.</param>
    /// <param name="Danger">What is destructive is confirmed before it is told.</param>
    /// <param name="What">The words of the view for it, such as <c>Delete frontend-1</c>; a plugin's text.</param>
    public sealed record Input(ViewInput Value, DangerLevel Danger, string What) : ViewStep;
}
