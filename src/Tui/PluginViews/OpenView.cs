using System.Collections.Immutable;
using LazyOC.Plugins.Contracts.Manifest;
using LazyOC.Plugins.Contracts.Views;
using LazyOC.Plugins.Runtime.Extensions;
using LazyOC.Tui.Details;
using LazyOC.Tui.Screen;
using LazyOC.Tui.Terminal;
using SessionState = LazyOC.Plugins.Runtime.Extensions.ViewState;

namespace LazyOC.Tui.PluginViews;

/// <summary>
/// A view of a plugin that is open on the screen: shows what its plugin answers, and tells the plugin what the user does,
/// after the user confirmed what is destructive. Belongs to the loop.
/// </summary>
internal sealed class OpenView(ViewSession session, ViewInputs inputs) : IDisposable
{
    private readonly ViewPane _pane = new();
    private SessionState? _shown;

    /// <summary>Whose it is and what it is.</summary>
    public Contributed<ViewContribution> Contributed => session.View;

    /// <summary>Name of what has not answered; null when it has.</summary>
    public string? Pending => session.State is SessionState.Pending ? $"view {session.View.Contribution.Title} of {session.View.PluginName}" : null;

    /// <summary>Whether keys that type belong to the view now.</summary>
    public bool TakesTyping => _pane.TakesTyping;

    public ImmutableArray<KeyHint> Hints => _pane.Hints;

    /// <summary>Where it is scrolled to, as of the last drawing.</summary>
    public Widgets.Scrollbar Scroll => _pane.Scroll;

    /// <summary>When it looks different although nothing happened; null when it stays as it is.</summary>
    public TimeSpan? RedrawAfter => _pane.RedrawAfter;

    /// <summary>Tells the plugin the room there is.</summary>
    public void Resize(FrameSize size) => session.Resize(size.Width, size.Height);

    /// <summary>Draws what the plugin answered last; returns the rows of all of it.</summary>
    public int Draw(Canvas canvas, bool focused, DateTimeOffset now)
    {
        var state = session.State;
        if (!state.Equals(_shown))
        {
            _shown = state;
            _pane.Show(ContentOf(state));
        }
        return _pane.Draw(canvas, focused, now);
    }

    /// <summary>Takes an event, the mouse in the coordinates of the frame; false when it is not for the view.</summary>
    public bool Handle(TerminalEvent input)
    {
        var step = _pane.Handle(input);
        if (step is ViewStep.Input operated)
            inputs.Send(session, operated);
        return step is not ViewStep.Ignored;
    }

    public void Dispose() => session.Dispose();

    private ViewNode ContentOf(SessionState state) => state switch
    {
        SessionState.Ready ready => ready.Content,
        SessionState.Faulted faulted => FaultView.Of(faulted.Failure),
        _ => new ViewNode.Spinner { Label = $"waiting for {session.View.PluginName}" },
    };
}
