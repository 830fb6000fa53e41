using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Net;
using System.Text;
using LazyOC.Cluster;
using LazyOC.Cluster.Config;
using LazyOC.Cluster.Simulator;
using LazyOC.EndToEnd.Tests;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Contracts.Manifest;
using LazyOC.Plugins.Contracts.Messages;
using LazyOC.Plugins.Contracts.Permissions;
using LazyOC.Plugins.Packages;
using LazyOC.Plugins.Runtime.Extensions;
using LazyOC.Plugins.Runtime.Lifecycle;
using LazyOC.Plugins.Runtime.Settings;
using LazyOC.Plugins.Runtime.Supervision;
using LazyOC.Plugins.Sandbox;
using LazyOC.Plugins.Sandbox.Audit;
using LazyOC.Plugins.Sandbox.Broker;
using LazyOC.Plugins.Sandbox.Files;
using LazyOC.Plugins.Sandbox.Guests;
using LazyOC.Plugins.Sandbox.Network;

namespace LazyOC.Plugins.Runtime.Tests;

/// <summary>A plugin host over a simulated cluster, spoken to by HTTP, with guests written in C#.</summary>
internal sealed class HostFixture : IAsyncDisposable
{
    private readonly Dictionary<string, Script> _scripts = [];
    private readonly List<InstalledPlugin> _plugins = [];
    private readonly AuditMemory _auditFiles = new();
    private readonly AuditLog _audit;
    private ClusterClient? _client;
    private string _token;

    private HostFixture(SimulatedCluster cluster)
    {
        Cluster = cluster;
        _audit = AuditLog.Begin(_auditFiles, new AuditLimits(), TimeProvider.System, span => span.Clear());
        _token = cluster.Token;
    }

    public SimulatedCluster Cluster { get; }
    public PluginHost Host { get; private set; } = null!;
    public RuntimeLimits Limits { get; set; } = RuntimeLimits.OneFrame;
    public SupervisionLimits Supervision { get; set; } = new() { MinBackoff = TimeSpan.FromMilliseconds(1), MaxBackoff = TimeSpan.FromMilliseconds(2) };
    public QuarantineFile? Quarantine { get; set; }
    public SandboxLimits Sandbox { get; set; } = new();
    public GuestLimits GuestLimits { get; set; } = new();

    /// <summary>What becomes of the options of every guest on the real engine.</summary>
    public Func<GuestOptions, GuestOptions> Guest { get; set; } = static options => options;
    public PluginSettings? Settings { get; set; }
    public string? Data { get; set; }
    public MountRules Mounts { get; set; } = new("", []);
    public FileLimits Files { get; set; } = new();
    public PolicyInForce Policy { get; set; } = PolicyInForce.None;
    public NetworkOptions Network { get; set; } = new();

    public IPAddress ListenAddress { get; set; } = IPAddress.Loopback;
    public ImmutableArray<HostCallRow> MoreCalls { get; set; } = [];
    public bool LeavesInstancesInOtherSessions { get; set; }

    /// <summary>Whether scripted guests answer what their script says even where nothing is asked for.</summary>
    public bool AnswersAsTheyAre { get; set; }
    public ConcurrentQueue<string> Starts { get; } = [];
    public ConcurrentQueue<Exception> Bugs { get; } = [];
    public ConcurrentQueue<string> LogLines { get; } = [];
    public AuditMemory AuditFiles => _auditFiles;
    public ExtensionPoints Extensions => Host.Extensions;

    /// <summary>The plugins it was started with.</summary>
    public IReadOnlyList<InstalledPlugin> Plugins => _plugins;

    /// <param name="scenario">What the cluster holds.</param>
    /// <param name="clock">The cluster's; the system's when null.</param>
    public static async Task<HostFixture> CreateAsync(string scenario = "bookstore", SimulatedClock? clock = null) =>
        new(await SimulatedCluster.StartAsync(new SimulatorOptions { Scenario = scenario, TimeProvider = (TimeProvider?)clock ?? TimeProvider.System }));

