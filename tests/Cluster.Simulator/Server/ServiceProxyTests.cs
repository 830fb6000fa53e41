using System.Text.Json.Nodes;

namespace LazyOC.Cluster.Simulator.Tests.Server;

public sealed class ServiceProxyTests(ApiCluster api) : IClassFixture<ApiCluster>
{
    private const string Services = "/api/v1/namespaces/bookstore/services/";

    [Theory]
    [InlineData("catalog:80", "http", "80")]
    [InlineData("catalog:http", "http", "http")]
    [InlineData("https:catalog:80", "https", "80")]
    [InlineData("catalog", "http", "")]
    public async Task Proxy_Service_TellsTheRequestWithoutItsCredential(string name, string scheme, string port)
    {
        (int code, JsonNode seen) = await api.SendAsync(HttpMethod.Post, $"{Services}{name}/proxy/a/b?x=1", "{}");

        Assert.Equal(200, code);
        Assert.Equal(("catalog", scheme, port, "POST", "/a/b", "{}"), ((string?)seen["service"], (string?)seen["scheme"], (string?)seen["port"], (string?)seen["method"], (string?)seen["path"], (string?)seen["body"]));
        Assert.Equal("1", (string?)seen["query"]!["x"]);
        Assert.Null(seen["headers"]!["authorization"]);
    }

    [Theory]
    [InlineData("absent:80", 404)]
    [InlineData("catalog:81", 503)]
    [InlineData("ftp:catalog:80", 400)]
    public async Task Proxy_WhatIsNotThere_IsAStatus(string name, int code)
    {
        (int actual, JsonNode status) = await api.SendAsync(HttpMethod.Get, $"{Services}{name}/proxy/");

        Assert.Equal((code, "Status"), (actual, (string?)status["kind"]));
    }

    [Fact]
    public async Task Proxy_UserWithoutTheRole_IsForbidden()
    {
        (int code, JsonNode status) = await api.SendAsync(HttpMethod.Get, $"{Services}catalog:80/proxy/a/b", asDeveloper: true);

        Assert.Equal(403, code);
        Assert.Contains("\"services/proxy\"", (string?)status["message"]);
    }

    [Fact]
    public async Task Exec_WithoutWebSocket_IsRefused()
    {
        string pod = api.Cluster.Store.List("v1", "Pod", "bookstore").Select(p => (string)p["metadata"]!["name"]!).First();

        (int code, JsonNode status) = await api.SendAsync(HttpMethod.Get, $"/api/v1/namespaces/bookstore/pods/{pod}/exec?command=true");

        Assert.Equal((400, "Status"), (code, (string?)status["kind"]));
    }
}
