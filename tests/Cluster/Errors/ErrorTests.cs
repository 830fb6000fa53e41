using System.Net;
using System.Net.Sockets;
using LazyOC.Cluster.Config;
using LazyOC.Cluster.Errors;
using LazyOC.Cluster.Tests.Peer;
using LazyOC.Cluster.Watch;

namespace LazyOC.Cluster.Tests.Errors;

/// <summary>Each way a call can fail gives its own exception, cause and next step.</summary>
public sealed class ErrorTests
{
    private const string PodPath = "/api/v1/namespaces/shop/pods/web";

    [Fact]
    public async Task Get_ExpiredToken_SaysHowToLogIn()
    {
        var error = await FailsAsync<UnauthorizedException>(ScriptedServer.Status(401, "Unauthorized", "Unauthorized"), 401);

        Assert.Contains("`alice`", error.Message, StringComparison.Ordinal);
        Assert.Contains("oc login http", error.Hint, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Unauthorized, error.Status);
    }

    [Fact]
    public async Task Get_Forbidden_NamesVerbAndResource()
    {
        var error = await FailsAsync<ForbiddenException>(ScriptedServer.Status(403, "Forbidden", "pods is forbidden"), 403);

        Assert.Equal(("get", "pods", "shop"), (error.Verb, error.Resource, error.Namespace));
        Assert.Contains("you may not get `pods` `web` in namespace `shop`", error.Message, StringComparison.Ordinal);
        Assert.Contains("oc auth can-i get pods -n shop", error.Hint, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Get_Missing_SaysThereIsNone()
    {
        var error = await FailsAsync<NotFoundException>(ScriptedServer.Status(404, "NotFound", "pods \\\"web\\\" not found"), 404);

        Assert.Contains("`web`", error.Message, StringComparison.Ordinal);
        Assert.Equal("NotFound", error.Reason);
    }

    [Theory]
    [InlineData(409, "AlreadyExists", typeof(ConflictException), "another name")]
    [InlineData(409, "Conflict", typeof(ConflictException), "somebody else")]
    [InlineData(410, "Expired", typeof(ExpiredException), "again")]
    [InlineData(422, "Invalid", typeof(InvalidRequestException), "correct")]
    [InlineData(400, "BadRequest", typeof(InvalidRequestException), "correct")]
    [InlineData(500, "InternalError", typeof(ServerFailureException), "wait")]
    [InlineData(503, "ServiceUnavailable", typeof(ServerFailureException), "wait")]
    [InlineData(504, "Timeout", typeof(ClusterTimeoutException), "wait")]
    public async Task Get_Refused_MapsTheStatus(int status, string reason, Type expected, string hint)
    {
        var error = await FailsAsync<ClusterException>(ScriptedServer.Status(status, reason, "the server's words"), status);

        Assert.IsType(expected, error);
        Assert.Contains("the server's words", error.Message, StringComparison.Ordinal);
        Assert.Contains(hint, error.Hint, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Get_TooManyRequests_CarriesRetryAfter()
    {
        await using var server = await ScriptedServer.StartAsync();
        server.On(PodPath, async context =>
        {
            context.Response.Headers.RetryAfter = "7";
            await ScriptedServer.WriteAsync(context, ScriptedServer.Status(429, "TooManyRequests", "busy"), 429);
        });
        await using var client = new ClusterClient(server.Options);

        var error = await Assert.ThrowsAsync<TooManyRequestsException>(() => client.Resources.GetAsync(Kinds.Pods, "shop", "web"));

        Assert.Equal(TimeSpan.FromSeconds(7), error.RetryAfter);
        Assert.True(error.IsTransient);
    }

    [Theory]
    [InlineData(200, "<html>login</html>", "text/html")]
    [InlineData(404, "<html>nginx</html>", "text/html; charset=utf-8")]
    [InlineData(200, "hello", "text/plain")]
    public async Task Get_NotACluster_SaysSo(int status, string body, string contentType)
    {
        var error = await FailsAsync<NotAClusterException>(body, status, contentType);

        Assert.Contains("not a Kubernetes API server", error.Message, StringComparison.Ordinal);
        Assert.Contains("`server`", error.Hint, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Get_Redirect_IsNotFollowed()
    {
        await using var server = await ScriptedServer.StartAsync();
        server.On(PodPath, context =>
        {
            context.Response.Redirect("https://login.example.com/");
            return Task.CompletedTask;
        });
        await using var client = new ClusterClient(server.Options);

        var error = await Assert.ThrowsAsync<NotAClusterException>(() => client.Resources.GetAsync(Kinds.Pods, "shop", "web"));

        Assert.Contains("https://login.example.com/", error.Message, StringComparison.Ordinal);
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task Discover_JsonThatIsNoApi_IsNotACluster()
    {
        await using var server = await ScriptedServer.StartAsync();
        server.On("/api", """{"hello":"world"}""").On("/apis", """{"hello":"world"}""");
        await using var client = new ClusterClient(server.Options);

        await Assert.ThrowsAsync<NotAClusterException>(() => client.Discovery.GetAsync());
    }

    [Theory]
    [InlineData("""{"kind":"Pod","meta""")]
    [InlineData("""["kind"]""")]
    [InlineData("null")]
    public async Task Get_WhatIsNoJsonObject_IsAnInvalidAnswer(string answer)
    {
        var error = await FailsAsync<InvalidAnswerException>(answer, 200);

        Assert.Contains("not valid JSON", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Get_AnswerTooLarge_IsRefused()
    {
        await using var server = await ScriptedServer.StartAsync();
        server.On(PodPath, $"\"{new string('x', 5000)}\"");
        await using var client = new ClusterClient(server.Options, ClusterLimits.Default with { MaxAnswerBytes = 4096 });

        var error = await Assert.ThrowsAsync<InvalidAnswerException>(() => client.Resources.GetAsync(Kinds.Pods, "shop", "web"));

        Assert.Contains("larger than 4096 bytes", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Get_NoAnswer_TimesOut()
    {
        await using var server = await ScriptedServer.StartAsync();
        server.On(PodPath, context => Task.Delay(Timeout.Infinite, context.RequestAborted));
        await using var client = new ClusterClient(server.Options, ClusterLimits.Default with { RequestTimeout = TimeSpan.FromMilliseconds(200) });

        var error = await Assert.ThrowsAsync<ClusterTimeoutException>(() => client.Resources.GetAsync(Kinds.Pods, "shop", "web").InTime());

        Assert.Contains("did not answer", error.Message, StringComparison.Ordinal);
        Assert.Equal(ConnectionPhase.Reconnecting, client.State.Phase);
    }

    [Fact]
    public async Task Get_CallerCancels_IsCancellationNotFailure()
    {
        await using var server = await ScriptedServer.StartAsync();
        server.On(PodPath, context => Task.Delay(Timeout.Infinite, context.RequestAborted));
        await using var client = new ClusterClient(server.Options);
        using var cancel = new CancellationTokenSource();

        var call = client.Resources.GetAsync(Kinds.Pods, "shop", "web", cancellationToken: cancel.Token);
        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call.InTime());
    }

    [Fact]
    public async Task Get_NobodyListens_IsConnectionRefused()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        var port = ((IPEndPoint)probe.LocalEndpoint).Port;
        probe.Stop();
        await using var client = new ClusterClient(new ClusterOptions { Server = new Uri($"https://127.0.0.1:{port}") });

        var error = await Assert.ThrowsAsync<UnreachableException>(() => client.Resources.GetAsync(Kinds.Pods, "shop", "web").InTime());

        Assert.Contains("connection refused", error.Message, StringComparison.Ordinal);
        Assert.Equal(ConnectionPhase.Reconnecting, client.State.Phase);
        Assert.Same(error, client.State.Cause);
    }

    [Fact]
    public async Task Get_UnknownName_IsUnreachable()
    {
        await using var client = new ClusterClient(new ClusterOptions { Server = new Uri("https://cluster.invalid:6443"), ProxyUrl = null });

        var error = await Assert.ThrowsAsync<UnreachableException>(() => client.Resources.GetAsync(Kinds.Pods, "shop", "web").InTime());

        Assert.Contains("cluster.invalid", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Get_PlainHttpServerOverTls_IsNotACluster()
    {
        await using var server = await ScriptedServer.StartAsync();
        await using var client = new ClusterClient(server.Options with { Server = new Uri($"https://127.0.0.1:{server.Address.Port}") });

        var error = await Assert.ThrowsAsync<NotAClusterException>(() => client.Resources.GetAsync(Kinds.Pods, "shop", "web").InTime());

        Assert.Contains("TLS", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Get_ServerSpeaksNoHttp_Fails()
    {
        using var garbage = new TcpListener(IPAddress.Loopback, 0);
        garbage.Start();
        var serve = Task.Run(async () =>
        {
            using var socket = await garbage.AcceptSocketAsync();
            await socket.SendAsync("SSH-2.0-OpenSSH_9.2\r\n"u8.ToArray());
            await socket.ReceiveAsync(new byte[4096]);
        });
        await using var client = new ClusterClient(new ClusterOptions { Server = new Uri($"http://127.0.0.1:{((IPEndPoint)garbage.LocalEndpoint).Port}") });

        var error = await Assert.ThrowsAsync<NotAClusterException>(() => client.Resources.GetAsync(Kinds.Pods, "shop", "web").InTime());

        Assert.Contains("does not speak HTTP", error.Message, StringComparison.Ordinal);
        await serve.InTime();
    }

    [Fact]
    public async Task Get_UnknownAuthority_NamesTheIssuer()
    {
        using var certificate = ScriptedServer.SelfSigned("localhost");
        var error = await TlsFailsAsync(certificate, o => o with { Server = new Uri($"https://localhost:{o.Server.Port}") });

        Assert.Contains("unknown authority", error.Message, StringComparison.Ordinal);
        Assert.Contains("certificate-authority", error.Hint, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Get_CertificateOfAnotherName_NamesIt()
    {
        using var certificate = ScriptedServer.SelfSigned("api.example.com");
        var error = await TlsFailsAsync(certificate, o => o with { CertificateAuthorityPem = certificate.ExportCertificatePem() });

        Assert.Contains("`api.example.com`", error.Message, StringComparison.Ordinal);
        Assert.Contains("tls-server-name", error.Hint, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Get_ExpiredCertificate_NamesTheDates()
    {
        using var certificate = ScriptedServer.SelfSigned("localhost", DateTimeOffset.UtcNow.AddDays(-1));
        var error = await TlsFailsAsync(certificate, o => o with { CertificateAuthorityPem = certificate.ExportCertificatePem(), TlsServerName = "localhost" });

        Assert.Contains("valid from", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Get_TlsServerNameAndAuthority_Connects()
    {
        using var certificate = ScriptedServer.SelfSigned("api.example.com");
        await using var server = await ScriptedServer.StartAsync(certificate);
        server.On(PodPath, "{}");
        var trusted = server.Options with { CertificateAuthorityPem = certificate.ExportCertificatePem(), TlsServerName = "api.example.com" };

        await using (var client = new ClusterClient(trusted))
            (await client.Resources.GetAsync(Kinds.Pods, "shop", "web").InTime()).Dispose();
        await using (var client = new ClusterClient(server.Options with { InsecureSkipTlsVerify = true }))
            (await client.Resources.GetAsync(Kinds.Pods, "shop", "web").InTime()).Dispose();

        Assert.Equal(2, server.Requests.Count);
    }

    [Fact]
    public void Client_UnusableAuthority_FailsAtOnce()
    {
        var error = Assert.Throws<KubeconfigException>(() => new ClusterClient(new ClusterOptions { Server = new Uri("https://x"), CertificateAuthorityPem = "nonsense" }));

        Assert.Contains("certificate authority", error.Message, StringComparison.Ordinal);
    }

    private static async Task<T> FailsAsync<T>(string body, int status, string contentType = "application/json") where T : ClusterException
    {
        await using var server = await ScriptedServer.StartAsync();
        server.On(PodPath, body, status, contentType);
        await using var client = new ClusterClient(server.Options);
        var error = await Assert.ThrowsAnyAsync<T>(() => client.Resources.GetAsync(Kinds.Pods, "shop", "web").InTime());
        Assert.NotEmpty(error.Hint);
        return error;
    }

    private static async Task<CertificateException> TlsFailsAsync(System.Security.Cryptography.X509Certificates.X509Certificate2 certificate, Func<ClusterOptions, ClusterOptions> change)
    {
        await using var server = await ScriptedServer.StartAsync(certificate);
        await using var client = new ClusterClient(change(server.Options));
        var error = await Assert.ThrowsAsync<CertificateException>(() => client.Resources.GetAsync(Kinds.Pods, "shop", "web").InTime());
        Assert.Empty(server.Requests);
        return error;
    }
}
