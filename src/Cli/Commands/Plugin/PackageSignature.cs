namespace LazyOC.Cli.Commands.Plugin;

/// <summary>Who vouches for a package, as far as its envelope was looked at.</summary>
/// <param name="Envelope">The envelope's file; absent when there is none.</param>
/// <param name="State"><c>none</c> or <c>not checked</c>.</param>
internal sealed record PackageSignature(string? Envelope, string State)
{
    /// <summary>What a package's file has <c>.dsse.json</c> appended to.</summary>
    private const string Suffix = ".dsse.json";

    public const string None = "none";

    public const string NotChecked = "not checked";

    /// <summary>The envelope beside a package's file.</summary>
    public static PackageSignature Beside(string package) => File.Exists(package + Suffix) ? new(Path.GetFileName(package) + Suffix, NotChecked) : new(null, None);

    public override string ToString() => Envelope is null ? "the package is not signed" : $"`{Envelope}` is beside it and was not checked";
}
