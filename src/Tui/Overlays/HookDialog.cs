using System.Collections.Immutable;
using System.Globalization;
using LazyOC.Plugins.Runtime.Extensions;
using LazyOC.Tui.Details.Text;
using LazyOC.Tui.Screen;
using LazyOC.Tui.Terminal;

namespace LazyOC.Tui.Overlays;

/// <summary>What hooks say about the change of one object.</summary>
/// <param name="Name">The object.</param>
/// <param name="Denials">Why it is not made.</param>
/// <param name="Warnings">What is to be read first.</param>
/// <param name="PatchedBy">Who would change it first.</param>
/// <param name="Difference">How.</param>
internal sealed record HookedObject(string Name, ImmutableArray<HookRemark> Denials, ImmutableArray<HookRemark> Warnings, ImmutableArray<HookRemark> PatchedBy, ImmutableArray<DiffLine> Difference);

/// <summary>
/// Shows what plugins say about a change before it is made, in the host's frame, each by name. What they refuse is only
/// told; the rest goes on when the user, who has seen all of it, chooses so.
/// </summary>
internal sealed record HookDialog : Overlay<bool>
{
    private const int Width = 88;

    /// <summary>What the user is about to do: <c>Delete</c>.</summary>
    public required string Verb { get; init; }

    /// <summary>To what: <c>deployment checkout</c>, <c>3 pods</c>.</summary>
    public required string What { get; init; }

    /// <summary>Those about which anything was said.</summary>
    public required ImmutableArray<HookedObject> Objects { get; init; }

    /// <summary>How many objects it can still be done to.</summary>
    public required int Going { get; init; }

    private bool OnAccept { get; init; }

    private int Scrolled { get; init; }

    public override bool IsModal => true;

    private bool IsRefused => Going == 0;

    private bool Changes => Objects.Any(o => o is { Denials.IsEmpty: true, Difference.IsEmpty: false });

    private string Accept => Changes ? $"{Verb} with the change" : Objects.Any(o => !o.Denials.IsEmpty) ? $"{Verb} the others" : $"{Verb} anyway";

    public override Rect AreaIn(FrameSize size)
    {
        var box = OverlayFrame.Centered(size, Width, int.MaxValue / 2);
        return OverlayFrame.Centered(size, Width, Body(OverlayFrame.Inside(box).Width).Height + 4);
    }

    public override void Draw(Canvas canvas, DateTimeOffset now)
    {
        var (body, buttons) = Layout(canvas.Area);
        var text = Body(body.Width);
        var frame = new OverlayFrame(IsRefused ? $"Refused by a plugin: {Verb.ToLowerInvariant()} {What}" : Changes ? $"A plugin changes it first: {Verb.ToLowerInvariant()} {What}?" : $"A plugin warns: {Verb.ToLowerInvariant()} {What}?")
        {
            Plugin = MarkOf(First),
            Tone = IsRefused ? Tone.Error : Tone.Warn,
            Hints = IsRefused ? [new("↑↓", "scroll"), new("enter", "close")]
                : IsRead(text, body.Height) ? [new("y", Accept.ToLowerInvariant()), new("n", "cancel"), new("tab", "choose"), new("enter", OnAccept ? Accept.ToLowerInvariant() : "cancel")]
                : [new("↓", "read on"), new("n", "cancel")],
        };
        frame.Draw(canvas);
        text.Draw(canvas.Part(body), Scrolled);
        Buttons(text, body.Height).Draw(canvas, buttons);
    }

