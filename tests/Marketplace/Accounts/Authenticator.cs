using LazyOC.Marketplace.Accounts;

namespace LazyOC.Marketplace.Tests.Accounts;

/// <summary>An authenticator app that was given a secret.</summary>
internal sealed class Authenticator(string secret, TestClock clock)
{
    private const string Digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

    private readonly byte[] _secret = Read(secret);

    /// <summary>What it shows now.</summary>
    public string Code => Totp.CodeOf(_secret, Totp.StepAt(clock.GetUtcNow()));

    /// <summary>What it shows after the one of now, which may have been used.</summary>
    public string NextCode()
    {
        clock.Advance(TimeSpan.FromSeconds(30));
        return Code;
    }

    /// <summary>A code that is none of those around now.</summary>
    public string WrongCode()
    {
        var step = Totp.StepAt(clock.GetUtcNow());
        var right = Enumerable.Range(-2, 5).Select(off => Totp.CodeOf(_secret, step + off)).ToHashSet();
        return Enumerable.Range(0, 10).Select(i => $"{i}23456").First(code => !right.Contains(code));
    }

    private static byte[] Read(string text)
    {
        var bits = string.Concat(text.Select(c => Convert.ToString(Digits.IndexOf(c, StringComparison.Ordinal), 2).PadLeft(5, '0')));
        return [.. bits.Chunk(8).Where(chunk => chunk.Length == 8).Select(chunk => Convert.ToByte(new string(chunk), 2))];
    }
}
