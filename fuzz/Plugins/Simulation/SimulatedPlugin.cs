using System.Globalization;
using System.Text;
using System.Text.Json;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Contracts.Manifest;
using LazyOC.Plugins.Contracts.Messages;
using LazyOC.Plugins.Packages;
using LazyOC.Plugins.Sandbox.Guests;

namespace LazyOC.Fuzz.Plugins.Simulation;

/// <summary>Where a version of the simulated plugin fails when it should take over.</summary>
internal enum Failing
{
    Nowhere,
    Load,
    Activate,
    Hydrate,
    HydrateHangs,
    Render,
    RenderIsNoView,
    StateTooLarge,
    Migrate,
    MigrateHangs,
}

/// <summary>A version of a plugin that keeps the numbers of all events it was given, and hands them on.</summary>
internal sealed record SimulatedVersion(int Number, Failing Failing, bool Stores = false)
{
    public const string Id = "acme.counter";
    public const string Topic = "plugin.tick";

    public InstalledPlugin Plugin { get; } = Make(Number, Stores);

    /// <summary>The plugin as it is installed over another version: what that one stored has to be migrated.</summary>
    public InstalledPlugin Over(InstalledPlugin? before) => Plugin with
    {
        Entry = Plugin.Entry with { StoreEpoch = Number + 1, StoreOrigin = before is null ? null : new StoreOrigin(before.Entry.StoreEpoch, before.Manifest.Version) },
    };

    /// <summary>Whether the code is that of a version's migration, not of the version.</summary>
    public static bool IsMigration(string code) => code.StartsWith("migrate", StringComparison.Ordinal);

    /// <summary>The number of the version that a code belongs to.</summary>
    public static int NumberIn(string code) => int.Parse(code.Split(' ')[^1], CultureInfo.InvariantCulture);

    /// <summary>Where a version fails, by the seed: half of them nowhere.</summary>
    public static Failing FailingBy(SeededScheduler scheduler) =>
        scheduler.Next(2) == 0 ? Failing.Nowhere : (Failing)scheduler.Next(Enum.GetValues<Failing>().Length);

    private static InstalledPlugin Make(int number, bool stores)
    {
        var json = $$"""
            {
              "manifestVersion": 1, "id": "{{Id}}", "version": "1.0.{{number}}", "displayName": "Counter", "engines": { "lazyoc": "^1.0" }, "main": "main.js",
              "activation": ["onStartup"], "permissions": { {{(stores ? "\"storage\": \"1MiB\", " : "")}}"events": { "subscribe": ["plugin.*"] } },
              "migrations": [{{(stores ? $$"""{ "from": "<1.0.{{number}}", "entry": "migrate.js" }""" : "")}}],
              "contributes": {
                "columns": [{ "id": "{{Id}}.column", "resource": "Pod", "title": "COL", "compute": [".status.phase"] }],
                "tabs": [{ "id": "{{Id}}.tab", "resource": "Pod", "title": "Tab" }],
                "commands": [{ "id": "{{Id}}.command", "title": "Do" }],
                "statusItems": [{ "id": "{{Id}}.status", "title": "Status" }]
              }
            }
            """;
        if (!ManifestReader.Read(Encoding.UTF8.GetBytes(json)).TryGet(out var manifest, out var problems)) throw new InvalidOperationException(Problem.Join(problems));
        var code = Encoding.UTF8.GetBytes(number.ToString(CultureInfo.InvariantCulture));
        return new InstalledPlugin
        {
            Manifest = manifest,
            Main = code,
            Content = PackageContent.Of([new("migrate.js", Encoding.UTF8.GetBytes($"migrate {number}"))]),
            Entry = new InstalledEntry
            {
                Id = manifest.Id,
                Version = manifest.Version,
                Digest = Digest.Of(code),
                Files = Digest.Of([]),
                Source = "simulation",
                Granted = manifest.Permissions,
                GrantDigest = manifest.Permissions.ComputeDigest(),
                StoreEpoch = 1,
                Enabled = true,
                Why = InstallReason.Requested,
            },
        };
    }
}

