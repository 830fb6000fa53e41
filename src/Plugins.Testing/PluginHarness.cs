using System.Collections.Immutable;
using System.Security.Cryptography;
using LazyOC.Cluster;
using LazyOC.Cluster.Config;
using LazyOC.Cluster.Simulator;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Contracts.Manifest;
using LazyOC.Plugins.Contracts.Messages;
using LazyOC.Plugins.Contracts.Permissions;
using LazyOC.Plugins.Packages;
using LazyOC.Plugins.Runtime;
using LazyOC.Plugins.Runtime.Extensions;
using LazyOC.Plugins.Runtime.Settings;
using LazyOC.Plugins.Runtime.State;
using LazyOC.Plugins.Sandbox;
using LazyOC.Plugins.Sandbox.Audit;
using LazyOC.Plugins.Sandbox.Guests;
using LazyOC.Plugins.Sandbox.Secrets;

namespace LazyOC.Plugins.Testing;

/// <summary>
/// Runs one plugin in its real sandbox, behind the real door, over a simulated cluster that is spoken to by HTTPS, and drives it as
/// a user would.
/// </summary>
/// <remarks>
/// The cluster's clock stands still: views are the same from run to run. The plugin is granted all that its manifest asks for,
/// without what <see cref="HarnessOptions.Withheld"/> names. One operation at a time; properties may be read from any thread.
/// </remarks>
public sealed partial class PluginHarness : IAsyncDisposable
{
    private const string Namespace = "bookstore";

    /// <summary>A guest names an uncaught refusal by its code, <c>CODE: MESSAGE</c>.</summary>
    private static readonly ImmutableArray<string> RefusalCodes =
    [
        ErrorCode.PermissionDenied, ErrorCode.GestureRequired, ErrorCode.QuotaExceeded, ErrorCode.NotFound, ErrorCode.Conflict, ErrorCode.Invalid,
        ErrorCode.Timeout, ErrorCode.Unavailable, ErrorCode.TooLarge, ErrorCode.Cancelled, ErrorCode.Internal,
    ];

    private readonly DirectoryInfo _scratch;
    private readonly ClusterClient _client;
    private readonly AuditLog _audit;
    private readonly ClusterSession _session;
    private readonly TimeProvider _clock;
    private readonly CallRecorder _recorder;
    private readonly TestUser _user;
    private readonly HashSet<string> _driven = new(StringComparer.Ordinal);
    private readonly List<HarnessView> _views = [];
    private ImmutableArray<string> _log = [];
    private PluginHost _host = null!;
    private InstalledPlugin _plugin = null!;
    private int _swaps;

    private PluginHarness(PluginManifest manifest, HarnessOptions options, SimulatedCluster cluster, TimeProvider clock)
    {
        (Manifest, Options, Cluster, _clock) = (manifest, options, cluster, clock);
        _scratch = Directory.CreateTempSubdirectory("lazyoc-harness-");
        _recorder = new CallRecorder(options);
        _user = new TestUser(options);
        _audit = AuditLog.Begin(new AuditMemory(), new AuditLimits(), TimeProvider.System, RandomNumberGenerator.Fill);
        _client = new ClusterClient(new ClusterOptions { Server = cluster.Server, Context = "test", ClusterName = "test", UserName = "kubeadmin", Namespace = Namespace, CertificateAuthorityPem = cluster.CertificateAuthorityPem, Token = cluster.Token });
        _session = new ClusterSession { Client = _client, Context = "test", User = "kubeadmin", Namespace = Namespace, ReadOnly = options.ReadOnly };
    }

    public PluginManifest Manifest { get; }

    public HarnessOptions Options { get; }

    /// <summary>The cluster; what a test writes there is what the plugin finds.</summary>
    public SimulatedCluster Cluster { get; }

    /// <summary>The host calls that it made so far, oldest first.</summary>
    public ImmutableArray<RecordedCall> Calls => _recorder.Calls;

    /// <summary>What it showed and asked the user so far, oldest first.</summary>
    public ImmutableArray<ShownText> Shown => _user.Shown;

    /// <summary>Lines of its log so far.</summary>
    public ImmutableArray<string> LogLines => _log;

