using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using LazyOC.Plugins.Contracts.Messages;
using LazyOC.Plugins.Sandbox.Audit;
using LazyOC.Plugins.Sandbox.Network;

namespace LazyOC.Plugins.Runtime.Tests.Capabilities;

/// <summary><c>http.fetch</c> through the whole way, to the simulated cluster's own server.</summary>
public sealed class HttpCallsTests
{
    private const string Id = "acme.test";

    [Theory]
    [InlineData("cluster", 200)]
    [InlineData(null, 401)]
    public async Task Fetch_WithTheClustersToken_IsAnsweredAsTheUserAndElseAsNobody(string? credentials, int status)
    {
        await using var fixture = await HostFixture.CreateAsync();
        var origin = fixture.Cluster.Server.GetLeftPart(UriPartial.Authority);
        var rule = credentials is null ? $"\"{origin}\"" : $$"""{ "origin": "{{origin}}", "credentials": "{{credentials}}" }""";
        var answer = await FetchAsync(fixture, rule, $"{origin}/api/v1/namespaces/bookstore/pods?limit=1");

        Assert.Equal(status, answer.GetProperty("status").GetInt32());
        Assert.StartsWith("application/json", answer.GetProperty("headers").GetProperty("content-type").GetString(), StringComparison.Ordinal);
        Assert.Contains(status == 200 ? "PodList" : "Unauthorized", answer.GetProperty("body").GetString(), StringComparison.Ordinal);
        Assert.Equal(
            [(AuditDecision.Intent, $"{origin}/api/v1/namespaces/bookstore/pods"), (AuditDecision.Done, $"{origin}/api/v1/namespaces/bookstore/pods")],
            (await fixture.AuditedAsync(Id)).Where(line => line.Call == "http.fetch").Select(line => (line.Decision, line.Target)));
        Assert.Empty(fixture.Bugs);
    }

    [Theory]
    [InlineData("https://example.com", "permission-denied: this plugin has no permission to connect to ORIGIN")]
    [InlineData("https://*:PORT", "permission-denied: this plugin has no permission to connect to ORIGIN")]
    public async Task Fetch_WithoutPermission_IsRefusedAndAudited(string rule, string expected)
    {
        await using var fixture = await HostFixture.CreateAsync();
        var origin = fixture.Cluster.Server.GetLeftPart(UriPartial.Authority);

        var refused = await Assert.ThrowsAsync<GuestException>(() => FetchAsync(fixture, $"\"{rule.Replace("PORT", $"{fixture.Cluster.Server.Port}", StringComparison.Ordinal)}\"", $"{origin}/version"));

        Assert.Equal(expected.Replace("ORIGIN", origin, StringComparison.Ordinal), refused.Message);
        var line = Assert.Single(await fixture.AuditedAsync(Id), line => line.Call == "http.fetch");
        Assert.Equal((AuditDecision.Refused, $"{origin}/version"), (line.Decision, line.Target));
    }

    [Theory]
    [InlineData("""{"url":"https://ada:secret@example.com/"}""", "`url` has a user name or password")]
    [InlineData("""{"url":"https://example.com/","headers":{"Host":"evil.test"}}""", "`headers.Host` is set by the host")]
    [InlineData("""{"url":"https://example.com/","headers":{"X":"a\r\nHost: b"}}""", "`headers.X` has characters that no header may have")]
    [InlineData("""{"url":"https://example.com/","headers":{"X":null}}""", "`headers.X` is null")]
    [InlineData("""{"url":"https://example.com/","body":{"base64":"!"}}""", "`body` is")]
    [InlineData("""{"url":"https://example.com/","saveto":"/tmp/x"}""", "`saveto` is not a known key")]
    [InlineData("""{"url":"https://example.com/","method":"HEAD","saveTo":"/tmp/x"}""", "`saveTo` does not go with `HEAD`")]
    [InlineData("""{"url":"https://example.com/","saveTo":"/tmp/../plugin/x"}""", "`saveTo` has a part `..`")]
    [InlineData("""{"url":"https://example.com/","saveTo":"x"}""", "`saveTo` is not absolute")]
    public async Task Fetch_NotARequest_IsInvalid(string arguments, string reason)
    {
        await using var fixture = await HostFixture.CreateAsync();

        var refused = await Assert.ThrowsAsync<GuestException>(() => CallAsync(fixture, "\"https://example.com\"", arguments));

        Assert.StartsWith("invalid: the arguments of `http.fetch` are not valid: " + reason, refused.Message, StringComparison.Ordinal);
        Assert.Empty(fixture.Bugs);
    }

    private static Task<JsonElement> FetchAsync(HostFixture fixture, string rule, string url) => CallAsync(fixture, rule, $$"""{"url":"{{url}}"}""");

    /// <summary>Has a plugin with one rule make one call; a refusal throws.</summary>
    private static async Task<JsonElement> CallAsync(HostFixture fixture, string rule, string arguments)
    {
        var made = new TaskCompletionSource<JsonElement>();
        var authorities = new X509Certificate2Collection();
        authorities.ImportFromPem(fixture.Cluster.CertificateAuthorityPem);
        fixture.Network = new NetworkOptions { CertificateAuthorities = authorities };
        fixture.With(Id, $$"""{ "network": { "connect": [{{rule}}] } }""", async turn =>
        {
            if (turn.Message.Type != MessageType.Command) return "{}";
            try
            {
                made.SetResult(await turn.CallAsync("http.fetch", arguments));
            }
            catch (GuestException refused)
            {
                made.SetException(refused);
            }
            return "{}";
        });
        await fixture.StartAsync();
        await fixture.Extensions.RunCommandAsync($"{Id}.command");
        return await made.Task;
    }
}
