using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace LazyOC.Marketplace.Accounts;

/// <summary>One-time passwords by the clock, as authenticator apps make them: RFC 6238 with SHA-1, 30 seconds and 6 digits.</summary>
internal static class Totp
{
    public const int Digits = 6;

    /// <summary>Of a secret; RFC 4226 recommends 160 bits.</summary>
    public const int SecretBytes = 20;

    private const int StepSeconds = 30;

    /// <summary>How many steps a clock may be off.</summary>
    private const int Drift = 1;

    private const string Base32Digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

    private static readonly int Modulus = (int)Math.Pow(10, Digits);

    public static long StepAt(DateTimeOffset time) => time.ToUnixTimeSeconds() / StepSeconds;

    /// <summary>The code of a step.</summary>
#pragma warning disable CA5350 // Authenticator apps know SHA-1 only; as a MAC it stands.
    public static string CodeOf(ReadOnlySpan<byte> secret, long step)
    {
        Span<byte> counter = stackalloc byte[8];
        BinaryPrimitives.WriteInt64BigEndian(counter, step);
        Span<byte> mac = stackalloc byte[HMACSHA1.HashSizeInBytes];
        HMACSHA1.HashData(secret, counter, mac);
        var number = BinaryPrimitives.ReadInt32BigEndian(mac[(mac[^1] & 0xF)..]) & int.MaxValue;
        return (number % Modulus).ToString(CultureInfo.InvariantCulture).PadLeft(Digits, '0');
    }
#pragma warning restore CA5350

    /// <summary>The step that a code is of, around a time and later than the last one that was taken; null when it is of none.</summary>
    public static long? Find(ReadOnlySpan<byte> secret, string code, DateTimeOffset time, long last)
    {
        long? found = null;
        var given = Encoding.UTF8.GetBytes(code);
        for (var step = StepAt(time) - Drift; step <= StepAt(time) + Drift; step++)
        {
            if (CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(CodeOf(secret, step)), given) && step > last) found ??= step;
        }
        return found;
    }

    /// <summary>What authenticator apps read from a QR code.</summary>
    public static string UriOf(ReadOnlySpan<byte> secret, string issuer, string account) => string.Create(
        CultureInfo.InvariantCulture,
        $"otpauth://totp/{Uri.EscapeDataString(issuer)}:{Uri.EscapeDataString(account)}?secret={Base32(secret)}&issuer={Uri.EscapeDataString(issuer)}&algorithm=SHA1&digits={Digits}&period={StepSeconds}");

    /// <summary>RFC 4648, without padding.</summary>
    public static string Base32(ReadOnlySpan<byte> bytes)
    {
        var text = new StringBuilder();
        var (buffer, bits) = (0, 0);
        foreach (var value in bytes)
        {
            buffer = ((buffer << 8) | value) & 0xFFF;
            for (bits += 8; bits >= 5; bits -= 5) text.Append(Base32Digits[(buffer >> (bits - 5)) & 31]);
        }
        if (bits > 0) text.Append(Base32Digits[(buffer << (5 - bits)) & 31]);
        return text.ToString();
    }
}
