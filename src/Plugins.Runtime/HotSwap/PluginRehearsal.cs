using LazyOC.Cluster;
using LazyOC.Cluster.Config;
using LazyOC.Plugins.Contracts.Permissions;
using LazyOC.Plugins.Packages;
using LazyOC.Plugins.Runtime.Extensions;
using LazyOC.Plugins.Runtime.Settings;
using LazyOC.Plugins.Runtime.State;
using LazyOC.Plugins.Sandbox.Audit;

namespace LazyOC.Plugins.Runtime.HotSwap;

/// <summary>What a <see cref="PluginRehearsal"/> takes from the home and the machine it is for.</summary>
public sealed record RehearsalOptions
{
    /// <summary>Where the plugins' stores are, as <see cref="PluginStore.Data"/>; what the plugin has there is copied, never changed.</summary>
    public required string Data { get; init; }

    /// <summary>Where copies may lie meanwhile, as <see cref="PluginStore.Rehearsals"/>; created when it is missing.</summary>
    public required string Scratch { get; init; }

    /// <summary>As <see cref="PluginHostOptions.Settings"/>.</summary>
    public PluginSettings? Settings { get; init; }

    /// <summary>As <see cref="PluginHostOptions.Policy"/>.</summary>
    public PolicyInForce Policy { get; init; } = PolicyInForce.None;

    /// <summary>As <see cref="PluginHostOptions.Bug"/>.</summary>
    public required Action<string, Exception> Bug { get; init; }

    public RuntimeLimits Limits { get; init; } = new();
}

/// <summary>
/// The swap of a plugin without the swap, before it is installed and without a screen: its code is loaded, a copy of what is
/// stored is migrated, and it is activated where no call has an effect outside and no cluster answers. What it does with a
/// cluster is for the running hosts to see when they swap.
/// </summary>
public static class PluginRehearsal
{
    /// <summary>Null when the package can take over as far as can be told; otherwise why not. Nothing is left of the attempt.</summary>
    /// <param name="plugin">What would be installed, as <see cref="PluginStore.Preview"/>.</param>
    /// <param name="options">Where.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="IOException">The copy cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">As above.</exception>
    public static async Task<PluginFailure?> RunAsync(InstalledPlugin plugin, RehearsalOptions options, CancellationToken cancellationToken)
    {
        var scratch = Path.Combine(options.Scratch, Guid.NewGuid().ToString("N"));
        try
        {
            if (Copy(plugin, options, scratch) is { } failure) return failure;
            // Nothing listens on port 0: every call of a cluster ends `unavailable`, at once.
            await using var client = new ClusterClient(new ClusterOptions { Server = new Uri("https://127.0.0.1:0") });
            await using var audit = AuditLog.Begin(new AuditMemory(), new AuditLimits(), TimeProvider.System, span => span.Clear());
            await using var host = await PluginHost.StartAsync(
                new PluginHostOptions
                {
                    Plugins = [],
                    Session = new ClusterSession { Client = client, Context = "none", User = "nobody", Namespace = "default", ReadOnly = true },
                    Audit = audit,
                    Bug = options.Bug,
                    Log = static (_, _, _) => { },
                    Limits = options.Limits,
                    Data = scratch,
                    Settings = options.Settings,
                    Policy = options.Policy,
                },
                cancellationToken);
            return await host.RehearseAsync(plugin, cancellationToken);
        }
        finally
        {
            if (Directory.Exists(scratch)) Directory.Delete(scratch, recursive: true);
        }
    }

    private static PluginFailure? Copy(InstalledPlugin plugin, RehearsalOptions options, string scratch)
    {
        var (id, epoch) = (plugin.Manifest.Id, plugin.Entry.StoreOrigin?.Epoch ?? plugin.Entry.StoreEpoch);
        var stored = PluginStore.DataFile(options.Data, id, epoch);
        if (!File.Exists(stored)) return null;
        var copy = PluginStore.DataFile(scratch, id, epoch);
        StoreFolder.Create(Path.GetDirectoryName(copy)!);
        using var file = new StoreFile(stored, plugin.Entry.Granted.StorageBytes, options.Limits);
        return file.SnapshotTo(copy) is { } error ? new PluginFailure(id, plugin.Manifest.DisplayName, error.Code, $"its stored data cannot be copied: {error.Message}") : null;
    }
}