    public override OverlayStep Handle(TerminalEvent input, FrameSize size)
    {
        var (body, buttons) = Layout(AreaIn(size));
        var text = Body(body.Width);
        var mayAccept = !IsRefused && IsRead(text, body.Height);
        if (input is TerminalEvent.Mouse { Action: MouseAction.Press } mouse)
            return Buttons(text, body.Height).At(buttons, mouse.X, mouse.Y) is { } button ? button == 1 && mayAccept ? Answer(true) : Dismiss : Stay(this);
        if (text.Scroll(input, Scrolled, body.Height) is { } scroll)
            return Stay(this with { Scrolled = scroll });
        return input is not TerminalEvent.KeyPressed(var press) ? Stay(this) : press switch
        {
            { Key: Key.Enter } => OnAccept && mayAccept ? Answer(true) : Dismiss,
            { IsText: true, Rune.Value: 'y' } => mayAccept ? Answer(true) : Stay(this with { Scrolled = Math.Min(text.MaxScroll(body.Height), Scrolled + Math.Max(1, body.Height - 1)) }),
            { IsText: true, Rune.Value: 'n' or 'q' } => Dismiss,
            { Key: Key.Tab } => Stay(this with { OnAccept = mayAccept && !OnAccept }),
            { Key: Key.Left } => Stay(this with { OnAccept = false }),
            { Key: Key.Right } => Stay(this with { OnAccept = mayAccept }),
            _ => Stay(this),
        };
    }

    private HookRemark First => Objects.SelectMany(o => o.Denials.Concat(o.Warnings).Concat(o.PatchedBy)).First();

    private static PluginMark MarkOf(HookRemark remark) => new(remark.Plugin, remark.PluginName);

    /// <summary>Whether the last line is in sight: nobody agrees to a change that was not shown.</summary>
    private bool IsRead(TextBlock text, int height) => Scrolled >= text.MaxScroll(height);

    private ButtonRow Buttons(TextBlock text, int height) => IsRefused
        ? new([new OverlayButton("Close")], 0)
        : new([new OverlayButton("Cancel"), new OverlayButton(Accept, Tone.Warn, IsRead(text, height))], OnAccept ? 1 : 0);

    private static (Rect Body, Rect Buttons) Layout(Rect box)
    {
        var (body, buttons) = OverlayFrame.Inside(box).SplitBottom(1);
        return (body.Height > 2 ? body.SplitBottom(1).Remainder : body, buttons);
    }

    private TextBlock Body(int width)
    {
        var body = new TextBlock(width);
        foreach (var hooked in Objects.Take(OverlayLimits.Default.NamedObjects))
        {
            if (Objects.Length > 1 || Going > 1)
                body.Gap().Add(hooked.Name, Style.Strong);
            foreach (var denial in hooked.Denials)
                AddRemark(body, "refused by ", denial);
            foreach (var warning in hooked.Denials.IsEmpty ? hooked.Warnings : [])
                AddRemark(body, "a warning of ", warning);
            if (hooked.Denials.IsEmpty && !hooked.Difference.IsEmpty)
                AddDifference(body, hooked);
        }
        if (Objects.Length > OverlayLimits.Default.NamedObjects)
            body.Gap().Add(string.Create(CultureInfo.InvariantCulture, $"and {Objects.Length - OverlayLimits.Default.NamedObjects} more objects"), Style.Muted);
        return body;
    }

    private static void AddRemark(TextBlock body, string lead, HookRemark remark)
    {
        body.Gap().AddMark(lead, MarkOf(remark));
        var text = remark.Text[..Math.Min(remark.Text.Length, OverlayLimits.Default.PluginText)];
        if (remark.FromHost)
            body.Add(text, Style.Plain);
        else
            body.AddQuoted(text);
    }

    private static void AddDifference(TextBlock body, HookedObject hooked)
    {
        foreach (var by in hooked.PatchedBy)
            body.Gap().AddMark("changed by ", MarkOf(by));
        foreach (var line in hooked.Difference.Take(TuiLimits.Default.DiffLines))
        {
            var style = line.Sign switch { '+' => new Style(Tone.Ok), '-' => Style.Error, _ => Style.Muted };
            body.AddLed(new StyledText($"{line.Sign} ", style), 2, [new StyledText(line.Text, style)]);
        }
        if (hooked.Difference.Length > TuiLimits.Default.DiffLines)
            body.Add(string.Create(CultureInfo.InvariantCulture, $"… {hooked.Difference.Length - TuiLimits.Default.DiffLines} more lines differ"), new Style(Tone.Warn));
    }
}