    /// <summary>Adds a plugin with a view of each kind, a computed column, an action, a command with and one without inputs, and a status item, all named after it.</summary>
    /// <param name="id">Its id; contributions are <c>ID.tab</c>, <c>ID.column</c>, and so on.</param>
    /// <param name="permissions">The manifest's permissions, granted as they are.</param>
    /// <param name="script">What it does.</param>
    /// <param name="activation">When it starts.</param>
    /// <param name="more">More members of <c>contributes</c>, each after a comma; ID stands for the id.</param>
    public HostFixture With(string id, string permissions, Script script, string activation = "onTab:ID.tab", string more = "")
    {
        _plugins.Add(Package(id, "1.0.0", permissions, script, activation, more));
        return this;
    }

    /// <summary>Adds a plugin as it is.</summary>
    public HostFixture With(InstalledPlugin plugin)
    {
        _plugins.Add(plugin);
        return this;
    }

    /// <summary>A package of a plugin that is not among those the host starts with.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="version">Its version.</param>
    /// <param name="permissions">The manifest's permissions, granted as they are.</param>
    /// <param name="script">What it does.</param>
    /// <param name="activation">When it starts.</param>
    /// <param name="more">More members of <c>contributes</c>, each after a comma; ID stands for the id.</param>
    public InstalledPlugin Package(string id, string version, string permissions, Script script, string activation = "onTab:ID.tab", string more = "")
    {
        var json = """
            {
              "manifestVersion": 1, "id": "ID", "version": "VERSION", "displayName": "Plugin ID", "engines": { "lazyoc": "^1.0" }, "main": "main.js",
              "activation": ["ACTIVATION"], "permissions": PERMISSIONS,
              "contributes": {
                "columns": [{ "id": "ID.column", "resource": "Pod", "title": "COL", "compute": [".status.phase"] }],
                "tabs": [{ "id": "ID.tab", "resource": "Pod", "title": "Tab" }],
                "actions": [{ "id": "ID.action", "resources": ["apps/Deployment"], "title": "Act" }],
                "commands": [
                  { "id": "ID.command", "title": "Do" },
                  { "id": "ID.ask", "title": "Ask", "inputs": [{ "name": "count", "label": "Count", "kind": "number", "required": true, "min": 1 }] }
                ],
                "sections": [{ "id": "ID.section", "resource": "Pod", "title": "Section" }],
                "pages": [{ "id": "ID.page", "title": "Page" }],
                "cards": [{ "id": "ID.card", "title": "Card" }],
                "statusItems": [{ "id": "ID.status", "title": "Status" }]MORE
              }
            }
            """.Replace("MORE", more, StringComparison.Ordinal).Replace("VERSION", version, StringComparison.Ordinal).Replace("ACTIVATION", activation, StringComparison.Ordinal).Replace("ID", id, StringComparison.Ordinal).Replace("PERMISSIONS", permissions, StringComparison.Ordinal);
        Assert.True(ManifestReader.Read(Encoding.UTF8.GetBytes(json)).TryGet(out var manifest, out var problems), Problem.Join(problems));
        var code = $"{id} {version}";
        _scripts[code] = script;
        return Installed(manifest, Encoding.UTF8.GetBytes(code), null);
    }

    /// <summary>Adds a plugin as <see cref="With(string, string, Script, string, string)"/> does, whose code runs on the real engine.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="permissions">The manifest's permissions.</param>
    /// <param name="code">A bundle or a module.</param>
    /// <param name="main">Its name, which says which of both.</param>
    /// <param name="activation">When it starts.</param>
    /// <param name="grant">What the user makes of the permissions; grants them as they are when null.</param>
    /// <param name="change">What else its manifest says.</param>
    public HostFixture WithCode(string id, string permissions, byte[] code, string main = "main.js", string activation = "onTab:ID.tab", Func<PermissionSet, PermissionSet>? grant = null, Func<PluginManifest, PluginManifest>? change = null)
    {
        var package = Package(id, "1.0.0", permissions, _ => Task.FromResult("{}"), activation);
        var manifest = package.Manifest with { Main = main };
        var installed = Installed(change?.Invoke(manifest) ?? manifest, code);
        var granted = grant?.Invoke(package.Manifest.Permissions) ?? package.Manifest.Permissions;
        _plugins.Add(installed with { Entry = installed.Entry with { Granted = granted, GrantDigest = granted.ComputeDigest() } });
        return this;
    }

