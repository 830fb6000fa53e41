namespace LazyOC.Plugins.Contracts.Manifest;

/// <summary>What a manifest may hold at most.</summary>
/// <param name="MaxBytes">Size of <c>plugin.json</c>.</param>
/// <param name="MaxDepth">Nesting of objects and arrays.</param>
/// <param name="MaxProblems">How many problems are listed.</param>
/// <param name="MaxTextLength">Characters of a name, title, description, reason or path.</param>
/// <param name="MaxItems">Entries of any list: contributions of a kind, rules, activation events, keywords.</param>
/// <param name="MaxMemoryBytes">Linear memory that can be asked for.</param>
/// <param name="MinMemoryBytes">Linear memory that is worth asking for: one page of WebAssembly.</param>
public sealed record ManifestLimits(
    int MaxBytes = 256 << 10,
    int MaxDepth = 32,
    int MaxProblems = 20,
    int MaxTextLength = 1_000,
    int MaxItems = 100,
    long MaxMemoryBytes = 1L << 30,
    long MinMemoryBytes = 64 << 10)
{
    public static ManifestLimits Default { get; } = new();
}
