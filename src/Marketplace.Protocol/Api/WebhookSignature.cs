using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace LazyOC.Marketplace.Protocol.Api;

/// <summary>
/// The signature of a delivery: <c>t=SECONDS,v1=HEX</c>, where the second is the HMAC-SHA256, by the webhook's secret, of the
/// seconds since 1970, a full stop, and the body as it came.
/// </summary>
public static class WebhookSignature
{
    /// <summary>Header of the signature.</summary>
    public const string Header = "LazyOC-Signature";

    /// <summary>Header of the event's name.</summary>
    public const string EventHeader = "LazyOC-Event";

    /// <summary>Header of the delivery's id, by which a receiver knows what it has had.</summary>
    public const string DeliveryHeader = "LazyOC-Delivery";

    /// <summary>How old a delivery may be, so that nobody sends an old one again.</summary>
    public static TimeSpan Window { get; } = TimeSpan.FromMinutes(5);

    /// <summary>The header of a body that is sent now.</summary>
    public static string Create(string secret, DateTimeOffset now, ReadOnlySpan<byte> body)
    {
        var seconds = now.ToUnixTimeSeconds();
        return string.Create(CultureInfo.InvariantCulture, $"t={seconds},v1={Hash(secret, seconds, body)}");
    }

    /// <summary>Whether a header is that of a body, and not older than <see cref="Window"/>.</summary>
    /// <param name="secret">The webhook's.</param>
    /// <param name="header">As it came; null when there was none.</param>
    /// <param name="body">As it came.</param>
    /// <param name="now">The receiver's clock.</param>
    public static bool IsGood(string secret, string? header, ReadOnlySpan<byte> body, DateTimeOffset now) =>
        header?.Split(',') is [['t', '=', .. var time], ['v', '1', '=', .. var hash]]
        && long.TryParse(time, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
        && Math.Abs(now.ToUnixTimeSeconds() - seconds) <= Window.TotalSeconds
        && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(hash), Encoding.UTF8.GetBytes(Hash(secret, seconds, body)));

    private static string Hash(string secret, long seconds, ReadOnlySpan<byte> body) =>
        Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), (byte[])[.. Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{seconds}.")), .. body]));
}