    /// <summary>Ids of the contributions that were asked for anything.</summary>
    public ImmutableArray<string> Driven => [.. _driven.Order(StringComparer.Ordinal)];

    internal DateTimeOffset Now => _clock.GetUtcNow();

    /// <summary>Opens a package, or packs the directory of a built plugin.</summary>
    public static Outcome<PluginPackage> Open(string path)
    {
        if (!Directory.Exists(path)) return PluginPackage.Open(File.ReadAllBytes(path));
        return PackageSource.Pack(path).TryGet(out var packed, out var problems) ? packed.Package : problems;
    }

    /// <summary>Starts a plugin; it becomes active when it is first needed.</summary>
    /// <exception cref="ArgumentException">There is no such scenario, a setting is not one of the plugin's, or what is to be stored is refused.</exception>
    public static async Task<PluginHarness> StartAsync(PluginPackage package, HarnessOptions? options = null, CancellationToken cancellationToken = default)
    {
        options ??= new HarnessOptions();
        if (!SimulatedCluster.ScenarioNames.Contains(options.Scenario)) throw new ArgumentException($"there is no scenario `{options.Scenario}`; there are {string.Join(", ", SimulatedCluster.ScenarioNames)}", nameof(options));
        var clock = new SimulatedClock();
        var cluster = await SimulatedCluster.StartAsync(new SimulatorOptions { Scenario = options.Scenario, TimeProvider = clock }, cancellationToken);
        var harness = new PluginHarness(package.Manifest, options, cluster, clock);
        try
        {
            await harness.StartHostAsync(package, cancellationToken);
            return harness;
        }
        catch
        {
            await harness.DisposeAsync();
            throw;
        }
    }

    /// <summary>
    /// Replaces the running plugin by itself, as an update or a save in <c>plugin dev</c> does: its state is dehydrated and
    /// hydrated, its open views are drawn by the new instance. One that does not run is only started anew.
    /// </summary>
    /// <exception cref="PluginFailedException">The new instance does not take over; the one before goes on.</exception>
    public async Task SwapAsync(CancellationToken cancellationToken = default)
    {
        // What replaces a package is another one: its digest alone is another here.
        var next = _plugin with { Entry = _plugin.Entry with { Digest = Digest.Of(BitConverter.GetBytes(++_swaps)) } };
        if ((await _host.ApplyAsync([next], cancellationToken)).Single() is PluginChange.SwapFailed failed) throw new PluginFailedException(ErrorCode.Unavailable, failed.Reason, failed.Stack);
        _plugin = next;
    }

