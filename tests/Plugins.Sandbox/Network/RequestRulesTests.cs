using System.Text;
using LazyOC.Plugins.Contracts.Calls;
using LazyOC.Plugins.Sandbox.Network;

namespace LazyOC.Plugins.Sandbox.Tests.Network;

public sealed class RequestRulesTests
{
    private const string Url = "https://example.com/a?b=c";

    [Theory]
    [InlineData(Url)]
    [InlineData("http://example.com")]
    [InlineData("http://[::1]:8080/@x?y=a@b")]
    public void Check_Url_IsTaken(string url) => Assert.Null(Check(new HttpFetchRequest { Url = url }));

    [Theory]
    [InlineData("https://ada:secret@example.com/", "user name")]
    [InlineData("https://ada@example.com/", "user name")]
    [InlineData("https://@example.com/", "user name")]
    [InlineData("https://example.com@evil.test/", "user name")]
    [InlineData("/relative", "")]
    [InlineData("file:///etc/passwd", "neither")]
    [InlineData("ftp://example.com/", "neither")]
    [InlineData("gopher://example.com/", "neither")]
    [InlineData("unix:/var/run/docker.sock", "neither")]
    [InlineData("https://example.com/a\r\nX: y", "control")]
    [InlineData("https://example.com/a\0b", "control")]
    [InlineData(" https://example.com/", "spaces")]
    [InlineData("https://", "not an absolute URL")]
    public void Check_Url_IsRefused(string url, string reason)
    {
        var problem = Check(new HttpFetchRequest { Url = url });

        Assert.Equal("url", problem?.Where);
        Assert.Contains(reason, problem!.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://[::ffff:127.0.0.1]:8080/", true)]
    [InlineData("http://[::ffff:a9fe:a9fe]/latest/meta-data", true)]
    [InlineData("http://[64:ff9b::169.254.169.254]/", true)]
    [InlineData("http://2852039166/latest/meta-data", true)]
    [InlineData("http://0x7f000001:80/", true)]
    [InlineData("http://169.254.169.254/", false)] // which libraries for clouds ask by themselves
    [InlineData("http://127.0.0.1:8080/", false)]
    [InlineData("http://ada:secret@127.0.0.1:8080/", false)] // which is refused for another reason
    [InlineData("http://[::1]/", false)]
    [InlineData("http://[0:0:0:0:0:0:0:1]/", false)]
    [InlineData("http://[::ffff:10.0.0.1]/", false)]
    [InlineData("http://[::ffff:8.8.8.8]/", false)]
    [InlineData("http://localhost/", false)]
    [InlineData("not a url", false)]
    public void IsDisguised_Url_SaysWhetherItHidesWhereItLeads(string url, bool isDisguised) => Assert.Equal(isDisguised, RequestRules.IsDisguised(url));

    [Fact]
    public void Check_UrlTooLong_IsRefused()
    {
        Assert.Null(Check(new HttpFetchRequest { Url = "https://example.com/" + new string('a', 8_000) }));
        Assert.Contains("characters", Check(new HttpFetchRequest { Url = "https://example.com/" + new string('a', 8_192) })!.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Host", "evil.test")]
    [InlineData("host", "evil.test")]
    [InlineData("Content-Length", "5")]
    [InlineData("Transfer-Encoding", "chunked")]
    [InlineData("Connection", "X-Secret")]
    [InlineData("Upgrade", "h2c")]
    [InlineData("Proxy-Authorization", "Basic x")]
    [InlineData("Expect", "100-continue")]
    [InlineData("X", "a\r\nHost: evil.test")]
    [InlineData("X", "a\nb")]
    [InlineData("X", "a\rb")]
    [InlineData("X", "a\0b")]
    [InlineData("X", "é")]
    [InlineData("X\r\nY", "a")]
    [InlineData("X:", "a")]
    [InlineData("X Y", "a")]
    [InlineData("", "a")]
    public void Check_Header_IsRefused(string name, string value) =>
        Assert.StartsWith("headers", Check(new HttpFetchRequest { Url = Url, Headers = new() { [name] = value } })?.Where, StringComparison.Ordinal);

    [Theory]
    [InlineData("Accept", "text/plain")]
    [InlineData("Authorization", "Bearer x")]
    [InlineData("X-Tab", "a\tb")]
    public void Check_Header_IsTaken(string name, string value) =>
        Assert.Null(Check(new HttpFetchRequest { Url = Url, Headers = new() { [name] = value } }));

    [Fact]
    public void Check_HeadersTooManyTooLongOrTwice_AreRefused()
    {
        static HttpFetchRequest With(IEnumerable<KeyValuePair<string, string>> headers) => new() { Url = Url, Headers = new(headers) };

        Assert.Null(Check(With(Enumerable.Range(0, 64).Select(i => KeyValuePair.Create($"X-{i}", "a")))));
        Assert.Contains("65 entries", Check(With(Enumerable.Range(0, 65).Select(i => KeyValuePair.Create($"X-{i}", "a"))))!.Message, StringComparison.Ordinal);
        Assert.Contains("bytes", Check(With([KeyValuePair.Create("X", new string('a', 40_000))]))!.Message, StringComparison.Ordinal);
        Assert.Contains("twice", Check(With([KeyValuePair.Create("X", "a"), KeyValuePair.Create("x", "b")]))!.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("CONNECT", "method")]
    [InlineData("TRACE", "method")]
    [InlineData("get", "method")]
    [InlineData("GET /x HTTP/1.1\r\nHost: evil.test\r\n\r\nGET", "method")]
    [InlineData("GET", "body")]
    [InlineData("HEAD", "body")]
    [InlineData("POST", null)]
    public void Check_MethodWithBody_IsRefusedOrTaken(string method, string? where) =>
        Assert.Equal(where, Check(new HttpFetchRequest { Url = Url, Method = method, Body = new TextOrBytes(Encoding.UTF8.GetBytes("x")) })?.Where);

    [Fact]
    public void Check_BodyTooLarge_IsRefused()
    {
        Assert.Null(Check(new HttpFetchRequest { Url = Url, Method = "POST", Body = new TextOrBytes(new byte[1 << 20]) }));
        Assert.Equal("body", Check(new HttpFetchRequest { Url = Url, Method = "POST", Body = new TextOrBytes(new byte[(1 << 20) + 1]) })?.Where);
    }

    private static Contracts.Problem? Check(HttpFetchRequest request) => RequestRules.Check(request, new SandboxLimits());
}
