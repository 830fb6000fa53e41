using System.Security.Cryptography;
using System.Text;

namespace LazyOC.Marketplace.Web;

/// <summary>
/// Tokens that show that a form is one that this site gave to this very browser: made from a cookie's secret, which no other site
/// can read, and good for one address only. Nothing is kept for them, so any node takes what any other gave.
/// </summary>
internal static class FormTokens
{
    /// <summary>Name of the field, or, where the body is a file, of the parameter.</summary>
    public const string Field = "form-token";

    public static string Create(string secret, string action) =>
        Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes($"form {action}")));

    /// <summary>Whether a token is that of a form for an address; without a secret, none is.</summary>
    public static bool IsGood(string secret, string action, string? token) =>
        secret.Length > 0 && token is not null
        && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(Create(secret, action)), Encoding.UTF8.GetBytes(token));
}
