using System.Collections.Immutable;
using System.Text.Json;
using LazyOC.Plugins.Contracts.Manifest;
using LazyOC.Plugins.Contracts.Views;
using LazyOC.Tui.Screen;
using LazyOC.Tui.Terminal;
using LazyOC.Tui.Widgets;

namespace LazyOC.Tui.Overlays;

/// <summary>Asks to fill in a form. The answer is an object from field name to value, which the fields' rules accept.</summary>
internal sealed record Prompt : Overlay<JsonElement?>
{
    private const int Width = 72;

    /// <summary>Asks for fields.</summary>
    /// <param name="title">What they are for, in the host's words also when a plugin asks.</param>
    /// <param name="fields">The fields.</param>
    /// <param name="submit">What the button says.</param>
    /// <param name="danger">How much what follows can break.</param>
    public Prompt(string title, ImmutableArray<FormField> fields, string submit = "OK", DangerLevel danger = DangerLevel.None)
    {
        Title = title;
        Form = FormPane.Of(fields, submit, danger) with { IsDialog = true };
    }

    public string Title { get; }

    /// <summary>The form as it is filled in.</summary>
    public FormPane Form { get; private init; }

    /// <summary>What is to be known before one fills it in, in the host's words.</summary>
    public string Note { get; init; } = "";

    /// <summary>The plugin that asks, whose words the labels of the fields are; null for the host.</summary>
    public PluginMark? Plugin { get; init; }

    /// <summary>What the plugin says it asks for; shown quoted.</summary>
    public string PluginText { get; init; } = "";

    private int HeadScrolled { get; init; }

    public override bool IsModal => true;

    public override bool TakesEscape => Form.Focus < Form.Values.Length && Form.Values[Form.Focus] is FieldValue.Choice { IsOpen: true };

    public override Rect AreaIn(FrameSize size)
    {
        var width = OverlayFrame.Inside(OverlayFrame.Centered(size, Width, int.MaxValue / 2)).Width;
        return OverlayFrame.Centered(size, Width, Head(width).Height + Form.HeightAt(width) + 2);
    }

    public override void Draw(Canvas canvas, DateTimeOffset now)
    {
        var frame = new OverlayFrame(Title)
        {
            Plugin = Plugin,
            Tone = Form.Danger == DangerLevel.Destructive ? Tone.Error : Tone.Focus,
            Hints = [.. Form.Hints.Where(hint => hint.Key != "esc"), new("tab", "next"), new("esc", TakesEscape ? "close the list" : "cancel")],
        };
        frame.Draw(canvas);
        var (head, form) = Layout(canvas.Area);
        Head(head.Width).Draw(canvas.Part(head), HeadScrolled);
        Form.Draw(canvas.Part(form).Scrolled(ScrollIn(form)), focused: true);
    }

    public override OverlayStep Handle(TerminalEvent input, FrameSize size)
    {
        var (head, form) = Layout(AreaIn(size));
        // The form has the keys of lines and fields; pages and the wheel are for what stands above it.
        if (input is TerminalEvent.KeyPressed { Press.Key: Key.PageUp or Key.PageDown } or TerminalEvent.Mouse { Action: MouseAction.WheelUp or MouseAction.WheelDown })
            return Stay(this with { HeadScrolled = Head(head.Width).Scroll(input, HeadScrolled, head.Height) ?? HeadScrolled });
        var step = input is not TerminalEvent.Mouse mouse ? Form.Handle(input)
            : mouse.Action == MouseAction.Press && form.Contains(mouse.X, mouse.Y) ? Form.Click(mouse.X - form.X, mouse.Y - form.Y + ScrollIn(form), form.Width)
            : new FormStep.Ignored();
        return step switch
        {
            FormStep.Submitted submitted => Answer(submitted.Values),
            FormStep.Changed changed => Stay(this with { Form = changed.Next }),
            _ => Stay(this),
        };
    }

    /// <summary>Rows of the form above the window, so that what has the focus is in sight.</summary>
    private int ScrollIn(Rect form)
    {
        var (first, end) = Form.FocusRows(form.Width);
        return Math.Max(0, Math.Min(first, end - form.Height));
    }

    /// <summary>What stands above the form gets at most half of the room: one must see what one types.</summary>
    private (Rect Head, Rect Form) Layout(Rect box)
    {
        var inside = OverlayFrame.Inside(box);
        var head = Head(inside.Width).Height;
        var missing = Math.Max(0, head + Form.HeightAt(inside.Width) - inside.Height);
        return inside.SplitTop(Math.Clamp(head - missing, Math.Min(head, inside.Height / 2), head));
    }

    private TextBlock Head(int width)
    {
        var head = new TextBlock(width);
        if (Plugin is { } plugin)
        {
            head.AddMark("asked by ", plugin);
            if (Form.Fields.Any(field => field.Kind == FieldKind.Secret))
                head.AddLed(new StyledText("▲ ", new Style(Tone.Warn)), 2, ["The plugin gets to know what you type: none of your own passwords belong here"]).Gap();
            if (PluginText.Length > 0)
                head.AddQuoted(PluginText[..Math.Min(PluginText.Length, OverlayLimits.Default.PluginText)]).Gap();
        }
        if (Note.Length > 0)
            head.Add(Note, Style.Plain).Gap();
        return head;
    }
}
