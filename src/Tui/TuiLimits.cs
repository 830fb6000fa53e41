namespace LazyOC.Tui;

/// <summary>Every bound the screen puts on what it asks for and draws.</summary>
internal sealed record TuiLimits
{
    public static TuiLimits Default { get; } = new();

    /// <summary>Kinds whose objects are counted for the navigation; the others show no count.</summary>
    public int CountedKinds { get; init; } = 64;

    /// <summary>Counts asked for at the same time.</summary>
    public int ParallelCounts { get; init; } = 8;

    /// <summary>Log lines a tab shows.</summary>
    public int LogLines { get; init; } = 500;

    /// <summary>Characters of YAML a tab shows.</summary>
    public int YamlCharacters { get; init; } = 1024 * 1024;

    /// <summary>Events a tab shows, the newest.</summary>
    public int Events { get; init; } = 200;

    /// <summary>Labels and annotations of the overview.</summary>
    public int Labels { get; init; } = 32;

    /// <summary>Characters of a line that is typed or pasted.</summary>
    public int FieldCharacters { get; init; } = 4096;
}
