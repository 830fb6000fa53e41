using System.Collections.Immutable;
using System.Globalization;
using LazyOC.Plugins.Contracts.Manifest;
using LazyOC.Tui.Screen;
using LazyOC.Tui.Terminal;
using LazyOC.Tui.Widgets;

namespace LazyOC.Tui.Overlays;

/// <summary>
/// Asks before something is done: what, to which objects, where and as whom. The answer is true only when the user chose
/// to; what is destructive is refused by default, and for many objects or cluster-wide ones the user types how many or which.
/// </summary>
internal sealed record Confirmation : Overlay<bool>
{
    private const int Width = 72;
    private const int Labels = 9;

    /// <summary>What the button says, an imperative: <c>Delete</c>. The host's word also when a plugin asks.</summary>
    public required string Verb { get; init; }

    /// <summary>To what, behind the verb: <c>3 pods</c>, <c>deployment checkout</c>; the host's words, too.</summary>
    public string What { get; init; } = "";

    /// <summary>What the other button says.</summary>
    public string Refusal { get; init; } = "Cancel";

    /// <summary>Names of the objects it is done to; empty when <see cref="What"/> says it all.</summary>
    public ImmutableArray<string> Objects { get; init; } = [];

    /// <summary>Their namespace; null when they have none or are of several.</summary>
    public string? Namespace { get; init; }

    /// <summary>The context and cluster it is done in; null when it has nothing to do with a cluster.</summary>
    public string? Context { get; init; }

    /// <summary>As whom.</summary>
    public string? User { get; init; }

    public DangerLevel Danger { get; init; }

    /// <summary>Whether the kind belongs to the whole cluster.</summary>
    public bool ClusterWide { get; init; }

    /// <summary>What follows from it, one sentence; null when that is plain.</summary>
    public string? Consequence { get; init; }

    /// <summary>The plugin that would do it or that asks; null for the host.</summary>
    public PluginMark? Plugin { get; init; }

    /// <summary>What the plugin says about it; shown quoted.</summary>
    public string PluginText { get; init; } = "";

    /// <summary>What the user typed for <see cref="Challenge"/>.</summary>
    public TextField Typed { get; init; } = new();

    /// <summary>Whether the button that does it has the focus; null before the user moved it.</summary>
    public bool? OnAccept { get; init; }

    private int Scrolled { get; init; }

    /// <summary>What must be typed first: the number of the objects, the name of a single one; null when nothing.</summary>
    public string? Challenge => Danger != DangerLevel.Destructive || Objects.IsEmpty ? null
        : Objects.Length > OverlayLimits.Default.FreelyConfirmed ? Objects.Length.ToString(CultureInfo.InvariantCulture)
        : !ClusterWide ? null
        : Objects.Length == 1 ? TextField.Of(Objects[0]).Text
        : Objects.Length.ToString(CultureInfo.InvariantCulture);

    public override bool IsModal => true;

    private bool MayAccept => Challenge is not { } challenge || Typed.Text.Trim() == challenge;

    private bool AcceptIsFocused => OnAccept ?? (Challenge is not null || (Danger != DangerLevel.Destructive && Plugin is null));

    private ButtonRow Buttons => new(
        [new OverlayButton(Refusal), new OverlayButton(Verb, Danger switch { DangerLevel.Destructive => Tone.Error, DangerLevel.Caution => Tone.Warn, _ => Tone.Accent }, MayAccept)],
        AcceptIsFocused ? 1 : 0);

    public override Rect AreaIn(FrameSize size)
    {
        var box = OverlayFrame.Centered(size, Width, int.MaxValue / 2);
        var text = Body(OverlayFrame.Inside(box).Width);
        return OverlayFrame.Centered(size, Width, text.Height + 4 + (Challenge is null ? 0 : 2));
    }

    public override void Draw(Canvas canvas, DateTimeOffset now)
    {
        var (yes, no) = (Verb.ToLowerInvariant(), Refusal.ToLowerInvariant());
        var frame = new OverlayFrame(Plugin is null ? $"{Verb} {What}?" : What.Length == 0 ? "A plugin asks" : $"A plugin asks: {yes} {What}?")
        {
            Plugin = Plugin,
            Tone = Danger switch { DangerLevel.Destructive => Tone.Error, DangerLevel.Caution => Tone.Warn, _ => Tone.Focus },
            Hints = Challenge is null
                ? [new("y", yes), new("n", no), new("tab", "choose"), new("enter", AcceptIsFocused ? yes : no)]
                : [new("enter", yes), new("esc", no)],
        };
        frame.Draw(canvas);
        var layout = Layout.Of(canvas.Area, Challenge is not null);
        Body(layout.Body.Width).Draw(canvas.Part(layout.Body), Scrolled);
        if (Challenge is { } challenge)
        {
            var field = canvas.Part(layout.Field);
            var x = field.Write(0, 0, "Type ", Style.Plain);
            var room = Math.Max(0, field.Width - x - 18);
            field.Write(x, 0, room, challenge, Style.Strong);
            x += Math.Min(room, CellText.WidthOf(challenge)) + 1;
            x += field.Write(x, 0, "to confirm ", Style.Plain);
            Typed.Draw(field, x, 0, field.Width - x, focused: true);
        }
        Buttons.Draw(canvas, layout.Buttons);
    }

