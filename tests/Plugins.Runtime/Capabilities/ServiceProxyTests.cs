using System.Text.Json;
using LazyOC.Cluster.Resources;
using LazyOC.Plugins.Contracts.Messages;

namespace LazyOC.Plugins.Runtime.Tests.Capabilities;

public sealed class ServiceProxyTests
{
    private const string Call = "kubernetes.serviceProxy";
    private const string Proxy = """{ "kubernetes": [{ "apiGroups": [""], "resources": ["services/proxy"], "verbs": ["get", "create"], "namespaces": ["bookstore"] }] }""";

    [Fact]
    public async Task Proxy_Request_ReachesTheServiceAsItWasMeantAndWithoutCredentials()
    {
        await using var door = await CommandDoor.OpenAsync(Proxy);

        var answer = await door.CallAsync(Call, Arguments("POST", "/api/x y", """, "query": {"a b":"c&d"}, "headers": {"X-Shop":"1","Content-Type":"text/plain"}, "body":"héllo" """));

        var seen = Seen(answer);
        Assert.Equal(200, answer.GetProperty("status").GetInt32());
        Assert.Equal(("bookstore", "catalog", "80", "http"), (Text(seen, "namespace"), Text(seen, "service"), Text(seen, "port"), Text(seen, "scheme")));
        Assert.Equal(("POST", "/api/x y", "héllo"), (Text(seen, "method"), Text(seen, "path"), Text(seen, "body")));
        Assert.Equal("c&d", Text(seen.GetProperty("query"), "a b"));
        var headers = seen.GetProperty("headers");
        Assert.Equal(("1", "text/plain"), (Text(headers, "x-shop"), Text(headers, "content-type")));
        Assert.False(headers.TryGetProperty("authorization", out _));
    }

    [Fact]
    public async Task Proxy_WithoutPermissionGestureOrOutsideTheNamespace_IsRefused()
    {
        const string star = """{ "kubernetes": [{ "apiGroups": ["*"], "resources": ["*"], "verbs": ["*"] }] }""";
        await using var door = await CommandDoor.OpenAsync(Proxy.Replace(", \"create\"", "", StringComparison.Ordinal));
        await using var others = await CommandDoor.OpenAsync(star);
        await using var readOnly = await CommandDoor.OpenAsync(Proxy, readOnly: true);

        Assert.Equal(ErrorCode.PermissionDenied, await others.CodeAsync(Call, Arguments("GET", "/")));
        Assert.Equal(ErrorCode.PermissionDenied, await readOnly.CodeAsync(Call, Arguments("GET", "/")));
        Assert.Equal(ErrorCode.GestureRequired, await door.CodeAsync(Call, Arguments("GET", "/"), withGesture: false));
        Assert.Equal(ErrorCode.PermissionDenied, await door.CodeAsync(Call, Arguments("DELETE", "/")));
        Assert.Equal(ErrorCode.PermissionDenied, await door.CodeAsync(Call, Arguments("GET", "/").Replace("bookstore", "kube-system", StringComparison.Ordinal)));
        Assert.Null((await door.TryAsync(Call, Arguments("GET", "/"))).Error);
    }

