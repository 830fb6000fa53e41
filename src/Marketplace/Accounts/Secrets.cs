using System.Buffers;
using System.Security.Cryptography;
using System.Text;

namespace LazyOC.Marketplace.Accounts;

/// <summary>Tokens of 256 random bits, of which only a hash is kept: with so many, a plain SHA-256 cannot be turned back.</summary>
internal static class Secrets
{
    /// <summary>Begins an API token.</summary>
    public const string TokenPrefix = "lzt_";

    /// <summary>Begins the token of somebody who has signed in.</summary>
    public const string SessionPrefix = "lzs_";

    private const int Bytes = 32;

    private static readonly SearchValues<char> HexDigits = SearchValues.Create("0123456789abcdef");

    public static string Create(string prefix) => prefix + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(Bytes));

    /// <summary>What is kept of a token.</summary>
    public static string HashOf(string token) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(token)));

    /// <summary>Whether a text has the form of a token with the prefix.</summary>
    public static bool IsToken(string text, string prefix) =>
        text.Length == prefix.Length + (2 * Bytes) && text.StartsWith(prefix, StringComparison.Ordinal) && !text.AsSpan(prefix.Length).ContainsAnyExcept(HexDigits);
}
