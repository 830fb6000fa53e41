using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace LazyOC.Plugins.Sandbox.Tests.Network;

/// <summary>An HTTP server on a loopback address that notes what reaches it.</summary>
internal sealed class TestServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private TestServer(WebApplication app, X509Certificate2? certificate) => (_app, Certificate) = (app, certificate);

    public int Port => new Uri(_app.Urls.First()).Port;

    /// <summary>What it shows to those who speak TLS with it; signed by itself.</summary>
    public X509Certificate2? Certificate { get; }

    /// <summary>Method, path and query of what arrived.</summary>
    public ConcurrentQueue<string> Reached { get; } = [];

    /// <summary>The <c>Authorization</c> of what arrived.</summary>
    public ConcurrentQueue<string> Authorizations { get; } = [];

    /// <summary>Starts a server.</summary>
    /// <param name="answer">Answers, after the request is noted; <c>hello</c> when null.</param>
    /// <param name="tls">Speaks TLS.</param>
    /// <param name="address">The loopback address.</param>
    /// <param name="port">The port; any when 0.</param>
    public static async Task<TestServer> StartAsync(RequestDelegate? answer = null, bool tls = false, string address = "127.0.0.1", int port = 0)
    {
        var certificate = tls ? Issue() : null;
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Parse(address), port, endpoint =>
        {
            endpoint.Protocols = HttpProtocols.Http1;
            if (certificate is not null) endpoint.UseHttps(certificate);
        }));
        var app = builder.Build();
        var server = new TestServer(app, certificate);
        app.Run(async http =>
        {
            server.Reached.Enqueue($"{http.Request.Method} {http.Request.Path}{http.Request.QueryString}");
            server.Authorizations.Enqueue(http.Request.Headers.Authorization.ToString());
            await (answer is null ? http.Response.WriteAsync("hello") : answer(http));
        });
        await app.StartAsync();
        return server;
    }

    public static RequestDelegate RedirectTo(string location, int status = 302) => http =>
    {
        http.Response.StatusCode = status;
        http.Response.Headers.Location = location;
        return Task.CompletedTask;
    };

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private static X509Certificate2 Issue()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=secure.test", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("secure.test");
        names.AddDnsName("*.secure.test");
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, 0, critical: true));
        using var issued = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        return X509CertificateLoader.LoadPkcs12(issued.Export(X509ContentType.Pkcs12), null);
    }
}
