using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using LazyOC.Cluster.Config;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace LazyOC.Cluster.Tests.Peer;

/// <summary>
/// A real HTTP server that answers what a test scripts: for each path a queue of answers, the last of which stays. Every
/// request is kept.
/// </summary>
internal sealed class ScriptedServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentDictionary<string, Script> _scripts = new(StringComparer.Ordinal);

    private ScriptedServer(WebApplication app) => _app = app;

    public ConcurrentQueue<SeenRequest> Requests { get; } = new();

    public Uri Address { get; private set; } = new("http://localhost");

    public ClusterOptions Options => new() { Server = Address, UserName = "alice", Token = "secret" };

    public static async Task<ScriptedServer> StartAsync(X509Certificate2? certificate = null, bool wantClientCertificate = false)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(System.Net.IPAddress.Loopback, 0, listen =>
        {
            if (certificate is not null)
                listen.UseHttps(certificate, https =>
                {
                    https.ClientCertificateMode = wantClientCertificate ? ClientCertificateMode.AllowCertificate : ClientCertificateMode.NoCertificate;
                    https.AllowAnyClientCertificate();
                });
        }));
        var app = builder.Build();
        var server = new ScriptedServer(app);
        app.Run(server.AnswerAsync);
        await app.StartAsync();
        server.Address = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
        return server;
    }

    /// <summary>A certificate for a name, signed by itself.</summary>
    public static X509Certificate2 SelfSigned(string name, DateTimeOffset? expires = null)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(name);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        var until = expires ?? DateTimeOffset.UtcNow.AddDays(1);
        using var made = request.CreateSelfSigned(until.AddDays(-30), until);
        return X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pkcs12), null);
    }

    /// <summary>Adds an answer for requests whose path (and, when given, query) starts like this.</summary>
    public ScriptedServer On(string path, Func<HttpContext, Task> answer)
    {
        _scripts.GetOrAdd(path, _ => new Script()).Add(answer);
        return this;
    }

    public ScriptedServer On(string path, string json, int status = 200, string contentType = "application/json") =>
        On(path, context => WriteAsync(context, json, status, contentType));

    public IReadOnlyList<SeenRequest> RequestsTo(string path) => [.. Requests.Where(r => r.Path == path)];

    public static async Task WriteAsync(HttpContext context, string body, int status = 200, string contentType = "application/json")
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = contentType;
        await context.Response.WriteAsync(body);
    }

    /// <summary>Writes lines, then keeps the answer open until the client or the test ends it.</summary>
    public static Func<HttpContext, Task> Stream(params string[] lines) => async context =>
    {
        await WriteLinesAsync(context, lines);
        await Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(static _ => { }, TaskScheduler.Default);
    };

    public static Func<HttpContext, Task> StreamThenEnd(params string[] lines) => context => WriteLinesAsync(context, lines);

    public static Func<HttpContext, Task> StreamThenBreak(Task moment, params string[] lines) => async context =>
    {
        await WriteLinesAsync(context, lines);
        await moment;
        context.Abort();
    };

    public static string Status(int code, string reason, string message) =>
        $$"""{"kind":"Status","apiVersion":"v1","status":"Failure","code":{{code}},"reason":"{{reason}}","message":"{{message}}"}""";

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync(new CancellationToken(canceled: true));
        await _app.DisposeAsync();
    }

    private static async Task WriteLinesAsync(HttpContext context, string[] lines)
    {
        context.Response.ContentType = "application/json";
        await context.Response.StartAsync();
        foreach (var line in lines)
            await context.Response.WriteAsync(line + "\n");
        await context.Response.Body.FlushAsync();
    }

    private async Task AnswerAsync(HttpContext context)
    {
        using var body = new StreamReader(context.Request.Body, Encoding.UTF8);
        var query = context.Request.Query.ToDictionary(q => q.Key, q => q.Value.ToString(), StringComparer.Ordinal);
        Requests.Enqueue(new SeenRequest(context.Request.Method, context.Request.Path, query, context.Request.Headers.ToDictionary(h => h.Key, h => h.Value.ToString(), StringComparer.OrdinalIgnoreCase), await body.ReadToEndAsync()));
        var path = context.Request.Path.Value ?? "";
        var key = query.ContainsKey("watch") ? $"watch {path}" : path;
        if (_scripts.TryGetValue(key, out var script))
            await script.Next()(context);
        else
            await WriteAsync(context, Status(404, "NotFound", $"nothing scripted for {key}"), 404);
    }

    private sealed class Script
    {
        private readonly List<Func<HttpContext, Task>> _answers = [];
        private int _next;

        public void Add(Func<HttpContext, Task> answer)
        {
            lock (_answers)
                _answers.Add(answer);
        }

        public Func<HttpContext, Task> Next()
        {
            lock (_answers)
                return _answers[Math.Min(_next++, _answers.Count - 1)];
        }
    }
}

internal sealed record SeenRequest(string Method, string Path, IReadOnlyDictionary<string, string> Query, IReadOnlyDictionary<string, string> Headers, string Body);
