using LazyOC.Plugins.Contracts.Permissions;

namespace LazyOC.Plugins.Contracts.Tests.Permissions;

public sealed class OriginPatternTests
{
    [Theory]
    [InlineData("https://api.example.com", "https://api.example.com/v1?x=1", true)]
    [InlineData("https://api.example.com", "https://API.example.COM./", true)]
    [InlineData("https://api.example.com", "http://api.example.com", false)]
    [InlineData("https://api.example.com", "https://api.example.com:8443", false)]
    [InlineData("https://api.example.com:8443", "https://api.example.com:8443", true)]
    [InlineData("https://api.example.com", "https://api.example.com.evil.net", false)]
    [InlineData("https://*.example.com", "https://a.b.example.com", true)]
    [InlineData("https://*.example.com", "https://example.com", false)]
    [InlineData("https://*.example.com", "https://evilexample.com", false)]
    [InlineData("https://*", "https://anything.at.all", true)]
    [InlineData("https://*", "https://127.0.0.1", false)]
    [InlineData("https://*", "https://[::1]", false)]
    [InlineData("http://10.0.0.5:9090", "http://10.0.0.5:9090/metrics", true)]
    [InlineData("http://10.0.0.5:9090", "http://0xa.0.0.5:9090/", true)]
    [InlineData("http://[::1]:9090", "http://[0:0:0:0:0:0:0:1]:9090", true)]
    [InlineData("https://bücher.example", "https://xn--bcher-kva.example", true)]
    public void Matches_Url_IsExact(string pattern, string url, bool matches)
    {
        var connect = Demand.Connect.To(new Uri(url));
        Assert.Equal(matches, OriginPattern.Parse(pattern).Matches(connect.Scheme, connect.Host, connect.Port));
    }

    [Theory]
    [InlineData("")]
    [InlineData("api.example.com")]
    [InlineData("ftp://api.example.com")]
    [InlineData("https://api.example.com/")]
    [InlineData("https://api.example.com/path")]
    [InlineData("https://user:secret@api.example.com")]
    [InlineData("https://api.*.com")]
    [InlineData("https://*api.example.com")]
    [InlineData("https://any")]
    [InlineData("https://api.example.com?x")]
    [InlineData("https://api.example.com#x")]
    public void TryParse_NoOrigin_IsRefused(string text) => Assert.Equal(text == "https://any", OriginPattern.TryParse(text, out _));

    [Theory]
    [InlineData("https://*", "https://a.example.com", true)]
    [InlineData("https://*", "https://10.0.0.1", false)]
    [InlineData("https://*", "https://*.example.com", true)]
    [InlineData("https://*.example.com", "https://*.a.example.com", true)]
    [InlineData("https://*.a.example.com", "https://*.example.com", false)]
    [InlineData("https://*.example.com", "https://*", false)]
    [InlineData("https://a.example.com", "https://a.example.com", true)]
    [InlineData("https://a.example.com", "https://a.example.com:444", false)]
    public void Covers_Pattern_IsWhatMatchesSay(string pattern, string other, bool covers) => Assert.Equal(covers, OriginPattern.Parse(pattern).Covers(OriginPattern.Parse(other)));
}
