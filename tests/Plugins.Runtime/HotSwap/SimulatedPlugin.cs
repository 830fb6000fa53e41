using System.Globalization;
using System.Text;
using System.Text.Json;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Contracts.Manifest;
using LazyOC.Plugins.Contracts.Messages;
using LazyOC.Plugins.Packages;
using LazyOC.Plugins.Sandbox.Guests;

namespace LazyOC.Plugins.Runtime.Tests.HotSwap;

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
        Assert.True(ManifestReader.Read(Encoding.UTF8.GetBytes(json)).TryGet(out var manifest, out var problems), Problem.Join(problems));
        var code = Encoding.UTF8.GetBytes(number.ToString(CultureInfo.InvariantCulture));
        return HostFixture.Installed(manifest, code) with { Content = PackageContent.Of([new("migrate.js", Encoding.UTF8.GetBytes($"migrate {number}"))]) };
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

    /// <summary>Events that are stored for certain.</summary>
    public SortedSet<long> Stored { get; } = [];

    /// <summary>Events that are being stored.</summary>
    public SortedSet<long> Storing { get; } = [];

    public StringBuilder Trace { get; } = new();
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
        catch (GuestException fault) when (!ends.IsCancellationRequested)
        {
            return new GuestReply.Failed(fault.Fault);
        }
        catch (Exception cancelled) when (cancelled is GuestException or OperationCanceledException)
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
                if (_version.Failing == Failing.Activate && IsTakingOver(payload)) throw new GuestException("activate");
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
                if (_version.Failing == Failing.Hydrate) throw new GuestException("hydrate");
                if (_version.Failing == Failing.HydrateHangs) await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
                Seen = [.. payload.RootElement.GetProperty("state").GetProperty("seen").EnumerateArray().Select(n => n.GetInt64())];
                return "{}";
            case MessageType.Render:
                if (_version.Failing == Failing.Render) throw new GuestException("render");
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
            _record.Storing.Add(number);
            await CallAsync("storage.set", $$"""{"key":"{{number:000}}","value":{{_version.Number}}}""", cancellationToken);
            _record.Storing.Remove(number);
            _record.Stored.Add(number);
            cancellationToken.ThrowIfCancellationRequested();
        }
        Seen.Add(number);
    }

    private static bool IsTakingOver(JsonDocument payload) => payload.RootElement.GetProperty("reason").GetString() == "swap";

    private async Task CallAsync(string name, string arguments, CancellationToken cancellationToken)
    {
        var answer = await _options.Call(new HostCall(name, Encoding.UTF8.GetBytes(arguments), null), cancellationToken);
        if (answer.Error is { } error) throw new GuestException($"{error.Code}: {error.Message}");
    }
}
