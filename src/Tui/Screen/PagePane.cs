using LazyOC.Plugins.Runtime.Extensions;
using LazyOC.Tui.Overlays;
using LazyOC.Tui.Terminal;

namespace LazyOC.Tui.Screen;

internal sealed class PagePane : IDisposable
{
    private PagePane(NavigationTarget target) => Target = target;
    public NavigationTarget Target { get; }
    public static PagePane Open(ExtensionPoints extensions, NavigationTarget target, Dialogs dialogs, ChangeSignal changed) => new(target);
    public void Advance(FrameSize size, Due due) { }
    public bool Handle(TerminalEvent input) => false;
    public PageState Compose() => new();
    public void Dispose() { }
}

internal sealed record PageState;
