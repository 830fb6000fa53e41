using System.Collections.Immutable;
using System.Security.Cryptography;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Contracts.Calls;
using LazyOC.Plugins.Sandbox.Broker;
using HashAlgorithm = LazyOC.Plugins.Contracts.Calls.HashAlgorithm;

namespace LazyOC.Plugins.Runtime.Capabilities;

/// <summary>The <c>crypto.*</c> calls.</summary>
/// <param name="random">The host's randomness.</param>
/// <param name="limits">The runtime's.</param>
internal sealed class CryptoCalls(RandomSource random, RuntimeLimits limits)
{
    public ImmutableArray<HostCallRow> Rows =>
    [
        new HostCallRow<CryptoRandomRequest, CryptoRandomAnswer>
        {
            Name = "crypto.random",
            AnswersAtOnce = true,
            WhileStaged = StagedRule.Allowed,
            Description = "Random bytes that nobody can predict.",
            Request = static () => ContractJson.Default.CryptoRandomRequest,
            Answer = static () => ContractJson.Default.CryptoRandomAnswer,
            Check = request => request.Bytes >= 1 && request.Bytes <= limits.RandomBytes ? null : new Problem("bytes", $"is {request.Bytes}; expected 1 to {limits.RandomBytes}"),
            Handler = (_, request, _) =>
            {
                var bytes = new byte[request.Bytes];
                random(bytes);
                return ValueTask.FromResult<CallOutcome<CryptoRandomAnswer>>(new CryptoRandomAnswer { Base64 = Convert.ToBase64String(bytes) });
            },
        },
        new HostCallRow<CryptoHashRequest, CryptoHashAnswer>
        {
            Name = "crypto.hash",
            AnswersAtOnce = true,
            WhileStaged = StagedRule.Allowed,
            Description = "The digest of text or bytes.",
            Request = static () => ContractJson.Default.CryptoHashRequest,
            Answer = static () => ContractJson.Default.CryptoHashAnswer,
            Handler = (_, request, _) => ValueTask.FromResult<CallOutcome<CryptoHashAnswer>>(new CryptoHashAnswer { Hex = Convert.ToHexStringLower(Hash(request.Algorithm, request.Data.Bytes.Span)) }),
        },
    ];

    private static byte[] Hash(HashAlgorithm algorithm, ReadOnlySpan<byte> data) => algorithm switch
    {
        HashAlgorithm.Sha256 => SHA256.HashData(data),
        HashAlgorithm.Sha384 => SHA384.HashData(data),
        HashAlgorithm.Sha512 => SHA512.HashData(data),
#pragma warning disable CA5350 // Others name their things by it, Git for one; its weakness is told where it is documented.
        HashAlgorithm.Sha1 => SHA1.HashData(data),
#pragma warning restore CA5350
        _ => throw new ArgumentOutOfRangeException(nameof(algorithm), algorithm, "this algorithm is not made"),
    };
}
