namespace LazyOC.Plugins.Packages;

/// <summary>What a package may hold at most.</summary>
/// <param name="MaxPackedBytes">Size of the <c>.lzp</c> file.</param>
/// <param name="MaxUnpackedBytes">Size of all files together.</param>
/// <param name="MaxEntries">Number of files.</param>
/// <param name="MaxRatio">Unpacked over packed size of a file larger than <paramref name="RatioFromBytes"/>.</param>
/// <param name="RatioFromBytes">Smaller files may be packed as tightly as they like.</param>
/// <param name="MaxJavaScriptBytes">Size of a JavaScript <c>main</c>.</param>
/// <param name="MaxTemplateBytes">Size of a template.</param>
/// <param name="MaxSbomBytes">Size of an <c>sbom.cdx.json</c> that is shown.</param>
/// <param name="MaxSbomComponents">Entries of an <c>sbom.cdx.json</c>.</param>
/// <param name="MaxBuildFileBytes">Size of a metafile, <c>package-lock.json</c> or <c>package.json</c> that packing reads.</param>
public sealed record PackageLimits(
    int MaxPackedBytes = 32 << 20,
    int MaxUnpackedBytes = 128 << 20,
    int MaxEntries = 4_096,
    int MaxRatio = 100,
    int RatioFromBytes = 1 << 20,
    int MaxJavaScriptBytes = 8 << 20,
    int MaxTemplateBytes = 256 << 10,
    int MaxSbomBytes = 4 << 20,
    int MaxSbomComponents = 2_000,
    int MaxBuildFileBytes = 32 << 20)
{
    public static PackageLimits Default { get; } = new();
}
