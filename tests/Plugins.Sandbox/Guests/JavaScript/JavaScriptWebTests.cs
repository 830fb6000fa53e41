using System.Text;
using LazyOC.Plugins.Contracts.Messages;

namespace LazyOC.Plugins.Sandbox.Guests.JavaScript;

/// <summary>What plugins know from the web: <c>URL</c>, <c>URLSearchParams</c> and <c>fetch</c>. The expected values are those of Node.js.</summary>
public sealed class JavaScriptWebTests
{
    [Theory]
    [InlineData("HTTP://EXAMPLE.com:80/a/../b/./c/..?q#f", null, "http://example.com/b/?q#f")]
    [InlineData("https://u:p@h:8443/é x?é='\"<>#é<>", null, "https://u:p@h:8443/%C3%A9%20x?%C3%A9=%27%22%3C%3E#%C3%A9%3C%3E")]
    [InlineData(" ht\ntps:\\\\h\\x ", null, "https://h/x")]
    [InlineData("//other/x", "https://user:pw@example.com:8443/a/b/c?x=1#h", "https://other/x")]
    [InlineData("/abs", "https://user:pw@example.com:8443/a/b/c?x=1#h", "https://user:pw@example.com:8443/abs")]
    [InlineData("../up", "https://user:pw@example.com:8443/a/b/c?x=1#h", "https://user:pw@example.com:8443/a/up")]
    [InlineData("../../../../up", "https://user:pw@example.com:8443/a/b/c?x=1#h", "https://user:pw@example.com:8443/up")]
    [InlineData("?q", "https://user:pw@example.com:8443/a/b/c?x=1#h", "https://user:pw@example.com:8443/a/b/c?q")]
    [InlineData("#f", "https://user:pw@example.com:8443/a/b/c?x=1#h", "https://user:pw@example.com:8443/a/b/c?x=1#f")]
    [InlineData("", "https://user:pw@example.com:8443/a/b/c?x=1#h", "https://user:pw@example.com:8443/a/b/c?x=1")]
    [InlineData("https:rel", "https://h/a/b", "https://h/a/rel")]
    [InlineData("http:rel", "https://h/a/b", "http://rel/")]
    [InlineData("#f", "mailto:x@y", "mailto:x@y#f")]
    [InlineData("http://2130706433/", null, "http://127.0.0.1/")]
    [InlineData("http://0x7f.1/", null, "http://127.0.0.1/")]
    [InlineData("http://0177.0.0.1", null, "http://127.0.0.1/")]
    [InlineData("http://[2001:db8:0:0:1:0:0:1]/", null, "http://[2001:db8::1:0:0:1]/")]
    [InlineData("http://[::ffff:127.0.0.1]/", null, "http://[::ffff:7f00:1]/")]
    [InlineData("http://[::]/", null, "http://[::]/")]
    [InlineData("http://a@b@c/", null, "http://a%40b@c/")]
    [InlineData("http://exa%6dple.com", null, "http://example.com/")]
    [InlineData("http://h/%2e%2e/a/%2E", null, "http://h/a/")]
    [InlineData("foo://h:12/x y?'", null, "foo://h:12/x%20y?'")]
    [InlineData("data:text/plain,a b", null, "data:text/plain,a b")]
    [InlineData("foo:/x/../y", null, "foo:/y")]
    public async Task Url_Text_IsReadByTheStandard(string url, string? from, string expected)
    {
        await using var guest = await TestGuest.StartJavaScriptAsync("lazyoc.on('render', ({ url, from }) => new URL(url, from).href);");

        Assert.Equal(Json(expected), Json(await AskTextAsync(guest, $$"""{"url":{{Json(url)}}{{(from is null ? "" : $",\"from\":{Json(from)}")}}}""")));
    }

