namespace LazyOC.Marketplace.Protocol;

/// <summary>What a registry's documents may hold at most.</summary>
/// <param name="MaxConfigBytes">Size of <c>config.json</c>.</param>
/// <param name="MaxIndexBytes">Size of a plugin's index.</param>
/// <param name="MaxIndexLineBytes">Size of one line of it.</param>
/// <param name="MaxVersions">Versions of a plugin.</param>
/// <param name="MaxPublisherBytes">Size of a publisher's file.</param>
/// <param name="MaxKeys">Keys of a registry or a publisher, and rotations and revocations of a publisher, each.</param>
/// <param name="MaxFeatures">Features that a registry names.</param>
/// <param name="MaxTextChars">Characters of a name, a reason or a URL.</param>
/// <param name="MaxPackageBytes">Size of a package.</param>
/// <param name="MaxCooldownHours">How long a version may be held back.</param>
/// <param name="MaxSequenceStep">
/// How far the sequence number of a document may be ahead of the one seen before. Without it, whoever gets hold of the keys
/// once could set a number so high that no honest document is ever accepted again.
/// </param>
/// <param name="MaxValidityDays">How long after its issue a document may expire.</param>
/// <param name="MaxClockSkewMinutes">How far in the future a document may be issued, for clocks that differ.</param>
/// <param name="MaxPolicyBytes">Size of a policy, and of verdicts.</param>
/// <param name="MaxPolicyEntries">Entries of a list in a policy.</param>
public sealed record RegistryLimits(
    int MaxConfigBytes = 64 << 10,
    int MaxIndexBytes = 16 << 20,
    int MaxIndexLineBytes = 256 << 10,
    int MaxVersions = 5_000,
    int MaxPublisherBytes = 256 << 10,
    int MaxKeys = 32,
    int MaxFeatures = 32,
    int MaxTextChars = 500,
    int MaxPackageBytes = 32 << 20,
    int MaxCooldownHours = 24 * 90,
    long MaxSequenceStep = 1_000_000,
    int MaxValidityDays = 400,
    int MaxClockSkewMinutes = 10,
    int MaxPolicyBytes = 64 << 10,
    int MaxPolicyEntries = 500)
{
    public static RegistryLimits Default { get; } = new();
}
