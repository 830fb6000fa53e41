using System.Net;
using System.Security.Authentication;
using LazyOC.Cluster.Simulator.Control;
using LazyOC.Cluster.Simulator.Scenarios;
using LazyOC.Cluster.Simulator.Server;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;

namespace LazyOC.Cluster.Simulator;

/// <summary>
/// An OpenShift API server in this process, spoken to over TLS on the loopback interface like any other cluster. Time
/// stands still in it until <see cref="AdvanceAsync"/> or <see cref="RunAsync"/>: pods start, crash and end with steps.
/// Thread safe.
/// </summary>
public sealed class SimulatedCluster : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ControlPlane _plane;
    private readonly Scenario _scenario;
    private readonly TokenAuthenticator _tokens;
    private readonly ServerCertificate _certificate;
    private readonly TimeProvider _clock;
    private readonly CancellationTokenSource _stopping;
    private readonly Outage _outage;
    private readonly SemaphoreSlim _stepping = new(1, 1);
    private long _step;

    private SimulatedCluster(WebApplication app, ControlPlane plane, Scenario scenario, TokenAuthenticator tokens, ServerCertificate certificate, TimeProvider clock, Outage outage, CancellationTokenSource stopping)
    {
        _app = app;
        _plane = plane;
        _scenario = scenario;
        _tokens = tokens;
        _certificate = certificate;
        _clock = clock;
        _outage = outage;
        _stopping = stopping;
        Server = AddressOf(app);
        Store = new ClusterStore(plane);
    }

    /// <summary>The scenarios there are.</summary>
    public static IReadOnlyList<string> ScenarioNames => Scenario.Names;

    /// <summary>The API server's address, <c>https://127.0.0.1:PORT/</c>; without a port when it listens on a socket.</summary>
    public Uri Server { get; }

    /// <summary>The certificate authority that issued the server's certificate, PEM.</summary>
    public string CertificateAuthorityPem => _certificate.AuthorityPem;

    /// <summary>Bearer token of the user <c>kubeadmin</c>, who may do everything. New for every cluster.</summary>
    public string Token => _tokens.AdminToken;

    /// <summary>Bearer token of the user <c>developer</c>, whose rights are what the role objects in the cluster give.</summary>
    public string DeveloperToken => _tokens.DeveloperToken;

    /// <summary>The objects of the cluster, for tests to read and change beside the API.</summary>
    public ClusterStore Store { get; }

    /// <summary>Steps taken so far.</summary>
    public long Steps => Interlocked.Read(ref _step);

    /// <summary>Fills a cluster with its scenario and starts serving it.</summary>
    /// <exception cref="ArgumentException">There is no such scenario.</exception>
    /// <exception cref="IOException">The port is taken.</exception>
    /// <exception cref="InvalidOperationException">The scenario does not fit <see cref="SimulatorOptions.Limits"/>.</exception>
    public static async Task<SimulatedCluster> StartAsync(SimulatorOptions options, CancellationToken cancellationToken = default)
    {
        var scenario = Scenario.Named(options.Scenario);

        // The server needs neither the objects nor the objects the server until the first request, which waits for both.
        Task<ControlPlane> populating = Task.Run(() => Populate(scenario, options), cancellationToken);
        var tokens = new TokenAuthenticator();
        var outage = new Outage();
        var stopping = new CancellationTokenSource();
        CancellationToken stop = stopping.Token;
        ServerCertificate certificate = ServerCertificate.Issue();
        WebApplication app = Listen(options, certificate);
        Task<ApiServer> serving = ServeAsync();
        app.UseWebSockets();
        app.Run(async http => await (await serving).HandleAsync(http));
        try
        {
            await app.StartAsync(cancellationToken);
            await serving;
        }
        catch
        {
            await app.DisposeAsync();
            certificate.Dispose();
            outage.Dispose();
            stopping.Dispose();
            throw;
        }

        return new SimulatedCluster(app, await populating, scenario, tokens, certificate, options.TimeProvider, outage, stopping);

        async Task<ApiServer> ServeAsync()
        {
            ControlPlane plane = await populating;
            return new ApiServer(plane, tokens, new LogStream(plane), scenario.IsFlaky ? new Faults(options.Seed) : null, outage, () => AddressOf(app).Authority, options.BookmarkInterval, stop);
        }
    }

    /// <summary>A kubeconfig with two contexts: <c>simulated</c> (kubeadmin, current) and <c>simulated-developer</c>.</summary>
    public string KubeconfigYaml()
    {
        string authority = Convert.ToBase64String(System.Text.Encoding.ASCII.GetBytes(CertificateAuthorityPem));
        return $"""
            apiVersion: v1
            kind: Config
            clusters:
            - name: simulated
              cluster:
                server: {Server.GetLeftPart(UriPartial.Authority)}
                certificate-authority-data: {authority}
            users:
            - name: kubeadmin
              user:
                token: {Token}
            - name: developer
              user:
                token: {DeveloperToken}
            contexts:
            - name: simulated
              context:
                cluster: simulated
                user: kubeadmin
                namespace: {DefaultNamespace}
            - name: simulated-developer
              context:
                cluster: simulated
                user: developer
                namespace: {DefaultNamespace}
            current-context: simulated

            """;
    }

    /// <summary>Writes <see cref="KubeconfigYaml"/> to a file that only its owner can read. An existing file is replaced.</summary>
    public async Task WriteKubeconfigAsync(string path, CancellationToken cancellationToken = default)
    {
        File.Delete(path);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        await using var writer = new StreamWriter(path, options);
        await writer.WriteAsync(KubeconfigYaml().AsMemory(), cancellationToken);
    }

    /// <summary>
    /// Takes steps: pods move one state further and the scenario goes on. With a <see cref="SimulatedClock"/> each step
    /// advances it by <see cref="Tick"/>.
    /// </summary>
    public async Task AdvanceAsync(int steps = 1, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(steps);
        await _stepping.WaitAsync(cancellationToken);
        try
        {
            for (int i = 0; i < steps; i++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                (_clock as SimulatedClock)?.Advance(_scenario.Tick);
                long step = Interlocked.Increment(ref _step);
                _plane.Write(() =>
                {
                    _plane.Kubelet.Step();
                    _scenario.Step(_plane, step);
                });
            }
        }
        finally
        {
            _stepping.Release();
        }
    }

    /// <summary>The time one step stands for.</summary>
    public TimeSpan Tick => _scenario.Tick;

    /// <summary>Takes a step every <see cref="Tick"/> of real time until cancelled; returns then, without throwing.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _stopping.Token);
        using var timer = new PeriodicTimer(_scenario.Tick);
        try
        {
            while (await timer.WaitForNextTickAsync(stop.Token))
                await AdvanceAsync(1, stop.Token);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Asked to stop.
        }
    }

    /// <summary>Cuts every open request and answers no more, as a network that is gone, until <see cref="Reconnect"/>.</summary>
    public void Disconnect() => _outage.Begin();

    /// <summary>Answers again after <see cref="Disconnect"/>.</summary>
    public void Reconnect() => _outage.End();

    /// <summary>Ends every stream and stops listening.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _app.StopAsync(CancellationToken.None);
        await _app.DisposeAsync();
        _certificate.Dispose();
        _outage.Dispose();
        _stepping.Dispose();
    }

    private string DefaultNamespace => _scenario is BookstoreScenario ? "bookstore" : "default";

    private static ControlPlane Populate(Scenario scenario, SimulatorOptions options)
    {
        var plane = new ControlPlane(options);
        try
        {
            scenario.Populate(plane);
        }
        catch (ApiException error)
        {
            throw new InvalidOperationException($"the scenario `{options.Scenario}` does not fit the limits: {error.Message}", error);
        }

        plane.Store.Open();
        return plane;
    }

    private static WebApplication Listen(SimulatorOptions options, ServerCertificate certificate)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = options.Limits.RequestBodyBytes + 1L;
            kestrel.Limits.Http2.MaxStreamsPerConnection = options.Limits.Watches;
            if (options.Socket is { } path)
                kestrel.ListenUnixSocket(path, Answer);
            else
                kestrel.Listen(IPAddress.Loopback, options.Port, Answer);
        });
        return builder.Build();

        void Answer(ListenOptions endpoint)
        {
            endpoint.Protocols = HttpProtocols.Http1AndHttp2;
            endpoint.UseHttps(new HttpsConnectionAdapterOptions { ServerCertificate = certificate.Certificate, SslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13 });
        }
    }

    private static Uri AddressOf(WebApplication app)
    {
        string address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        // Where a socket is says nothing about the name in the certificate.
        if (address.Contains("://unix:", StringComparison.Ordinal)) return new Uri("https://127.0.0.1/", UriKind.Absolute);
        return new Uri(address.Replace("[::]", "127.0.0.1", StringComparison.Ordinal), UriKind.Absolute);
    }
}