/// <summary>What all instances of the plugin did, for the test to judge.</summary>
internal sealed class SimulationRecord
{
    /// <summary>Events whose handling was cancelled because the instance was to be replaced.</summary>
    public SortedSet<long> Cancelled { get; } = [];

    /// <summary>What must never happen.</summary>
    public List<string> Wrong { get; } = [];

    public int Living { get; set; }

    public SimulatedGuest? Latest { get; set; }

    /// <summary>What the hosts of the home have stored.</summary>
    public SimulatedDisk Disk { get; init; } = new();

    /// <summary>Added to an event's number for its key, so that hosts of one home do not write over each other.</summary>
    public long FirstKey { get; init; }

    public StringBuilder Trace { get; init; } = new();
}

/// <summary>What was stored in a home, as those who stored it know.</summary>
internal sealed class SimulatedDisk
{
    /// <summary>Events that are stored for certain, by key, with the version that stored them.</summary>
    public SortedDictionary<long, int> Stored { get; init; } = [];

    /// <summary>Events that are being stored, or may have been.</summary>
    public SortedSet<long> Storing { get; init; } = [];

    /// <summary>Versions that were taken back: what they stored went with them.</summary>
    public SortedSet<int> TakenBack { get; init; } = [];

    /// <summary>Changes that were refused because the store goes on in another epoch.</summary>
    public int Refused { get; set; }

    /// <summary>What has to be there.</summary>
    public IEnumerable<long> Certain => Stored.Where(entry => !TakenBack.Contains(entry.Value)).Select(entry => entry.Key);

    /// <summary>As it is in this moment.</summary>
    public SimulatedDisk Copy() => new() { Stored = new(Stored), Storing = [.. Storing], TakenBack = [.. TakenBack] };
}

/// <summary>The plugin's instance: slow by the seed, honest about what it was given.</summary>
internal sealed class SimulatedGuest : IGuest
{
    private static readonly TimeSpan Slowness = TimeSpan.FromSeconds(3);

    private readonly SimulatedVersion _version;
    private readonly GuestOptions _options;
    private readonly SeededScheduler _scheduler;
    private readonly SimulationRecord _record;
    private readonly CancellationTokenSource _ends = new();
    private readonly TaskCompletionSource<GuestFault?> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _isStarted;
    private bool _isDisposed;

    public SimulatedGuest(SimulatedVersion version, GuestOptions options, SeededScheduler scheduler, SimulationRecord record)
    {
        (_version, _options, _scheduler, _record) = (version, options, scheduler, record);
        _record.Living++;
    }

    public List<long> Seen { get; private set; } = [];

    public GuestUsage Usage => default;

    public Task<GuestFault?> Ended => _ended.Task;

