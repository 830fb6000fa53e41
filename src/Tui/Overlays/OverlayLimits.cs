namespace LazyOC.Tui.Overlays;

/// <summary>Every bound of what lies over the screen.</summary>
internal sealed record OverlayLimits
{
    public static OverlayLimits Default { get; } = new();

    /// <summary>Overlays open at once, one above the other; the lowest is dismissed for one more.</summary>
    public int Open { get; init; } = 32;

    /// <summary>Notices shown at once.</summary>
    public int ShownNotices { get; init; } = 4;

    /// <summary>Notices kept to be looked up.</summary>
    public int KeptNotices { get; init; } = 200;

    /// <summary>How long nobody may have typed before an overlay that nobody asked for listens, so that keys for something else do not answer it.</summary>
    public TimeSpan Deaf { get; init; } = TimeSpan.FromMilliseconds(600);

    /// <summary>Choices that a filter keeps; more are counted, not listed.</summary>
    public int Matches { get; init; } = 1_000;

    /// <summary>Characters of a choice that a filter looks at.</summary>
    public int MatchedCharacters { get; init; } = 256;

    /// <summary>Words of a filter that are looked for; more are not looked at.</summary>
    public int FilterTerms { get; init; } = 8;

    /// <summary>Characters of a paragraph in an overlay; the rest is cut off, with an ellipsis.</summary>
    public int ParagraphCharacters { get; init; } = 16 * 1024;

    /// <summary>Objects a confirmation names.</summary>
    public int NamedObjects { get; init; } = 10;

    /// <summary>Objects above which a destructive confirmation asks for their number.</summary>
    public int FreelyConfirmed { get; init; } = 10;

    /// <summary>Characters of a plugin's text in a question.</summary>
    public int PluginText { get; init; } = 2_000;

    /// <summary>Questions of plugins that wait for an answer; one more is refused.</summary>
    public int PluginQuestions { get; init; } = 16;
}
