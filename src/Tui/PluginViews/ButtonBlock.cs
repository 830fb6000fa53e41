using System.Collections.Immutable;
using LazyOC.Plugins.Contracts.Manifest;
using LazyOC.Plugins.Contracts.Views;
using LazyOC.Tui.Screen;
using LazyOC.Tui.Terminal;

namespace LazyOC.Tui.PluginViews;

/// <summary>Something to press.</summary>
internal sealed class ButtonBlock(string key, ViewNode.Button button) : OperableBlock(key)
{
    private string Text => button.Danger == DangerLevel.Destructive ? $"! {button.Label}" : button.Label;

    public override int Height => 1;

    public override (int First, int End) FocusRows => (0, 1);

    public override ImmutableArray<KeyHint> Hints => [new("enter", button.Label)];

    public override void Draw(Canvas canvas, DrawPass pass)
    {
        var focused = pass.IsFocused(this);
        var tone = button.Danger switch
        {
            DangerLevel.Destructive => Tone.Error,
            DangerLevel.Caution => Tone.Warn,
            _ => button.Style == TextStyle.Plain ? Tone.Accent : Style.Of(button.Style).Tone,
        };
        var style = new Style(tone, focused ? Surface.Selected : Surface.Raised, TextAttributes.Bold);
        canvas.Write(0, 0, focused ? "▌" : "[", focused ? style with { Tone = Tone.Focus } : style);
        var width = Math.Min(CellText.WidthOf(Text, canvas.Width), Math.Max(0, canvas.Width - 4));
        canvas.Write(1, 0, " ", style);
        canvas.Write(2, 0, width, Text, style);
        canvas.Write(2 + width, 0, focused ? " ▐" : " ]", focused ? style with { Tone = Tone.Focus } : style);
    }

    public override ViewStep Handle(TerminalEvent input) =>
        input is TerminalEvent.KeyPressed { Press: { Key: Key.Enter } or { Key: Key.Character, Rune.Value: ' ', Modifiers: KeyModifiers.None } } ? Press() : ViewStep.None;

    public override ViewStep Click(int x, int y, bool hadFocus) => x < CellText.WidthOf(Text) + 4 ? Press() : ViewStep.None;

    private ViewStep.Input Press() => new(new ViewInput { Node = NodeKey, Event = ViewEvent.Press }, button.Danger, button.Label);
}
