using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using LazyOC.Cluster.Config;
using LazyOC.Cluster.Errors;
using LazyOC.Cluster.Tests.Peer;

namespace LazyOC.Cluster.Tests.Auth;

public sealed class CredentialTests : IAsyncLifetime
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("credentials");
    private readonly ManualTime _time = new();
    private ScriptedServer _server = null!;

    public async Task InitializeAsync() => (_server = await ScriptedServer.StartAsync()).On("/version", "{}");

    public async Task DisposeAsync()
    {
        await _server.DisposeAsync();
        _directory.Delete(recursive: true);
    }

    [Fact]
    public async Task Token_IsSentAsBearer()
    {
        await CallAsync(_server.Options with { Token = "t1" });

        Assert.Equal(["Bearer t1"], Authorizations());
    }

    [Fact]
    public async Task Basic_IsEncoded()
    {
        await CallAsync(_server.Options with { Token = null, BasicUser = "alice", BasicPassword = "pa:ss" });

        Assert.Equal(["Basic " + Convert.ToBase64String("alice:pa:ss"u8)], Authorizations());
    }

    [Fact]
    public async Task Impersonation_IsSentAsHeaders()
    {
        await CallAsync(_server.Options with { Impersonate = new ImpersonationOptions { User = "bob", Uid = "7", Groups = ["ops", "dev"], Extra = [KeyValuePair.Create("acme.com/reason", "audit")] } });

        var headers = _server.Requests.Single().Headers;
        Assert.Equal(("bob", "7", "ops,dev"), (headers["Impersonate-User"], headers["Impersonate-Uid"], headers["Impersonate-Group"].Replace(" ", "", StringComparison.Ordinal)));
        Assert.Equal("audit", headers["Impersonate-Extra-acme.com%2Freason"]);
    }

    [Fact]
    public async Task TokenFile_Rotated_IsReadAgainAfterAMinute()
    {
        var file = Write("token", "one\n");
        await using var client = new ClusterClient(_server.Options with { Token = "ignored", TokenFile = file }, time: _time);

        await client.Resources.GetRawAsync("version");
        await File.WriteAllTextAsync(file, "two");
        await client.Resources.GetRawAsync("version");
        _time.Advance(TimeSpan.FromMinutes(1));
        await client.Resources.GetRawAsync("version");

        Assert.Equal(["Bearer one", "Bearer one", "Bearer two"], Authorizations());
    }

    [Fact]
    public async Task TokenFile_Refused_IsReadAgainAtOnce()
    {
        var file = Write("token", "old");
        _server.On("/who", async context =>
        {
            var good = context.Request.Headers.Authorization == "Bearer new";
            await File.WriteAllTextAsync(file, "new");
            await ScriptedServer.WriteAsync(context, "{}", good ? 200 : 401);
        });
        await using var client = new ClusterClient(_server.Options with { TokenFile = file }, time: _time);

        await client.Resources.GetRawAsync("who");

        Assert.Equal(["Bearer old", "Bearer new"], Authorizations());
    }

    [Fact]
    public async Task FixedToken_Refused_IsNotTriedTwice()
    {
        _server.On("/who", ScriptedServer.Status(401, "Unauthorized", "no"), 401);
        await using var client = new ClusterClient(_server.Options);

        await Assert.ThrowsAsync<UnauthorizedException>(() => client.Resources.GetRawAsync("who"));

        Assert.Single(_server.Requests);
    }

    [UnixFact]
    public async Task Exec_ManyRequests_RunItOnceUntilItExpires()
    {
        var exec = Plugin("""{"token":"e'$N'","expirationTimestamp":"2026-01-01T01:00:00Z"}""");
        await using var client = new ClusterClient(_server.Options with { Token = null, Exec = exec }, time: _time);

        await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => client.Resources.GetRawAsync("version")));
        Assert.Equal(["Bearer e1"], Authorizations().Distinct());
        _time.Advance(TimeSpan.FromHours(2));
        await client.Resources.GetRawAsync("version");

        Assert.Equal("Bearer e2", Authorizations()[^1]);
    }

    [UnixFact]
    public async Task Exec_Refused_IsAskedAgainOnce()
    {
        _server.On("/who", ScriptedServer.Status(401, "Unauthorized", "no"), 401).On("/who", "{}");
        await using var client = new ClusterClient(_server.Options with { Token = null, Exec = Plugin("""{"token":"e'$N'"}""") });

        await client.Resources.GetRawAsync("who");

        Assert.Equal(["Bearer e1", "Bearer e2"], Authorizations());
    }

    [UnixFact]
    public async Task Exec_GetsItsEnvironmentAndClusterInfo()
    {
        var file = Path.Combine(_directory.FullName, "seen");
        var exec = Plugin("""{"token":"x"}""", $"printf '%s|%s' \"$EXTRA\" \"$KUBERNETES_EXEC_INFO\" > '{file}'") with { Environment = [KeyValuePair.Create("EXTRA", "more")], ProvideClusterInfo = true };

        await CallAsync(_server.Options with { Token = null, Exec = exec });

        var seen = (await File.ReadAllTextAsync(file)).Split('|', 2);
        using var info = JsonDocument.Parse(seen[1]);
        Assert.Equal("more", seen[0]);
        Assert.Equal("client.authentication.k8s.io/v1", info.RootElement.GetProperty("apiVersion").GetString());
        var spec = info.RootElement.GetProperty("spec");
        Assert.False(spec.GetProperty("interactive").GetBoolean());
        Assert.Equal(_server.Address.AbsoluteUri.TrimEnd('/'), spec.GetProperty("cluster").GetProperty("server").GetString());
    }

    [UnixFact]
    public async Task Exec_Interactive_BorrowsTheTerminalAndGivesItBack()
    {
        var lent = new Terminal();
        var exec = Plugin("""{"token":"x"}""") with { InteractiveMode = ExecInteractiveMode.Always };
        await using var client = new ClusterClient(_server.Options with { Token = null, Exec = exec }, terminal: lent.BorrowAsync);

        await client.Resources.GetRawAsync("version");

        Assert.Equal([exec.Command, "returned"], lent.Log);
    }

    [UnixTheory]
    [InlineData("echo nonsense", "not JSON")]
    [InlineData("echo '{\"kind\":\"Pod\"}'", "`ExecCredential`")]
    [InlineData("echo '{\"kind\":\"ExecCredential\",\"apiVersion\":\"client.authentication.k8s.io/v1\"}'", "no `status`")]
    [InlineData("echo '{\"kind\":\"ExecCredential\",\"apiVersion\":\"client.authentication.k8s.io/v1\",\"status\":{}}'", "neither a token")]
    [InlineData("echo '{\"kind\":\"ExecCredential\",\"apiVersion\":\"client.authentication.k8s.io/v1\",\"status\":{\"token\":\"x\",\"expirationTimestamp\":\"soon\"}}'", "not a time")]
    [InlineData("echo first >&2; echo session is over >&2; exit 3", "exit code 3: session is over")]
    [InlineData("head -c 300000 /dev/zero", "more than 262144 bytes")]
    [InlineData("head -c 300000 /dev/zero >&2; exit 1", "exit code 1")]
    public async Task Exec_Misbehaves_SaysHow(string script, string expected)
    {
        var exec = Plugin("", script + "; exit") with { InstallHint = "install it" };

        var error = await Assert.ThrowsAsync<CredentialException>(() => CallAsync(_server.Options with { Token = null, Exec = exec }));

        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        Assert.Equal("install it", error.Hint);
        Assert.Empty(_server.Requests);
    }

    [UnixFact]
    public async Task Exec_NeverEnds_IsKilled()
    {
        var exec = Plugin("", "sleep 600");
        await using var client = new ClusterClient(_server.Options with { Token = null, Exec = exec }, ClusterLimits.Default with { ExecTimeout = TimeSpan.FromMilliseconds(200) });

        var error = await Assert.ThrowsAsync<CredentialException>(() => client.Resources.GetRawAsync("version").InTime());

        Assert.Contains("did not answer", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Exec_NotInstalled_ShowsTheInstallHint()
    {
        var exec = new ExecCredentialOptions { Command = "no-such-program-anywhere", ApiVersion = "client.authentication.k8s.io/v1", InstallHint = "get it from acme" };

        var error = await Assert.ThrowsAsync<CredentialException>(() => CallAsync(_server.Options with { Token = null, Exec = exec }));

        Assert.Equal("get it from acme", error.Hint);
    }

    [Fact]
    public async Task Exec_NeedsATerminalThatIsNotThere_SaysSo()
    {
        var exec = new ExecCredentialOptions { Command = "login", ApiVersion = "client.authentication.k8s.io/v1", InteractiveMode = ExecInteractiveMode.Always };

        var error = await Assert.ThrowsAsync<CredentialException>(() => CallAsync(_server.Options with { Token = null, Exec = exec }));

        Assert.Contains("needs a terminal", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ClientCertificate_IsPresentedToTheServer()
    {
        using var serverCertificate = ScriptedServer.SelfSigned("localhost");
        using var clientCertificate = ScriptedServer.SelfSigned("alice");
        string? seen = null;
        await using var server = await ScriptedServer.StartAsync(serverCertificate, wantClientCertificate: true);
        server.On("/version", async context =>
        {
            seen = context.Connection.ClientCertificate?.Subject;
            await ScriptedServer.WriteAsync(context, "{}");
        });

        await CallAsync(server.Options with
        {
            CertificateAuthorityPem = serverCertificate.ExportCertificatePem(),
            TlsServerName = "localhost",
            ClientCertificatePem = clientCertificate.ExportCertificatePem(),
            ClientKeyPem = clientCertificate.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem(),
        });

        Assert.Equal("CN=alice", seen);
    }

    [Theory]
    [InlineData("x", null, "not both")]
    [InlineData("x", "y", "cannot be used")]
    public void ClientCertificate_Unusable_FailsAtOnce(string? certificate, string? key, string expected)
    {
        var error = Assert.Throws<CredentialException>(() => new ClusterClient(_server.Options with { ClientCertificatePem = certificate, ClientKeyPem = key }));

        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    private async Task CallAsync(ClusterOptions options)
    {
        await using var client = new ClusterClient(options);
        await client.Resources.GetRawAsync("version").InTime();
    }

    private IReadOnlyList<string> Authorizations() => [.. _server.Requests.Select(r => r.Headers["Authorization"])];

    /// <summary>A program that counts its runs in $N and prints a credential with the given status.</summary>
    private ExecCredentialOptions Plugin(string status, string script = "")
    {
        var counter = Path.Combine(_directory.FullName, "runs");
        var json = $$"""{"kind":"ExecCredential","apiVersion":"client.authentication.k8s.io/v1","status":{{status}}}""";
        var path = Write("plugin", $"#!/bin/sh\nprintf x >> '{counter}'\nN=$(($(wc -c < '{counter}')))\n{script}\necho '{json}'\n");
        return new ExecCredentialOptions { Command = "/bin/sh", Arguments = [path], ApiVersion = "client.authentication.k8s.io/v1", InteractiveMode = ExecInteractiveMode.Never };
    }

    private string Write(string name, string content)
    {
        var path = Path.Combine(_directory.FullName, name);
        File.WriteAllText(path, content);
        return path;
    }

    private sealed class Terminal : IAsyncDisposable
    {
        public List<string> Log { get; } = [];

        public ValueTask<IAsyncDisposable> BorrowAsync(string program, CancellationToken cancellationToken)
        {
            Log.Add(program);
            return ValueTask.FromResult<IAsyncDisposable>(this);
        }

        public ValueTask DisposeAsync()
        {
            Log.Add("returned");
            return ValueTask.CompletedTask;
        }
    }
}
