using System.Collections.Immutable;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Contracts.Manifest;
using LazyOC.Plugins.Contracts.Permissions;
using LazyOC.Tui.Screen;
using LazyOC.Tui.Terminal;

namespace LazyOC.Tui.Overlays;

/// <summary>What somebody is asked to consent to.</summary>
/// <param name="Manifest">The plugin as it would be.</param>
/// <param name="Source">Where it comes from: a path, a registry.</param>
/// <param name="Digest">SHA-256 of the package.</param>
internal sealed record ConsentRequest(PluginManifest Manifest, string Source, Digest Digest)
{
    /// <summary>Nobody vouches for it.</summary>
    public bool Unsigned { get; init; }

    /// <summary>What it reaches through the services of plugins that are installed, the most dangerous first.</summary>
    public ImmutableArray<PermissionSentence> ThroughServices { get; init; } = [];

    /// <summary>The version that is installed now and what the user granted it; null for a plugin that is new.</summary>
    public (string Version, PermissionSet Granted)? Installed { get; init; }
}

/// <summary>
/// Asks whether a plugin may be installed or updated with what it wants to do, the most dangerous first. Only a choice after
/// everything was in sight makes the answer true.
/// </summary>
internal sealed record ConsentDialog(ConsentRequest Request) : Overlay<bool>
{
    private const int Width = 80;
    private const int Labels = 9;

    private bool OnAccept { get; init; }

    private int Scrolled { get; init; }

    private string Verb => Request.Installed is null ? "Install" : "Update";

    public override bool IsModal => true;

    public override Rect AreaIn(FrameSize size)
    {
        var box = OverlayFrame.Centered(size, Width, int.MaxValue / 2);
        return OverlayFrame.Centered(size, Width, Body(OverlayFrame.Inside(box).Width).Height + 4);
    }

    public override void Draw(Canvas canvas, DateTimeOffset now)
    {
        var (body, buttons) = Layout(canvas.Area);
        var text = Body(body.Width);
        var mayAccept = IsRead(text, body.Height);
        var frame = new OverlayFrame($"{Verb} a plugin?")
        {
            Tone = Tone.Warn,
            Hints = mayAccept
                ? [new("y", Verb.ToLowerInvariant()), new("n", "no"), new("tab", "choose"), new("enter", OnAccept ? Verb.ToLowerInvariant() : "no")]
                : [new("↓", "read on"), new("n", "no"), new("esc", "no")],
        };
        frame.Draw(canvas);
        text.Draw(canvas.Part(body), Scrolled);
        Buttons(mayAccept).Draw(canvas, buttons);
    }

    public override OverlayStep Handle(TerminalEvent input, FrameSize size)
    {
        var (body, buttons) = Layout(AreaIn(size));
        var text = Body(body.Width);
        var mayAccept = IsRead(text, body.Height);
        if (input is TerminalEvent.Mouse { Action: MouseAction.Press } mouse)
            return Buttons(mayAccept).At(buttons, mouse.X, mouse.Y) is { } button ? button == 1 ? Answer(true) : Dismiss : Stay(this);
        if (text.Scroll(input, Scrolled, body.Height) is { } scroll)
            return Stay(this with { Scrolled = scroll });
        return input is not TerminalEvent.KeyPressed(var press) ? Stay(this) : press switch
        {
            { Key: Key.Enter } => !OnAccept ? Dismiss : mayAccept ? Answer(true) : Stay(this),
            { IsText: true, Rune.Value: 'y' } => mayAccept ? Answer(true) : Stay(this with { Scrolled = Math.Min(text.MaxScroll(body.Height), Scrolled + Math.Max(1, body.Height - 1)) }),
            { IsText: true, Rune.Value: 'n' or 'q' } => Dismiss,
            { Key: Key.Tab } => Stay(this with { OnAccept = mayAccept && !OnAccept }),
            { Key: Key.Left } => Stay(this with { OnAccept = false }),
            { Key: Key.Right } => Stay(this with { OnAccept = mayAccept }),
            _ => Stay(this),
        };
    }

    /// <summary>Whether the last line is in sight: what was not shown cannot be consented to.</summary>
    private bool IsRead(TextBlock text, int height) => Scrolled >= text.MaxScroll(height);

    private ButtonRow Buttons(bool mayAccept) => new([new OverlayButton("No"), new OverlayButton(Verb, Tone.Warn, mayAccept)], OnAccept && mayAccept ? 1 : 0);

    private static (Rect Body, Rect Buttons) Layout(Rect box)
    {
        var (body, buttons) = OverlayFrame.Inside(box).SplitBottom(1);
        return (body.Height > 2 ? body.SplitBottom(1).Remainder : body, buttons);
    }

    private TextBlock Body(int width)
    {
        var manifest = Request.Manifest;
        var body = new TextBlock(width)
            .AddMark("", new PluginMark(manifest.Id, manifest.DisplayName));
        if (manifest.Description.Length > 0)
            body.AddQuoted(manifest.Description).Gap();
        body.AddFact("publisher", Labels, new StyledText(manifest.Id.Publisher, Style.Strong));
        body.AddFact("version", Labels, Request.Installed is { } installed ? $"{installed.Version} → {manifest.Version}" : manifest.Version.ToString());
        if (Request.Unsigned)
            body.Gap().AddLed(new StyledText("▲ ", new Style(Tone.Warn)), 2, [new StyledText("Unsigned: nobody vouches that this comes from its publisher", new Style(Tone.Warn).Bold())]);
        AddPermissions(body.Gap(), manifest);
        foreach (var hook in manifest.Contributes.Hooks.Select(hook => hook.FailureInWords()).OfType<string>())
            body.AddLed(new StyledText("  ◇ ", new Style(Tone.Info)), 4, [hook]);
        body.Gap().AddFact("from", Labels, Request.Source);
        return body.AddFact("digest", Labels, new StyledText(Request.Digest.ToString(), Style.Muted));
    }

    private void AddPermissions(TextBlock body, PluginManifest manifest)
    {
        if (Request.Installed is not { } installed)
        {
            PermissionText.Add(body, "It may", manifest.Permissions, manifest.PermissionReasons);
            AddServices(body);
            return;
        }
        var added = manifest.Permissions.Widening(installed.Granted);
        var dropped = installed.Granted.Widening(manifest.Permissions);
        if (added.IsNone)
            body.Add("It may do nothing that it may not do now", Style.Strong);
        else
            PermissionText.Add(body, "New: it may also", added, manifest.PermissionReasons);
        AddServices(body);
        if (!dropped.IsNone)
            PermissionText.Add(body.Gap(), "No longer: it gives up that it may", dropped, ImmutableDictionary<string, string>.Empty);
        var kept = manifest.Permissions.InWords().Length - added.InWords().Length;
        if (kept > 0)
            body.Gap().Add($"Unchanged: {kept} more, as granted before", Style.Muted);
    }

    private void AddServices(TextBlock body)
    {
        if (!Request.ThroughServices.IsEmpty)
            PermissionText.Add(body.Gap(), "Through services of other plugins it may", Request.ThroughServices, ImmutableDictionary<string, string>.Empty);
    }
}
