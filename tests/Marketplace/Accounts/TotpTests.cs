using System.Text;
using LazyOC.Marketplace.Accounts;

namespace LazyOC.Marketplace.Tests.Accounts;

/// <summary>Codes as RFC 6238 has them.</summary>
public sealed class TotpTests
{
    private static readonly byte[] Secret = Encoding.ASCII.GetBytes("12345678901234567890");

    /// <summary>Appendix B, of whose eight digits the last six are these.</summary>
    [Theory]
    [InlineData(59, "287082")]
    [InlineData(1111111109, "081804")]
    [InlineData(1111111111, "050471")]
    [InlineData(1234567890, "005924")]
    [InlineData(2000000000, "279037")]
    [InlineData(20000000000, "353130")]
    public void Code_IsThatOfTheStandard(long seconds, string code) => Assert.Equal(code, Totp.CodeOf(Secret, Totp.StepAt(DateTimeOffset.FromUnixTimeSeconds(seconds))));

    [Fact]
    public void Find_TakesACodeOfAClockThatIsAStepOff_AndNoneBeforeTheLast()
    {
        var now = DateTimeOffset.FromUnixTimeSeconds(1111111111);
        var step = Totp.StepAt(now);

        Assert.Equal([null, step - 1, step, step + 1, null], Enumerable.Range(-2, 5).Select(off => Totp.Find(Secret, Totp.CodeOf(Secret, step + off), now, 0)));
        Assert.Null(Totp.Find(Secret, Totp.CodeOf(Secret, step), now, step));
        Assert.Equal(step + 1, Totp.Find(Secret, Totp.CodeOf(Secret, step + 1), now, step));
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("f", "MY")]
    [InlineData("fo", "MZXQ")]
    [InlineData("foobar", "MZXW6YTBOI")]
    public void Base32_IsThatOfTheStandard(string text, string encoded) => Assert.Equal(encoded, Totp.Base32(Encoding.ASCII.GetBytes(text)));

    [Fact]
    public void Uri_SaysWhoseItIs_WhateverTheRegistryIsCalled() =>
        Assert.Equal("otpauth://totp/Us%20%26%20them:alice?secret=MZXW6YTBOI&issuer=Us%20%26%20them&algorithm=SHA1&digits=6&period=30", Totp.UriOf("foobar"u8, "Us & them", "alice"));
}