    [Theory]
    [InlineData("/relative")]
    [InlineData("http://")]
    [InlineData("http://a b/")]
    [InlineData("http://h:99999")]
    [InlineData("http://256.1.1.1")]
    [InlineData("http://1.2.3.4.5")]
    [InlineData("http://08")]
    [InlineData("http://[1:2:3]/")]
    [InlineData("http://[::1")]
    [InlineData("http://a%00b")]
    [InlineData("://x")]
    [InlineData("file:///etc/passwd")]
    public async Task Url_TextThatIsNone_Throws(string url)
    {
        await using var guest = await TestGuest.StartJavaScriptAsync("lazyoc.on('render', ({ url }) => { try { return new URL(url).href } catch (e) { return `${e.name} ${URL.canParse(url)} ${URL.parse(url)}` } });");

        Assert.Equal("TypeError false null", await AskTextAsync(guest, $$"""{"url":{{Json(url)}}}"""));
    }

    [Theory]
    [InlineData("[u.origin, u.protocol, u.username, u.password, u.host, u.hostname, u.port, u.pathname, u.search, u.hash]", """["https://h:8443","https:","u","p","h:8443","h","8443","/a","?x=1","#f"]""")]
    [InlineData("(u.protocol = 'http', u.port = '80', u.hostname = 'other', u.href)", "\"http://u:p@other/a?x=1#f\"")]
    [InlineData("(u.host = '[::1]:5', u.pathname = 'b/../c', u.hash = '', u.href)", "\"https://u:p@[::1]:5/c?x=1\"")]
    [InlineData("(u.port = 'x', u.port = '70000', u.port)", "\"8443\"")]
    [InlineData("(u.searchParams.append('y', 'a b&'), u.search)", "\"?x=1&y=a+b%26\"")]
    [InlineData("(u.searchParams.delete('x'), u.href)", "\"https://u:p@h:8443/a#f\"")]
    [InlineData("(u.search = 'z=2', [u.searchParams.get('z'), u.searchParams.get('x')])", """["2",null]""")]
    [InlineData("(u.href = 'http://z/?q=1', u.searchParams.get('q'))", "\"1\"")]
    [InlineData("({ u })", """{"u":"https://u:p@h:8443/a?x=1#f"}""")]
    [InlineData("`${u}`", "\"https://u:p@h:8443/a?x=1#f\"")]
    public async Task Url_Parts_AreReadAndSet(string expression, string expected)
    {
        await using var guest = await TestGuest.StartJavaScriptAsync($"const u = new URL('https://u:p@h:8443/a?x=1#f'); lazyoc.on('render', () => {expression});");

        Assert.Equal(expected, await guest.AskAsync("render"));
    }

    [Theory]
    [InlineData("`${new URLSearchParams('?x=%20+%2B&=&&a&é=%zz')}`", "\"x=++%2B&=&a=&%C3%A9=%25zz\"")]
    [InlineData("`${new URLSearchParams({ x: 1, y: 'é &' })}`", "\"x=1&y=%C3%A9+%26\"")]
    [InlineData("[...new URLSearchParams([['a', 'b'], ['c', 'd']])]", """[["a","b"],["c","d"]]""")]
    [InlineData("(p.set('a', '9'), `${p}`)", "\"a=9&b=2\"")]
    [InlineData("[p.size, p.get('a'), p.getAll('a'), p.has('a', '3'), p.has('c'), [...p.keys()], [...p.values()]]", """[3,"1",["1","3"],true,false,["a","b","a"],["1","2","3"]]""")]
    [InlineData("(p.delete('a', '1'), p.sort(), `${p}`)", "\"a=3&b=2\"")]
    public async Task SearchParams_Entries_AreReadAndWritten(string expression, string expected)
    {
        await using var guest = await TestGuest.StartJavaScriptAsync($"const p = new URLSearchParams('a=1&b=2&a=3'); lazyoc.on('render', () => {expression});");

        Assert.Equal(expected, await guest.AskAsync("render"));
    }

