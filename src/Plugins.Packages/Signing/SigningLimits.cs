namespace LazyOC.Plugins.Packages.Signing;

/// <summary>Bounds of what is read of signatures and keys, and the price of guessing a passphrase.</summary>
/// <param name="MaxEnvelopeBytes">Size of one envelope as JSON.</param>
/// <param name="MaxSignatures">Signatures of one envelope; with <paramref name="MaxEnvelopes"/> it bounds how many signatures are computed for one package.</param>
/// <param name="MaxPayloadTypeChars">Characters of an envelope's payload type.</param>
/// <param name="MaxEnvelopes">Envelopes beside one package.</param>
/// <param name="MaxSignatureFileBytes">Size of a package's <c>.dsse.json</c>.</param>
/// <param name="MaxKeyFileBytes">Size of a key's file, or of a PEM file.</param>
/// <param name="MaxKeys">Keys in a folder.</param>
/// <param name="MaxPinFileBytes">Size of <c>trust.json</c>.</param>
/// <param name="MaxReasonChars">Characters of the reason of a revocation.</param>
/// <param name="MinPassphraseChars">Characters of the passphrase of a private key.</param>
/// <param name="PassphraseIterations">Rounds of PBKDF2 with SHA-256 (OWASP Password Storage Cheat Sheet, 2023).</param>
public sealed record SigningLimits(
    int MaxEnvelopeBytes = 256 << 10,
    int MaxSignatures = 8,
    int MaxPayloadTypeChars = 200,
    int MaxEnvelopes = 4,
    int MaxSignatureFileBytes = 512 << 10,
    int MaxKeyFileBytes = 64 << 10,
    int MaxKeys = 100,
    int MaxPinFileBytes = 4 << 20,
    int MaxReasonChars = 500,
    int MinPassphraseChars = 8,
    int PassphraseIterations = 600_000)
{
    public static SigningLimits Default { get; } = new();
}
