using LazyOC.Cli.Installing;
using LazyOC.Plugins.Packages;
using LazyOC.Plugins.Packages.Signing;

namespace LazyOC.Cli.Commands.Plugin;

/// <summary>Who vouches for a package.</summary>
/// <param name="Envelope">The file with its signatures; absent when there is none.</param>
/// <param name="State"><c>none</c>, <c>trusted</c>, <c>unknown</c> (signed, with keys not known here), <c>changed</c> (signed, but not with the key from before) or <c>bad</c>.</param>
/// <param name="Words">The same for people.</param>
internal sealed record PackageSignature(string? Envelope, string State, string Words)
{
    public const string None = "none";

    public const string Bad = "bad";

    public static PackageSignature Unsigned { get; } = new(null, None, "the package is not signed");

    /// <summary>The signatures beside a package's file, as this home judges them; nobody is asked.</summary>
    /// <exception cref="UserError">What the home remembers of keys is damaged.</exception>
    public static PackageSignature Beside(string path, PluginPackage package, Home home)
    {
        var file = path + PackageSignatures.Extension;
        if (!File.Exists(file)) return Unsigned;
        var name = Path.GetFileName(file);
        if (!PackageFetcher.ReadSignatures(path).TryGet(out var envelopes, out var problems)) return new PackageSignature(name, Bad, problems[0].Message);
        var decision = TrustPolicy.Decide(TrustMode.Default, new TrustRequest
        {
            Package = PackageIdentity.Of(package),
            Envelopes = envelopes,
            Pins = Pins.Read(home.Trust).OrThrow(ExitCode.Failed),
        });
        return decision switch
        {
            TrustDecision.Trusted trusted => new PackageSignature(name, "trusted", $"signed with a key of {package.Manifest.Id.Publisher} that you trust ({trusted.Signer.Key!.Value.Fingerprint})"),
            TrustDecision.NeedsFingerprint => new PackageSignature(name, "unknown", "signed with a key that you have not trusted yet; installing it asks for its fingerprint"),
            TrustDecision.KeyChanged => new PackageSignature(name, "changed", $"signed, but NOT with the key that the packages of {package.Manifest.Id.Publisher} were signed with before"),
            TrustDecision.Refused refused => new PackageSignature(name, Bad, refused.Problem.Message),
            _ => throw new InvalidOperationException($"trust was decided as {decision}"),
        };
    }

    public override string ToString() => Words;
}