    public async ValueTask<GuestReply> SendAsync(Envelope message, CancellationToken cancellationToken)
    {
        if (_isDisposed) _record.Wrong.Add($"{message.Type} to an instance that is gone");
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _ends.Token);
        if (message.Type == MessageType.Started) (_isStarted, _record.Latest) = (true, this);
        _record.Trace.Append(CultureInfo.InvariantCulture, $"{_version.Number}:{message.Type} ");
        try
        {
            await _scheduler.WaverAsync(3);
            return new GuestReply.Answered(Encoding.UTF8.GetBytes(await HandleAsync(message, ends.Token)));
        }
        catch (SimulatedFaultException fault) when (!ends.IsCancellationRequested)
        {
            return new GuestReply.Failed(fault.Fault);
        }
        catch (Exception cancelled) when (cancelled is SimulatedFaultException or OperationCanceledException)
        {
            return new GuestReply.Failed(new GuestFault(GuestFaultKind.Cancelled, "cancelled"));
        }
    }

    public ValueTask DisposeAsync()
    {
        if (_isDisposed) return ValueTask.CompletedTask;
        _isDisposed = true;
        _record.Living--;
        _ends.Cancel();
        _ended.TrySetResult(null);
        return ValueTask.CompletedTask;
    }

    private async Task<string> HandleAsync(Envelope message, CancellationToken cancellationToken)
    {
        using var payload = JsonDocument.Parse(message.Payload);
        switch (message.Type)
        {
            case MessageType.Activate:
                if (_version.Failing == Failing.Activate && IsTakingOver(payload)) throw new SimulatedFaultException("activate");
                await CallAsync("events.subscribe", $$"""{"topics":["{{SimulatedVersion.Topic}}"]}""", cancellationToken);
                await CallAsync("ui.status", $$"""{"item":"{{SimulatedVersion.Id}}.status","text":"v{{_version.Number}}","style":"plain"}""", cancellationToken);
                return "{}";
            case MessageType.Event:
                await ReceiveAsync(payload.RootElement.GetProperty("sequence").GetInt64(), cancellationToken);
                return "{}";
            case MessageType.Dehydrate:
                var padding = _version.Failing == Failing.StateTooLarge ? new string('x', 600_000) : "";
                return $$$"""{"state":{"seen":[{{{string.Join(',', Seen)}}}],"padding":"{{{padding}}}"}}""";
            case MessageType.Hydrate:
                if (_version.Failing == Failing.Hydrate) throw new SimulatedFaultException("hydrate");
                if (_version.Failing == Failing.HydrateHangs) await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
                Seen = [.. payload.RootElement.GetProperty("state").GetProperty("seen").EnumerateArray().Select(n => n.GetInt64())];
                return "{}";
            case MessageType.Render:
                if (_version.Failing == Failing.Render) throw new SimulatedFaultException("render");
                return _version.Failing == Failing.RenderIsNoView ? """{"type":"browser"}""" : $$"""{"type":"empty","message":"v{{_version.Number}}"}""";
            case MessageType.Compute:
                return """{"cells":[{"text":"x"}]}""";
            default:
                return "{}";
        }
    }

    private async Task ReceiveAsync(long number, CancellationToken cancellationToken)
    {
        if (!_isStarted) _record.Wrong.Add($"event {number} before `started`");
        // Noted at once: this code may not run again before the instance is gone.
        using var cancels = cancellationToken.Register(() =>
        {
            if (!_isDisposed && !Seen.Contains(number)) _record.Cancelled.Add(number);
        });
        if (_scheduler.Next(20) == 0) await Task.Delay(Slowness, _scheduler.Time, cancellationToken);
        else await _scheduler.WaverAsync(3);
        cancellationToken.ThrowIfCancellationRequested();
        if (_version.Stores)
        {
            await StoreAsync(_record.FirstKey + number, cancellationToken);
            cancellationToken.ThrowIfCancellationRequested();
        }
        Seen.Add(number);
    }

    private async Task StoreAsync(long key, CancellationToken cancellationToken)
    {
        var disk = _record.Disk;
        disk.Storing.Add(key);
        var answer = await AskAsync("storage.set", $$"""{"key":"{{key:0000}}","value":{{_version.Number}}}""", cancellationToken);
        if (answer.Error is { Code: not ErrorCode.Unavailable } error) throw new SimulatedFaultException($"{error.Code}: {error.Message}");
        disk.Storing.Remove(key);
        if (answer.Error is null) disk.Stored[key] = _version.Number;
        else disk.Refused++;
    }

    private static bool IsTakingOver(JsonDocument payload) => payload.RootElement.GetProperty("reason").GetString() == "swap";

    private async Task CallAsync(string name, string arguments, CancellationToken cancellationToken)
    {
        if ((await AskAsync(name, arguments, cancellationToken)).Error is { } error) throw new SimulatedFaultException($"{error.Code}: {error.Message}");
    }

    private ValueTask<Answer> AskAsync(string name, string arguments, CancellationToken cancellationToken) =>
        _options.Call(new HostCall(name, Encoding.UTF8.GetBytes(arguments), null), cancellationToken);
}
