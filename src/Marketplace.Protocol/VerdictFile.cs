using System.Collections.Immutable;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Packages.Signing;

namespace LazyOC.Marketplace.Protocol;

/// <summary><c>/v1/verdicts/DIGEST.json</c>: what a registry's scanners have said of a package, in one envelope that its keys have signed.</summary>
/// <remarks>Immutable and thread safe. There is no way to one that is not verified.</remarks>
public sealed class VerdictFile
{
    public const string PayloadType = "application/vnd.lazyoc.verdicts+json";

    private const string Pass = "pass";

    private readonly VerdictDocument _document;

    private VerdictFile(VerdictDocument document) => _document = document;

    public ImmutableArray<ScannerVerdict> Scans => _document.Scans;

    /// <summary>Whether a scanner has passed the package; a person's word does not stand for it.</summary>
    public bool Passed(string scanner) => Scans.Any(scan => scan.Scanner == scanner && scan.Verdict == Pass);

    /// <summary>Reads the file from anywhere, and refuses it unless the registry's keys have signed just this, for this package, and lately.</summary>
    public static Outcome<VerdictFile> Read(ReadOnlySpan<byte> utf8, Digest package, KeySet roots, DateTimeOffset now, RegistryLimits? limits = null)
    {
        limits ??= RegistryLimits.Default;
        var name = $"verdicts of {package}";
        if (!SignedJson.Read(utf8, PayloadType, roots, RegistryJson.Default.VerdictDocument, limits.MaxPolicyBytes, name).TryGet(out var document, out var problems)) return problems;
        if (document.Package != package) return new Problem(name, "are those of another package", "tell those who run the registry");
        // It is made when it is asked for, and has no number of its own.
        return new Freshness(1, document.Issued, document.Expires).Check(now, 1, limits) is { } problem ? problem.In(name) : new VerdictFile(document);
    }

    /// <summary>Makes the file.</summary>
    public static byte[] Write(VerdictDocument document, params ReadOnlySpan<SigningKey> keys) => SignedJson.Write(PayloadType, document, RegistryJson.Default.VerdictDocument, keys);
}

/// <summary>What is signed of verdicts.</summary>
public sealed record VerdictDocument
{
    /// <summary>Of the <c>.lzp</c> file.</summary>
    public required Digest Package { get; init; }

    public required DateTimeOffset Issued { get; init; }

    public required DateTimeOffset Expires { get; init; }

    public required ImmutableArray<ScannerVerdict> Scans { get; init; }
}

/// <summary>What one scanner has said.</summary>
/// <param name="Scanner">Its name.</param>
/// <param name="Verdict"><c>pass</c>, or another word.</param>
/// <param name="RulesVersion">Of the rules that it went by.</param>
/// <param name="At">When.</param>
public sealed record ScannerVerdict(string Scanner, string Verdict, int RulesVersion, DateTimeOffset At);