    /// <summary>Adds a plugin in JavaScript, run on QuickJS, with the command <c>ID.command</c>.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="more">More of its manifest: keys and values, each with a comma behind.</param>
    /// <param name="code">Its bundle.</param>
    /// <param name="version">Its version.</param>
    public HostFixture WithJavaScript(string id, string more, string code, string version = "1.0.0")
    {
        var json = $$"""
            {
              "manifestVersion": 1, "id": "{{id}}", "version": "{{version}}", "displayName": "Plugin {{id}}", "engines": { "lazyoc": "^1.0" }, "main": "main.js", {{more}}
              "contributes": { "commands": [{ "id": "{{id}}.command", "title": "Do" }] }
            }
            """;
        Assert.True(ManifestReader.Read(Encoding.UTF8.GetBytes(json)).TryGet(out var manifest, out var problems), Problem.Join(problems));
        _plugins.Add(Installed(manifest, Encoding.UTF8.GetBytes(code), null));
        return this;
    }

    /// <summary>A package of a plugin in JavaScript, with the contributions of <see cref="With(string, string, Script, string, string)"/>.</summary>
    public InstalledPlugin Code(string id, string version, string permissions, string code)
    {
        var package = Package(id, version, permissions, _ => throw new InvalidOperationException("never run"));
        return Installed(package.Manifest, Encoding.UTF8.GetBytes(code));
    }

    /// <summary>Adds a plugin in TypeScript or AssemblyScript, built from its source and run on the real engine.</summary>
    /// <param name="folder">The plugin's folder, from the root of the repository.</param>
    public async Task<HostFixture> WithSourceAsync(string folder)
    {
        var source = Path.Combine(Repository, folder);
        Assert.True(ManifestReader.Read(File.ReadAllBytes(Path.Combine(source, "plugin.json"))).TryGet(out var manifest, out var problems), Problem.Join(problems));
        var built = Directory.CreateTempSubdirectory("lazyoc-fixture-");
        try
        {
            byte[] Built(string name) => File.ReadAllBytes(Path.Combine(built.FullName, name));
            if (manifest.Main.EndsWith(".wasm", StringComparison.Ordinal))
            {
                await GuestBuild.AssemblyScriptAsync(Repository, source, built.FullName);
                _plugins.Add(Installed(manifest, Built("plugin.wasm"), null));
            }
            else
            {
                await GuestBuild.TypeScriptAsync(Repository, Path.Combine(source, "src", "plugin.ts"), built.FullName);
                _plugins.Add(Installed(manifest, Built("plugin.js"), Built("plugin.js.map")) with
                {
                    Content = PackageContent.Of(manifest.Contributes.Templates.Select(template => new PackageFile(template.File, File.ReadAllBytes(Path.Combine(source, template.File))))),
                });
            }
        }
        finally
        {
            built.Delete(recursive: true);
        }
        return this;
    }

    /// <summary>Adds a plugin from a package, with everything granted that it asks for.</summary>
    /// <param name="file">The package, from the root of the repository.</param>
    public HostFixture WithPackage(string file)
    {
        Assert.True(PluginPackage.Open(File.ReadAllBytes(Path.Combine(Repository, file))).TryGet(out var package, out var problems), Problem.Join(problems));
        _plugins.Add(package.ForDevelopment());
        return this;
    }

    /// <summary>The folder that holds LazyOC.slnx.</summary>
    private static string Repository
    {
        get
        {
            var folder = new DirectoryInfo(AppContext.BaseDirectory);
            while (!File.Exists(Path.Combine(folder.FullName, "LazyOC.slnx"))) folder = folder.Parent!;
            return folder.FullName;
        }
    }

