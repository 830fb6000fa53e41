using System.Collections.Immutable;
using LazyOC.Plugins.Contracts.Permissions;
using LazyOC.Tui.Terminal;

namespace LazyOC.Tui.Overlays;

/// <summary>Permissions in words, the most dangerous first, each with the reason its plugin gives.</summary>
internal static class PermissionText
{
    private static readonly StyledText Quoted = new("    ▏", new Style(Tone.Info));

    public static void Add(TextBlock body, string title, PermissionSet permissions, ImmutableDictionary<string, string> reasons)
    {
        Add(body, title, permissions.InWords(), reasons);
        if (permissions.IsNone)
            body.AddLed(new StyledText("  ", Style.Plain), 2, [new StyledText("nothing but draw its own views", Style.Muted)]);
    }

    public static void Add(TextBlock body, string title, ImmutableArray<PermissionSentence> sentences, ImmutableDictionary<string, string> reasons)
    {
        body.Add(title, Style.Strong);
        for (var i = 0; i < sentences.Length; i++)
        {
            var sentence = sentences[i];
            var (sign, tone) = SignOf(sentence.Reach);
            var style = new Style(tone);
            var text = new StyledText(sentence.Text, tone == Tone.Muted ? Style.Plain : style);
            body.AddLed(new StyledText($"  {sign} ", style), 4, sentence.Reach == PermissionReach.FullTrust ? [new StyledText("full trust: ", style.Bold()), text] : [text]);
            // Permissions that share a reason stand together; it is given once, below them.
            var reason = ReasonOf(sentence.Path, reasons);
            if (reason is not null && (i + 1 == sentences.Length || ReasonOf(sentences[i + 1].Path, reasons) != reason))
                body.AddLed(Quoted, 6, [new StyledText(reason, Style.Muted)], Quoted);
        }
    }

    /// <summary>A sign for how far a permission reaches: seen without colour, too.</summary>
    public static (string Sign, Tone Tone) SignOf(PermissionReach reach) => reach switch
    {
        PermissionReach.FullTrust => ("‼", Tone.Error),
        PermissionReach.Secrets => ("!", Tone.Error),
        PermissionReach.Writes => ("▲", Tone.Warn),
        PermissionReach.Network => ("↗", Tone.Warn),
        PermissionReach.Local => ("⌂", Tone.Info),
        _ => ("•", Tone.Muted),
    };

    /// <summary>A reason is given for a permission or for what it is part of: <c>kubernetes</c> for <c>permissions.kubernetes[0]</c>.</summary>
    private static string? ReasonOf(string path, ImmutableDictionary<string, string> reasons)
    {
        const string Root = "permissions.";
        var key = path.StartsWith(Root, StringComparison.Ordinal) ? path[Root.Length..] : path;
        while (key.Length > 0)
        {
            if (reasons.TryGetValue(key, out var reason) && reason.Length > 0)
                return reason;
            key = key[..Math.Max(0, key.LastIndexOfAny(['.', '[']))];
        }
        return null;
    }
}
