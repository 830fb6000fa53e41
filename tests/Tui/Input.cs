using LazyOC.Tui.Terminal;

namespace LazyOC.Tui.Tests;

/// <summary>Terminal events written as the user would say them.</summary>
internal static class Input
{
    /// <summary>A key press in its text form.</summary>
    public static TerminalEvent Key(string text) =>
        KeyPress.TryParse(text, out var press) ? new TerminalEvent.KeyPressed(press) : throw new ArgumentException($"`{text}` is no key", nameof(text));

    /// <summary>Several key presses, divided by spaces.</summary>
    public static IEnumerable<TerminalEvent> Keys(string text) => text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(Key);

    public static TerminalEvent Click(int x, int y) => new TerminalEvent.Mouse(MouseAction.Press, x, y, KeyModifiers.None);

    public static TerminalEvent Wheel(int x, int y, bool up = false) => new TerminalEvent.Mouse(up ? MouseAction.WheelUp : MouseAction.WheelDown, x, y, KeyModifiers.None);
}