    public override OverlayStep Handle(TerminalEvent input, FrameSize size)
    {
        var layout = Layout.Of(AreaIn(size), Challenge is not null);
        if (input is TerminalEvent.Mouse { Action: MouseAction.Press } mouse)
            return Buttons.At(layout.Buttons, mouse.X, mouse.Y) is { } button ? Chosen(button == 1) : Stay(this);
        if (input is TerminalEvent.KeyPressed { Press.Key: Key.Enter })
            return Chosen(AcceptIsFocused);
        if (Challenge is not null && Typed.TryHandle(input, out var typed))
            return Stay(this with { Typed = typed });
        if (Body(layout.Body.Width).Scroll(input, Scrolled, layout.Body.Height) is { } scroll)
            return Stay(this with { Scrolled = scroll });
        return input is TerminalEvent.KeyPressed(var press) && Challenge is null ? Pressed(press) : Stay(this);
    }

    private OverlayStep Pressed(KeyPress press) => press switch
    {
        { IsText: true, Rune.Value: 'y' } => Answer(true),
        { IsText: true, Rune.Value: 'n' or 'q' } => Dismiss,
        { Key: Key.Tab } => Stay(this with { OnAccept = !AcceptIsFocused }),
        { Key: Key.Left } or { IsText: true, Rune.Value: 'h' } => Stay(this with { OnAccept = false }),
        { Key: Key.Right } or { IsText: true, Rune.Value: 'l' } => Stay(this with { OnAccept = true }),
        _ => Stay(this),
    };

    private OverlayStep Chosen(bool accept) => !accept ? Dismiss : MayAccept ? Answer(true) : Stay(this);

    private TextBlock Body(int width)
    {
        var body = new TextBlock(width);
        if (Plugin is { } plugin)
            body.AddMark("asked by ", plugin);
        // Where comes before what: the title tells what, and a long list must not push the cluster out of sight.
        if (Namespace is not null)
            body.AddFact("namespace", Labels, new StyledText(Namespace, Style.Strong));
        else if (ClusterWide)
            body.AddFact("namespace", Labels, new StyledText("none: it belongs to the whole cluster", new Style(Tone.Warn)));
        if (Context is not null)
            body.AddFact("context", Labels, new StyledText(Context, Style.Strong));
        if (User is not null)
            body.AddFact("user", Labels, User);
        var named = Objects.Take(OverlayLimits.Default.NamedObjects).ToImmutableArray();
        for (var i = 0; i < named.Length; i++)
            body.AddFact(i > 0 ? "" : Objects.Length == 1 ? "object" : "objects", Labels, new StyledText(named[i], Style.Strong));
        if (Objects.Length > named.Length)
            body.AddFact("", Labels, new StyledText(string.Create(CultureInfo.InvariantCulture, $"and {Objects.Length - named.Length} more"), Style.Muted));
        if (Consequence is not null)
            body.Gap().AddLed(new StyledText("▲ ", new Style(Tone.Warn)), 2, [Consequence]);
        if (PluginText.Length > 0)
            body.Gap().AddQuoted(PluginText[..Math.Min(PluginText.Length, OverlayLimits.Default.PluginText)]); // last: however long, it hides nothing
        return body;
    }

    /// <summary>Where the parts stand inside a box.</summary>
    private readonly record struct Layout(Rect Body, Rect Field, Rect Buttons)
    {
        public static Layout Of(Rect box, bool hasField)
        {
            var (body, buttons) = OverlayFrame.Inside(box).SplitBottom(1);
            Rect field = default;
            if (hasField)
            {
                (body, _) = body.Height > 3 ? body.SplitBottom(1) : (body, default);
                (body, field) = body.SplitBottom(1);
            }
            (body, _) = body.Height > 2 ? body.SplitBottom(1) : (body, default);
            return new Layout(body, field, buttons);
        }
    }
}
