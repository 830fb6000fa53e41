using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using LazyOC.Marketplace.Protocol.Client;
using static LazyOC.Marketplace.Protocol.Tests.Client.RegistryFixture;
using static LazyOC.Marketplace.Protocol.Tests.Outcomes;

namespace LazyOC.Marketplace.Protocol.Tests.Client;

/// <summary>Where requests go, and what they carry there.</summary>
public sealed class OriginTests : IAsyncLifetime
{
    private RegistryFixture _registry = null!;
    private LoopbackServer _elsewhere = null!;

    private string Server => _registry.Server.Root.AbsoluteUri;

    private string Index => Server + IndexPath;

    public async Task InitializeAsync()
    {
        _registry = await WithDemoAsync();
        _elsewhere = _registry.ServeElsewhere();
    }

    public async Task DisposeAsync()
    {
        await _elsewhere.DisposeAsync();
        await _registry.DisposeAsync();
    }

    private async Task RefusesAsync(string expected, RegistryClientLimits? limits = null)
    {
        Assert.Equal(expected, Refusal(await _registry.IndexAsync(limits)));
        _registry.Server.BeHonest(IndexPath);
        Assert.Single(Value(await _registry.IndexAsync()).Value!.Lines);
    }

    private void Redirect(string to, string status = "302 Found") => _registry.Server.Lie(IndexPath, $"{status}\r\nLocation: {to}");

    private void PutPackagesAt(string place)
    {
        var file = Path.Combine(_registry.Folder, RegistryPaths.Config);
        File.WriteAllBytes(file, (Value(RegistryConfig.Read(File.ReadAllBytes(file))) with { Packages = place }).ToUtf8());
    }

    [Theory]
    [InlineData("301 Moved Permanently")]
    [InlineData("302 Found")]
    [InlineData("303 See Other")]
    [InlineData("307 Temporary Redirect")]
    [InlineData("308 Permanent Redirect")]
    public async Task Redirect_ToAnotherServer_IsFollowed(string status)
    {
        Redirect($"{_elsewhere.Root}{IndexPath}", status);
        Assert.Single(Value(await _registry.IndexAsync()).Value!.Lines);
        Assert.Single(_elsewhere.Requests);
    }

    [Fact]
    public async Task Redirect_Loop_Ends()
    {
        Redirect($"/{IndexPath}");
        await RefusesAsync($"`{Index}` is redirected more than 5 times\nhint: tell who keeps the registry");
        Assert.Equal(6, _registry.Server.RequestsOf(IndexPath).Length - 1);
    }

    [Fact]
    public async Task Redirect_AsOftenAsIsAllowed_IsFollowed()
    {
        var left = 5;
        _registry.Server.Lie(IndexPath, exchange => left-- > 0 ? exchange.SendHeadAsync("302 Found", $"Location: /{IndexPath}") : exchange.AnswerAsync());
        Assert.Single(Value(await _registry.IndexAsync()).Value!.Lines);
        left = 6;
        Assert.Contains("is redirected more than 5 times", Refusal(await _registry.IndexAsync()), StringComparison.Ordinal);
        left = 6;
        Assert.Single(Value(await _registry.IndexAsync(Limits with { MaxRedirects = 6 })).Value!.Lines);
    }

    [Fact]
    public async Task Redirect_WithoutLocation_IsRefused()
    {
        _registry.Server.Lie(IndexPath, "302 Found");
        await RefusesAsync($"`{Index}` is redirected without saying where to\nhint: tell who keeps the registry");
    }

    [Theory]
    [InlineData("http://registry.example/v1/index", "http://registry.example")]
    [InlineData("ftp://127.0.0.1/v1/index", "ftp://127.0.0.1")]
    [InlineData("file:///etc/passwd", "file://")]
    public async Task Redirect_OutOfTls_IsRefused(string to, string shown)
    {
        Redirect(to);
        await RefusesAsync($"`{Index}` is redirected to {shown}, which is not protected by TLS\nhint: tell who keeps the registry");
    }

