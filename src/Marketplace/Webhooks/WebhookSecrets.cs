using System.Security.Cryptography;
using System.Text;
using LazyOC.Marketplace.Registry;

namespace LazyOC.Marketplace.Webhooks;

/// <summary>
/// The secrets that deliveries are signed with. Each is made from the registry's key and a random salt, so that who reads the
/// records has none of them, and nodes with one key have the same. Thread safe.
/// </summary>
internal sealed class WebhookSecrets(RootKey root)
{
    private const string Prefix = "lzw_";
    private const int SaltBytes = 32;

    private readonly byte[] _key = root.Derive("webhook secrets");

    public static string NewSalt() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(SaltBytes));

    public string Of(string webhook, string salt) => Prefix + Convert.ToHexStringLower(HMACSHA256.HashData(_key, Encoding.UTF8.GetBytes($"{webhook} {salt}")));
}