    /// <summary>Waits until something that changes the screen has made a condition true.</summary>
    /// <exception cref="PluginFailedException">It is not within <see cref="TestingLimits.AnswerTime"/>.</exception>
    public async Task UntilAsync(Func<bool> condition, CancellationToken cancellationToken = default)
    {
        using var late = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        late.CancelAfter(Options.Limits.AnswerTime);
        try
        {
            while (true)
            {
                var version = _host.Extensions.Version;
                if (condition()) return;
                await _host.Extensions.WaitForChangeAsync(version, late.Token);
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new PluginFailedException("timeout", $"nothing came within {Options.Limits.AnswerTime.TotalSeconds:0} s; pending: {string.Join(", ", _host.Extensions.Pending)}");
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var view in _views) view.Dispose();
        if (_host is not null) await _host.DisposeAsync();
        await _audit.DisposeAsync();
        await _client.DisposeAsync();
        await Cluster.DisposeAsync();
        _scratch.Delete(recursive: true);
    }

    /// <summary>A failure as a test has it: a refusal that the plugin did not catch has the refusal's code.</summary>
    internal static PluginFailedException ExceptionOf(PluginFailure failure)
    {
        foreach (var code in RefusalCodes)
            if (failure.Message.StartsWith(code + ": ", StringComparison.Ordinal)) return new PluginFailedException(code, failure.Message[(code.Length + 2)..], failure.Stack);
        return new PluginFailedException(failure.Code, failure.Message, failure.Stack);
    }

    internal static void ThrowIfFailed(InvocationResult result)
    {
        if (result is InvocationResult.Faulted faulted) throw ExceptionOf(faulted.Failure);
    }

    private async Task StartHostAsync(PluginPackage package, CancellationToken cancellationToken)
    {
        var settings = SettingsOf(Options);
        var limits = Options.Limits.AnswerTime;
        var data = Path.Combine(_scratch.FullName, "data");
        _plugin = WithStored(Granted(package, Options), Options, data);
        _host = await PluginHost.StartAsync(new PluginHostOptions
        {
            Plugins = [_plugin],
            Session = _session,
            Audit = _audit,
            Time = new WallClock(_clock),
            Bug = (what, bug) => Note($"bug in the host: {what}: {bug}"),
            Log = (_, level, line) => Note($"{level.ToString().ToLowerInvariant()}: {line}"),
            StartGuest = (kind, guest, token) => GuestFactory.StartAsync(kind, _recorder.Before(guest), token),
            Data = data,
            Settings = settings,
            Limits = new RuntimeLimits { ActivateDeadline = limits, ComputeDeadline = limits, RenderDeadline = limits, MessageDeadline = limits, HookDeadline = limits, LogLinesDeadline = limits, LogLinesWait = limits },
        }, cancellationToken);
        _host.Extensions.UserPrompts = _user;
        using var late = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        late.CancelAfter(limits);
        try
        {
            await _host.Extensions.WhenSettledAsync(late.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // A plugin that never becomes active fails where it is asked for something.
        }
    }

    private PluginSettings SettingsOf(HarnessOptions options)
    {
        var settings = new PluginSettings(Path.Combine(_scratch.FullName, "settings"), new SecretStore(Path.Combine(_scratch.FullName, "secrets"), new SandboxLimits(), RandomNumberGenerator.Fill, Note), new RuntimeLimits());
        if (options.Settings.IsEmpty) return settings;
        return settings.Change(Manifest, options.Settings.ToDictionary(one => one.Key, one => (System.Text.Json.JsonElement?)one.Value)).TryGet(out _, out var problems)
            ? settings
            : throw new ArgumentException(Problem.Join(problems), nameof(options));
    }

    /// <summary>The plugin with what the user grants, and an empty folder for each that it wants of him.</summary>
    private InstalledPlugin Granted(PluginPackage package, HarnessOptions options)
    {
        foreach (var path in options.Withheld)
            if (!PermissionPath.Of(Manifest.Permissions).Any(permission => PermissionPath.Names(path, permission)))
                throw new ArgumentException($"`{path}` is no permission of {Manifest.Id}; it asks for {string.Join(", ", PermissionPath.Of(Manifest.Permissions).Select(permission => $"`{permission}`"))}", nameof(options));
        var plugin = package.ForDevelopment();
        var granted = PermissionPath.Select(plugin.Manifest.Permissions, permission => !options.Withheld.Any(path => PermissionPath.Names(path, permission)));
        granted = granted with { Files = [.. granted.Files.Select(rule => rule with { Host = Directory.CreateDirectory(Path.Combine(_scratch.FullName, "mnt", rule.Mount)).FullName })] };
        return plugin with { Entry = plugin.Entry with { Granted = granted, GrantDigest = granted.ComputeDigest() } };
    }

    /// <summary>The plugin with what it finds stored, by itself or by another version.</summary>
    private InstalledPlugin WithStored(InstalledPlugin plugin, HarnessOptions options, string data)
    {
        if (options.Stored.IsEmpty && options.StoredBy is null) return plugin;
        if (plugin.Manifest.Permissions.StorageBytes == 0) throw new ArgumentException($"{plugin.Manifest.Id} asks for no `storage`: it cannot have stored anything", nameof(options));
        var stored = plugin.Entry.StoreEpoch;
        var file = PluginStore.DataFile(data, plugin.Manifest.Id, stored);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        if (!StoredData.Import(file, options.Stored, plugin.Entry.Granted.StorageBytes).TryGet(out _, out var problems)) throw new ArgumentException(Problem.Join(problems), nameof(options));
        // As an update does: an epoch of its own only for a version that has a migration.
        return options.StoredBy is { } version && !plugin.Manifest.MigrationsFrom(version).IsEmpty
            ? plugin with { Entry = plugin.Entry with { StoreEpoch = stored + 1, StoreOrigin = new StoreOrigin(stored, version) } }
            : plugin;
    }

    private void Note(string line) => ImmutableInterlocked.Update(ref _log, log => log.Add(line));
}