    /// <summary>A plugin as the store would give it, with everything granted that it asks for.</summary>
    public static InstalledPlugin Installed(PluginManifest manifest, byte[] main, ReadOnlyMemory<byte>? sourceMap = null) =>
        new()
        {
            Manifest = manifest,
            Main = main,
            SourceMap = sourceMap,
            Entry = new InstalledEntry
            {
                Id = manifest.Id,
                Version = manifest.Version,
                Digest = Digest.Of(main),
                Files = Digest.Of([]),
                Source = "test",
                Granted = manifest.Permissions,
                GrantDigest = manifest.Permissions.ComputeDigest(),
                StoreEpoch = 1,
                Enabled = true,
                Why = InstallReason.Requested,
            },
        };

    /// <summary>Lets the session be that of a user who may only view; before the start.</summary>
    public void ActAsDeveloper() => _token = Cluster.DeveloperToken;

    public ClusterSession Session(bool readOnly = false) => new() { Client = _client ??= new ClusterClient(new ClusterOptions { Server = Cluster.Server, CertificateAuthorityPem = Cluster.CertificateAuthorityPem, Token = _token }), Context = "demo", User = "admin", Namespace = "bookstore", ReadOnly = readOnly };

    public async Task<HostFixture> StartAsync(bool readOnly = false)
    {
        Host = await PluginHost.StartAsync(new PluginHostOptions
        {
            Plugins = [.. _plugins],
            Session = Session(readOnly),
            Audit = _audit,
            Log = (plugin, level, line) => LogLines.Enqueue($"{plugin} {level} {line}"),
            Bug = (_, bug) => Bugs.Enqueue(bug),
            StartGuest = (kind, options, cancellationToken) =>
            {
                Starts.Enqueue(options.Name);
                return _scripts.TryGetValue(Encoding.UTF8.GetString(options.Code.Span), out var script)
                    ? ValueTask.FromResult<GuestStart>(new GuestStart.Running(new ScriptedGuest(options, script, AnswersAsTheyAre)))
                    : GuestFactory.StartAsync(kind, Guest(options), cancellationToken);
            },
            Limits = Limits,
            Supervision = Supervision,
            Quarantine = Quarantine,
            Sandbox = Sandbox,
            GuestLimits = GuestLimits,
            Settings = Settings,
            Data = Data,
            Mounts = Mounts,
            Files = Files,
            Policy = Policy,
            Network = Network,
            ListenAddress = ListenAddress,
            MoreCalls = MoreCalls,
            LeavesInstancesInOtherSessions = LeavesInstancesInOtherSessions,
        });
        return this;
    }

    public static ObjectReference Pod(string name = "cart", string? ns = "bookstore") => new() { Group = "", Kind = "Pod", Namespace = ns, Name = name };

    public PluginStatus Status(string id) => Host.Plugins.Single(p => p.Id == PluginId.Parse(id));

    /// <summary>Opens a tab and waits until its plugin has answered or failed.</summary>
    public async Task<ViewState> OpenTabAsync(string id)
    {
        using var view = Extensions.OpenTab($"{id}.tab", Pod(), 80, 20);
        await UntilAsync(() => view.State is not ViewState.Pending);
        return view.State;
    }

    /// <summary>Waits until something that changes the screen has made it so.</summary>
    public async Task UntilAsync(Func<bool> condition)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(15));
        while (true)
        {
            var version = Extensions.Version;
            if (condition()) return;
            try
            {
                await Extensions.WaitForChangeAsync(version, patience.Token);
            }
            catch (OperationCanceledException)
            {
                Assert.Fail($"not reached: {string.Join("; ", Host.Plugins)}; pending {string.Join(", ", Extensions.Pending)}; bugs {string.Join("; ", Bugs)}");
            }
        }
    }

    public async Task<ImmutableArray<AuditEntry>> AuditedAsync(string id)
    {
        await _audit.FlushAsync();
        return [.. AuditReader.Read(_auditFiles, new AuditFilter { Plugin = PluginId.Parse(id) }, new AuditLimits())];
    }

    public int ReplicasOf(string deployment) =>
        (int)Cluster.Store.Get("apps/v1", "Deployment", "bookstore", deployment)!["spec"]!["replicas"]!;

    public async ValueTask DisposeAsync()
    {
        if (Host is not null) await Host.DisposeAsync();
        await _audit.DisposeAsync();
        if (_client is not null) await _client.DisposeAsync();
        await Cluster.DisposeAsync();
    }
}
