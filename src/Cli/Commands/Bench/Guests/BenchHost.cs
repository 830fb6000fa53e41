using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using LazyOC.Cluster;
using LazyOC.Cluster.Config;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Contracts.Manifest;
using LazyOC.Plugins.Contracts.Messages;
using LazyOC.Plugins.Packages;
using LazyOC.Plugins.Runtime;
using LazyOC.Plugins.Sandbox;
using LazyOC.Plugins.Sandbox.Audit;
using LazyOC.Plugins.Sandbox.Guests;
using LazyOC.Plugins.Sandbox.Quotas;

namespace LazyOC.Cli.Commands.Bench.Guests;

/// <summary>A whole plugin host for plugins that a benchmark makes up: no screen, a cluster that is never spoken to, and quotas out of the way.</summary>
internal sealed class BenchHost : IAsyncDisposable
{
    private readonly ClusterClient _client;
    private readonly AuditLog _audit;

    private BenchHost(ClusterClient client, AuditLog audit, PluginHost host) => (_client, _audit, Host) = (client, audit, host);

    public PluginHost Host { get; }

    /// <param name="plugins">The first plugins.</param>
    /// <param name="limits">The runtime's.</param>
    /// <param name="tap">Told of each message that a guest has answered, on the thread that asked; null for nobody.</param>
    /// <param name="cancellationToken">Ends the start.</param>
    public static async Task<BenchHost> StartAsync(ImmutableArray<InstalledPlugin> plugins, RuntimeLimits limits, AnsweredMessage? tap = null, CancellationToken cancellationToken = default)
    {
        var client = new ClusterClient(new ClusterOptions { Server = new Uri("https://127.0.0.1:1") });
        var audit = AuditLog.Begin(new AuditMemory(), new AuditLimits(), TimeProvider.System, System.Security.Cryptography.RandomNumberGenerator.Fill);
        var unlimited = new QuotaRate(1e9, 1e9);
        var host = await PluginHost.StartAsync(
            new PluginHostOptions
            {
                Plugins = plugins,
                Session = new ClusterSession { Client = client, Context = "bench", User = "bench", Namespace = "default" },
                Audit = audit,
                Log = (_, _, _) => { },
                Bug = (what, bug) => throw new InvalidOperationException(what, bug),
                StartGuest = tap is null ? GuestFactory.StartAsync : (kind, options, ends) => StartTappedAsync(kind, options, tap, ends),
                Limits = limits,
                Sandbox = new SandboxLimits { HostCalls = unlimited, ArgumentRate = unlimited, Cpu = new QuotaRate(1e3, 1e3) },
            },
            cancellationToken);
        return new BenchHost(client, audit, host);
    }

    public async ValueTask DisposeAsync()
    {
        await Host.DisposeAsync();
        await _audit.DisposeAsync();
        await _client.DisposeAsync();
    }

    /// <summary>A plugin as the store would give it, with all that it asks for granted.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="version">Its version is <c>1.0.VERSION</c>.</param>
    /// <param name="more">More of its manifest: keys and values, each with a comma behind.</param>
    /// <param name="code">Its bundle.</param>
    public static InstalledPlugin Plugin(string id, int version, string more, string code)
    {
        var json = string.Create(CultureInfo.InvariantCulture, $$"""
            {
              "manifestVersion": 1, "id": "{{id}}", "version": "1.0.{{version}}", "displayName": "Bench", "engines": { "lazyoc": "^1.0" }, "main": "main.js", {{more}}
              "activation": ["onStartup"]
            }
            """);
        var manifest = ManifestReader.Read(Encoding.UTF8.GetBytes(json)).OrThrow(ExitCode.Failed, id);
        return Plugin(manifest, Encoding.UTF8.GetBytes(code));
    }

    /// <summary>A plugin as the store would give it, with all that it asks for granted.</summary>
    public static InstalledPlugin Plugin(PluginManifest manifest, ReadOnlyMemory<byte> main) => new()
    {
        Manifest = manifest,
        Main = main,
        Entry = new InstalledEntry
        {
            Id = manifest.Id,
            Version = manifest.Version,
            Digest = Digest.Of(main.Span),
            Files = Digest.Of([]),
            Source = "bench",
            Granted = manifest.Permissions,
            GrantDigest = manifest.Permissions.ComputeDigest(),
            StoreEpoch = 1,
            Enabled = true,
            Why = InstallReason.Requested,
        },
    };

    private static async ValueTask<GuestStart> StartTappedAsync(GuestKind kind, GuestOptions options, AnsweredMessage tap, CancellationToken ends) =>
        await GuestFactory.StartAsync(kind, options, ends) is GuestStart.Running running
            ? new GuestStart.Running(new TappedGuest(options.Name, running.Guest, tap))
            : throw new InvalidOperationException($"{options.Name} did not start");

    private sealed class TappedGuest(string name, IGuest guest, AnsweredMessage tap) : IGuest
    {
        public GuestUsage Usage => guest.Usage;

        public Task<GuestFault?> Ended => guest.Ended;

        public async ValueTask<GuestReply> SendAsync(Envelope message, CancellationToken cancellationToken)
        {
            var reply = await guest.SendAsync(message, cancellationToken);
            tap(name, message, reply);
            return reply;
        }

        public ValueTask DisposeAsync() => guest.DisposeAsync();
    }
}

/// <summary>A guest has answered a message, or failed to.</summary>
internal delegate void AnsweredMessage(string plugin, Envelope message, GuestReply reply);