    [Theory]
    [InlineData("fetch('https://h/')", """{"url":"https://h/","method":"GET","headers":{}}""")]
    [InlineData("fetch(new URL('https://h/a b'), { method: 'post', headers: [['A', 1]], body: 'text', timeoutMs: 5 })", """{"url":"https://h/a%20b","method":"POST","headers":{"A":"1"},"body":"text","timeoutMs":5}""")]
    [InlineData("fetch('https://h/', { method: 'PUT', body: new Uint8Array([0, 255, 1]).subarray(1) })", """{"url":"https://h/","method":"PUT","headers":{},"body":{"base64":"/wE="}}""")]
    [InlineData("fetch('https://h/', { method: 'PUT', body: new Uint8Array([255]).buffer })", """{"url":"https://h/","method":"PUT","headers":{},"body":{"base64":"/w=="}}""")]
    [InlineData("fetch('https://h/', { method: 'POST', body: new URLSearchParams({ a: 'b c' }) })", """{"url":"https://h/","method":"POST","headers":{"Content-Type":"application/x-www-form-urlencoded;charset=UTF-8"},"body":"a=b+c"}""")]
    public async Task Fetch_Request_BecomesTheHostCall(string expression, string expected)
    {
        var call = "";
        await using var guest = await TestGuest.StartJavaScriptAsync($"lazyoc.on('render', async () => (await {expression}).status);", (made, _) =>
        {
            call = $"{made.Name} {Encoding.UTF8.GetString(made.Arguments.Span)}";
            return ValueTask.FromResult(Answer.Success("""{"status":204,"headers":{}}"""u8.ToArray()));
        });

        Assert.Equal("204", await guest.AskAsync("render"));
        Assert.Equal($"http.fetch {expected}", call);
    }

    [Theory]
    [InlineData("""{"status":200,"headers":{"b":"2","a":"1"},"body":"{\"x\":1}"}""", "[r.ok, r.status, r.headers.get('A'), r.headers.get('c'), r.headers.has('B'), [...r.headers], await r.text(), await r.json()]", """[true,200,"1",null,true,[["a","1"],["b","2"]],"{\"x\":1}",{"x":1}]""")]
    [InlineData("""{"status":404,"headers":{}}""", "[r.ok, await r.text(), (await r.arrayBuffer()).byteLength]", """[false,"",0]""")]
    [InlineData("""{"status":200,"headers":{},"body":{"base64":"/wBh"}}""", "[[...await r.bytes()], [...new Uint8Array(await r.arrayBuffer())], await r.text()]", "[[255,0,97],[255,0,97],\"\ufffd\\u0000a\"]")]
    [InlineData("""{"status":200,"headers":{},"body":"\ufeffé"}""", "[await r.text(), [...await r.bytes()]]", "[\"é\",[239,187,191,195,169]]")]
    public async Task Fetch_Answer_IsReadInEachForm(string answer, string expression, string expected)
    {
        await using var guest = await TestGuest.StartJavaScriptAsync(
            $"lazyoc.on('render', async () => {{ const r = await fetch('https://h/'); return {expression}; }});",
            (_, _) => ValueTask.FromResult(Answer.Success(Encoding.UTF8.GetBytes(answer))));

        Assert.Equal(expected, await guest.AskAsync("render"));
    }

    [Fact]
    public async Task Fetch_Refused_RejectsWithTheHostsError()
    {
        await using var guest = await TestGuest.StartJavaScriptAsync(
            "lazyoc.on('render', () => fetch('https://h/').catch((e) => [e.code, e.message]));",
            (_, _) => ValueTask.FromResult(Answer.Failure(ErrorCode.PermissionDenied, "no")));

        Assert.Equal("""["permission-denied","no"]""", await guest.AskAsync("render"));
    }

    private static async Task<string> AskTextAsync(TestGuest guest, string payload) => System.Text.Json.JsonDocument.Parse(await guest.AskAsync("render", payload)).RootElement.GetString()!;

    private static string Json(string text) => System.Text.Json.JsonSerializer.Serialize(text);
}