    [Fact]
    public async Task Proxy_UserWhoMayNot_IsRefusedByTheCluster()
    {
        await using var door = await CommandDoor.OpenAsync(Proxy, prepare: fixture => fixture.ActAsDeveloper());

        var refused = (await door.TryAsync(Call, Arguments("GET", "/"))).Error!;

        Assert.Equal(ErrorCode.PermissionDenied, refused.Code);
        Assert.Contains("the cluster refuses it", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/../../../secrets")]
    [InlineData("/x/../../../../secrets")]
    [InlineData("/..")]
    [InlineData("/./x")]
    [InlineData("//x")]
    [InlineData("/x//y")]
    [InlineData("x")]
    [InlineData("")]
    [InlineData("/a\\u0000b")]
    [InlineData("/a\\r\\nHost: x")]
    public async Task Proxy_PathWithWaysOut_IsInvalid(string path)
    {
        await using var door = await CommandDoor.OpenAsync(Proxy);

        Assert.Equal(ErrorCode.Invalid, await door.CodeAsync(Call, Arguments("GET", path)));
    }

    [Theory]
    [InlineData("/%2e%2e/%2e%2e/%2e%2e/secrets")]
    [InlineData("/..%2f..%2f..%2fsecrets")]
    [InlineData("/%2fx")]
    [InlineData("/..\\\\..\\\\secrets")]
    [InlineData("/x?watch=true")]
    [InlineData("/x#y")]
    [InlineData("/..;/..;/secrets")]
    public async Task Proxy_PathThatLooksEscaped_ReachesTheServiceLiterally(string path)
    {
        await using var door = await CommandDoor.OpenAsync(Proxy);

        var seen = Seen(await door.CallAsync(Call, Arguments("GET", path)));

        Assert.Equal(path.Replace("\\\\", "\\", StringComparison.Ordinal), Text(seen, "path"));
        Assert.Empty(seen.GetProperty("query").EnumerateObject());
    }

    /// <summary>The control: put together naively, the same paths read what nobody granted.</summary>
    [Theory]
    [InlineData("/../../../secrets")]
    [InlineData("/x/../../../../secrets")]
    [InlineData("/%2e%2e/%2e%2e/%2e%2e/secrets")]
    public async Task Control_PathPutTogetherWithoutTheGuard_LeavesTheService(string path)
    {
        await using var door = await CommandDoor.OpenAsync(Proxy);

        var naive = new Uri(door.Fixture.Cluster.Server, $"api/v1/namespaces/bookstore/services/catalog:80/proxy{path}");
        var read = await door.Fixture.Session().Client.Resources.GetRawAsync(naive.AbsolutePath);

        Assert.Equal("SecretList", JsonDocument.Parse(read).RootElement.GetProperty("kind").GetString());
    }

    [Theory]
    [InlineData("Authorization", "Bearer x")]
    [InlineData("host", "other")]
    [InlineData("Impersonate-User", "system:admin")]
    [InlineData("impersonate-extra-x", "y")]
    [InlineData("Connection", "upgrade")]
    [InlineData("Transfer-Encoding", "chunked")]
    [InlineData("Content-Length", "5")]
    [InlineData("Proxy-Authorization", "x")]
    [InlineData("X-Remote-User", "system:admin")]
    [InlineData("Upgrade", "websocket")]
    [InlineData("X-A", "b\\r\\nImpersonate-User: system:admin")]
    [InlineData("X-A: b\\r\\nImpersonate-User", "system:admin")]
    [InlineData("", "x")]
    public async Task Proxy_HeaderThatTheApiServerWouldObey_IsInvalid(string name, string value)
    {
        await using var door = await CommandDoor.OpenAsync(Proxy);

        Assert.Equal(ErrorCode.Invalid, await door.CodeAsync(Call, Arguments("GET", "/", $$""", "headers": {"{{name}}":"{{value}}"}""")));
    }

    /// <summary>The control: past the door, the header arrives at the API server.</summary>
    [Fact]
    public async Task Control_HeaderPastTheDoor_Arrives()
    {
        await using var door = await CommandDoor.OpenAsync(Proxy);

        var answer = await door.Fixture.Session().Client.Services.SendAsync(new ServiceRequest
        {
            Namespace = "bookstore",
            Service = "catalog",
            Port = "80",
            Method = HttpMethod.Get,
            Path = "/",
            Headers = [("Impersonate-User", "system:admin")],
            MaxAnswerBytes = 1 << 20,
        });

        Assert.Equal("system:admin", Text(JsonDocument.Parse(answer.Body!.Value).RootElement.GetProperty("headers"), "impersonate-user"));
    }

    [Theory]
    [InlineData("https:catalog", "80")]
    [InlineData("catalog", "80/proxy/../../x")]
    [InlineData("catalog:443", "80")]
    [InlineData("..", "80")]
    [InlineData("catalog", "")]
    public async Task Proxy_ServiceOrPortThatIsMore_IsInvalid(string service, string port)
    {
        await using var door = await CommandDoor.OpenAsync(Proxy);

        Assert.Equal(ErrorCode.Invalid, await door.CodeAsync(Call, $$"""{"namespace":"bookstore","service":"{{service}}","port":"{{port}}","method":"GET","path":"/"}"""));
    }

    [Fact]
    public async Task Proxy_Redirect_IsAnAnswer()
    {
        await using var door = await CommandDoor.OpenAsync(Proxy);

        var answer = await door.CallAsync(Call, Arguments("GET", "/redirect", """, "query": {"to":"https://elsewhere.example/"}"""));

        Assert.Equal((302, "https://elsewhere.example/"), (answer.GetProperty("status").GetInt32(), Text(answer.GetProperty("headers"), "location")));
    }

    [Theory]
    [InlineData(401)]
    [InlineData(404)]
    [InlineData(503)]
    public async Task Proxy_ErrorOfTheService_IsAnAnswer(int status)
    {
        await using var door = await CommandDoor.OpenAsync(Proxy);

        var answer = await door.CallAsync(Call, Arguments("GET", $"/status/{status}"));

        Assert.Equal((status, $"status {status}\n"), (answer.GetProperty("status").GetInt32(), Text(answer, "body")));
    }

    [Fact]
    public async Task Proxy_ServiceOrPortThatIsNotThere_IsAnError()
    {
        await using var door = await CommandDoor.OpenAsync(Proxy);

        Assert.Equal(ErrorCode.NotFound, await door.CodeAsync(Call, Arguments("GET", "/").Replace("catalog", "nothing", StringComparison.Ordinal)));
        Assert.Equal(ErrorCode.Unavailable, await door.CodeAsync(Call, Arguments("GET", "/").Replace("\"80\"", "\"81\"", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Proxy_Bytes_AreBase64AndBounded()
    {
        await using var door = await CommandDoor.OpenAsync(Proxy);

        var answer = await door.CallAsync(Call, Arguments("GET", "/bytes/3"));
        Assert.Equal("////", Text(answer.GetProperty("body"), "base64"));
        Assert.Equal(ErrorCode.TooLarge, await door.CodeAsync(Call, Arguments("GET", "/bytes/1000000")));
        Assert.Equal(ErrorCode.TooLarge, await door.CodeAsync(Call, Arguments("GET", "/bytes/2000000")));
        Assert.Equal(ErrorCode.Invalid, await door.CodeAsync(Call, Arguments("GET", "/", """, "body": "a body" """)));
        Assert.Equal("a", Text(Seen(await door.CallAsync(Call, Arguments("POST", "/", """, "body": {"base64":"YQ=="} """))), "body"));
    }

    private static string Arguments(string method, string path, string more = "") =>
        $$"""{"namespace":"bookstore","service":"catalog","port":"80","method":"{{method}}","path":"{{path}}"{{more}}}""";

    private static JsonElement Seen(JsonElement answer) => JsonDocument.Parse(Text(answer, "body")!).RootElement;

    private static string? Text(JsonElement element, string name) => element.GetProperty(name).GetString();
}