    [Fact]
    public async Task Redirect_ToPlainHttpOnAnotherHost_SendsNothingThere()
    {
        // Linux connects to this machine by that address, though it is not its loopback address.
        var there = new Uri($"http://0.0.0.0:{_elsewhere.Port}/{IndexPath}");
        Redirect(there.AbsoluteUri);
        await RefusesAsync($"`{Index}` is redirected to http://0.0.0.0:{_elsewhere.Port}, which is not protected by TLS\nhint: tell who keeps the registry");
        Assert.Empty(_elsewhere.Requests);
        await AssertListensAsync();
    }

    [Fact]
    public async Task Registry_OfPlainHttpOnAnotherHost_IsRefusedBeforeAnythingIsSent()
    {
        var files = _registry.Files(root: new Uri($"http://0.0.0.0:{_elsewhere.Port}/"), token: "secret");
        Assert.Equal($"`http://0.0.0.0:{_elsewhere.Port}/{IndexPath}` is not protected by TLS\nhint: tell who keeps the registry", Assert.IsType<Fetched.Refused>(await files.FetchAsync(IndexPath, null, 1000, CancellationToken.None)).Why.ToString());
        Assert.Empty(_elsewhere.Requests);
        await AssertListensAsync();
    }

    /// <summary>The control: whoever connects there is heard.</summary>
    private async Task AssertListensAsync()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(new IPEndPoint(IPAddress.Any, _elsewhere.Port));
        await socket.SendAsync("GET /control HTTP/1.1\r\n\r\n"u8.ToArray());
        Assert.True(await socket.ReceiveAsync(new byte[1]) > 0);
        Assert.Single(_elsewhere.Requests);
    }

    [Theory]
    [InlineData("https://plugins.example/", "https://cdn.example/", true)]
    [InlineData("https://plugins.example/", "http://plugins.example/", false)]
    [InlineData("https://plugins.example/", "http://127.0.0.1/", false)]
    [InlineData("http://127.0.0.1/", "http://localhost:81/", true)]
    [InlineData("http://127.0.0.1/", "https://plugins.example/", true)]
    [InlineData("http://127.0.0.1/", "http://plugins.example/", false)]
    public void MayLead_OutOfTls_IsNotAllowed(string root, string address, bool isAllowed) => Assert.Equal(isAllowed, RegistryRequests.MayLead(new Uri(root), new Uri(address)));

    [Fact]
    public async Task Token_OwnOrigin_IsSentOverRedirectsToo()
    {
        _registry.Server.Lie(IndexPath, "302 Found\r\nLocation: /moved");
        _registry.Server.Lie("moved", "404 Not Found");
        Assert.Null(Value(await _registry.Client(token: "secret").IndexAsync(SamplePlugin.Id, CancellationToken.None)).Value);
        Assert.Equal(["Bearer secret", "Bearer secret"], _registry.Server.Requests.Select(request => request["authorization"]));
    }

    [Fact]
    public async Task Token_RedirectToAnotherOrigin_IsNotSentThere()
    {
        Redirect($"{_elsewhere.Root}{IndexPath}");
        Assert.Single(Value(await _registry.Client(token: "secret").IndexAsync(SamplePlugin.Id, CancellationToken.None)).Value!.Lines);
        Assert.Equal("Bearer secret", Assert.Single(_registry.Server.Requests)["authorization"]);
        Assert.Null(Assert.Single(_elsewhere.Requests)["authorization"]);
    }

    [Fact]
    public async Task Token_PackagesElsewhere_IsNotSentThere()
    {
        PutPackagesAt($"{_elsewhere.Root}{RegistryPaths.Packages}");
        var client = _registry.Client(token: "secret");
        Assert.Equal(Demo.Bytes.ToArray(), Value(await client.DownloadAsync(IndexLine.Of(Demo, Now), _registry.Downloads, _ => { }, CancellationToken.None)).ToArray());
        Assert.Equal(2, Value(await client.SignaturesAsync(Demo.Digest, CancellationToken.None)).Length);
        Assert.Equal("Bearer secret", Assert.Single(_registry.Server.Requests)["authorization"]);
        Assert.Equal([null, null], _elsewhere.Requests.Select(request => request["authorization"]));
    }

    [Fact]
    public async Task Packages_OnPlainHttpElsewhere_AreNotAskedFor()
    {
        PutPackagesAt($"http://0.0.0.0:{_elsewhere.Port}/{RegistryPaths.Packages}");
        Assert.Equal($"`http://0.0.0.0:{_elsewhere.Port}/{DemoPath}` is not protected by TLS\nhint: tell who keeps the registry", Refusal(await _registry.DownloadAsync()));
        Assert.Empty(_registry.Left);
        Assert.Empty(_elsewhere.Requests);
    }

    [Fact]
    public async Task Packages_ElsewhereAndRefused_NameWhoRefuses()
    {
        PutPackagesAt($"{_elsewhere.Root}{RegistryPaths.Packages}");
        _elsewhere.Lie(DemoPath, "401 Unauthorized");
        Assert.Equal($"http://127.0.0.1:{_elsewhere.Port} asks who you are\nhint: tell who keeps the registry", Refusal(await _registry.DownloadAsync()));
    }

    [Fact]
    public async Task Connection_Refused_SaysSo()
    {
        await _registry.Server.DisposeAsync();
        Assert.Equal($"{Server} cannot be reached: Connection refused (127.0.0.1:{_registry.Server.Port})\nhint: check the address and your connection", Refusal(await _registry.IndexAsync()));
    }

    private static X509Certificate2 SelfSigned()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=127.0.0.1", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        return request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
    }

    [Fact]
    public async Task Tls_CertificateThatNobodyVouchesFor_IsRefused()
    {
        using var certificate = SelfSigned();
        await using var server = new LoopbackServer(_registry.Folder, certificate);
        var refused = Assert.IsType<Fetched.Refused>(await _registry.Files(root: server.Root, token: "secret").FetchAsync(IndexPath, null, 1 << 20, CancellationToken.None));
        Assert.False(refused.IsUnreachable);
        Assert.StartsWith($"{server.Root} cannot be trusted: The remote certificate is invalid because of errors in the certificate chain", refused.Why.ToString(), StringComparison.Ordinal);
        Assert.EndsWith("\nhint: its certificate has to be valid for its name, and issued by someone this machine trusts", refused.Why.ToString(), StringComparison.Ordinal);
        Assert.Empty(server.Requests);

        // The control: who is content with just this certificate gets the file.
        var content = new SslClientAuthenticationOptions { RemoteCertificateValidationCallback = (_, presented, _, _) => presented?.GetCertHashString() == certificate.Thumbprint };
        using var careless = new HttpClient(new SocketsHttpHandler { SslOptions = content });
        Assert.Equal(File.ReadAllBytes(Path.Combine(_registry.Folder, IndexPath)), await careless.GetByteArrayAsync(new Uri(server.Root, IndexPath)));
    }

    [Fact]
    public async Task Tls_ServerThatDoesNotSpeakIt_SaysSo()
    {
        using var plain = new TcpListener(IPAddress.Loopback, 0);
        plain.Start();
        var root = new Uri($"https://127.0.0.1:{((IPEndPoint)plain.LocalEndpoint).Port}/");
        var asked = _registry.Files(root: root).FetchAsync(IndexPath, null, 1000, CancellationToken.None);
        using (var connection = await plain.AcceptSocketAsync())
        {
            await connection.SendAsync("HTTP/1.1 400 Bad Request\r\n\r\n"u8.ToArray());
            var refused = Assert.IsType<Fetched.Refused>(await asked);
            Assert.StartsWith($"{root} cannot be trusted: ", refused.Why.ToString(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Tls_HandshakeThatNeverEnds_IsNotWaitedForForEver()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        var root = new Uri($"https://127.0.0.1:{((IPEndPoint)silent.LocalEndpoint).Port}/");
        var refused = Assert.IsType<Fetched.Refused>(await _registry.Files(Limits with { ConnectTimeout = TimeSpan.FromMilliseconds(200) }, root: root).FetchAsync(IndexPath, null, 1000, CancellationToken.None));
        Assert.Equal($"{root} does not answer\nhint: check your connection, or try again later", refused.Why.ToString());
        Assert.True(refused.IsUnreachable);
    }
}
