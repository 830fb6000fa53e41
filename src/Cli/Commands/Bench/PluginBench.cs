using System.Collections.Immutable;
using System.Diagnostics;
using System.Text;
using System.Text.Json;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Contracts.Calls;
using LazyOC.Plugins.Contracts.Messages;
using LazyOC.Plugins.Packages;
using LazyOC.Plugins.Sandbox;
using LazyOC.Plugins.Sandbox.Audit;
using LazyOC.Plugins.Sandbox.Broker;
using LazyOC.Plugins.Sandbox.Guests;
using LazyOC.Plugins.Sandbox.Quotas;

namespace LazyOC.Cli.Commands.Bench;

/// <summary>
/// The same message to the same guest code, here and in the peers: the demo's two plugins. Peers are Node programs in
/// <c>bench/peers</c>; each round runs ours, then every peer.
/// </summary>
internal static class PluginBench
{
    private const int Messages = 5_000;

    private static readonly ImmutableArray<Subject> Subjects =
    [
        new("JavaScript guest: compute, 1 row", "pod-health", "dist/plugin.js", ComputeMessage(1), ["isolated-vm", "quickjs-emscripten"]),
        new("JavaScript guest: compute, 10 rows", "pod-health", "dist/plugin.js", ComputeMessage(10), ["isolated-vm", "quickjs-emscripten"]),
        new("WebAssembly guest: event, one host call", "cluster-pulse", "dist/plugin.wasm", EventMessage(), ["extism"]),
    ];

    public static async Task<BenchReport> RunAsync(int runs, CancellationToken cancellationToken)
    {
        var work = Directory.CreateTempSubdirectory("lazyoc-bench-");
        try
        {
            var peers = await Peers.FindAsync(cancellationToken);
            var rows = ImmutableArray.CreateBuilder<BenchRow>();
            var missing = new SortedSet<string>(StringComparer.Ordinal);
            foreach (var subject in Subjects) rows.Add(await MeasureAsync(subject, runs, peers, work.FullName, missing, cancellationToken));
            rows.Add(await MeasureStartAsync("JavaScript guest: load to first answer", runs, null, cancellationToken));
            using (var images = new StartImages()) rows.Add(await MeasureStartAsync("JavaScript guest: start image to first answer", runs, images, cancellationToken));
            using (var images = new StartImages()) rows.Add(await MeasureRestoreAsync(runs, images, cancellationToken));
            return new BenchReport { Subject = "plugin", Rows = rows.DrainToImmutable(), Missing = [.. missing] };
        }
        finally
        {
            work.Delete(recursive: true);
        }
    }

    private static async Task<BenchRow> MeasureAsync(Subject subject, int runs, Peers? peers, string work, SortedSet<string> missing, CancellationToken cancellationToken)
    {
        var code = MainOf(subject.Plugin);
        var guestFile = Path.Combine(work, Path.GetFileName(subject.Main));
        var messageFile = Path.Combine(work, "message.json");
        await File.WriteAllBytesAsync(guestFile, code.ToArray(), cancellationToken);
        await File.WriteAllTextAsync(messageFile, subject.WholeMessage(), cancellationToken);

        var ours = new List<double>();
        var theirs = subject.Peers.ToDictionary(peer => peer, _ => new List<double>(), StringComparer.Ordinal);
        await using var door = new Door();
        await using var guest = await StartAsync(subject.Main, code, door, null, cancellationToken);
        for (var run = 0; run < runs; run++)
        {
            ours.Add(await RoundTripAsync(guest, subject, cancellationToken));
            foreach (var (peer, samples) in theirs)
            {
                var result = peers is null
                    ? new PeerResult(null, "bench/peers is not beside the program, or npm could not restore it")
                    : await peers.MeasureAsync(peer, guestFile, messageFile, Messages, cancellationToken);
                if (result.Median is { } median) samples.Add(median);
                else missing.Add($"{peer}: {result.Problem}");
            }
        }

        return new BenchRow
        {
            Name = subject.Name,
            Unit = "µs",
            Ours = Median.Of(ours),
            Peers = theirs.Where(peer => peer.Value.Count > 0).ToImmutableSortedDictionary(peer => peer.Key, peer => Median.Of(peer.Value)),
        };
    }

    /// <summary>From a start image until the guest takes messages.</summary>
    private static async Task<BenchRow> MeasureRestoreAsync(int runs, StartImages images, CancellationToken cancellationToken)
    {
        const int restores = 200;
        var code = MainOf(Subjects[0].Plugin);
        var samples = new List<double>();
        await using var door = new Door();
        for (var run = 0; run <= runs * restores; run++)
        {
            var started = Stopwatch.GetTimestamp();
            await using var guest = await StartAsync(Subjects[0].Main, code, door, images, cancellationToken);
            if (run > 0) samples.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
        }

        return new BenchRow { Name = "JavaScript guest: start image to ready", Unit = "ms", Ours = Median.Of(samples) };
    }

    private static async Task<BenchRow> MeasureStartAsync(string name, int runs, StartImages? images, CancellationToken cancellationToken)
    {
        var subject = Subjects[0];
        var code = MainOf(subject.Plugin);
        var samples = new List<double>();
        await using var door = new Door();
        for (var run = 0; run <= runs; run++)
        {
            var started = Stopwatch.GetTimestamp();
            await using var guest = await StartAsync(subject.Main, code, door, images, cancellationToken);
            await SendAsync(guest, subject, cancellationToken);
            if (run > 0) samples.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
        }

        return new BenchRow { Name = name, Unit = "ms", Ours = Median.Of(samples) };
    }

    private static async Task<double> RoundTripAsync(IGuest guest, Subject subject, CancellationToken cancellationToken)
    {
        var samples = new double[Messages];
        for (var i = 0; i < Messages; i++)
        {
            var started = Stopwatch.GetTimestamp();
            await SendAsync(guest, subject, cancellationToken);
            samples[i] = Stopwatch.GetElapsedTime(started).TotalMicroseconds;
        }

        return Median.Of(samples);
    }

    private static async Task SendAsync(IGuest guest, Subject subject, CancellationToken cancellationToken)
    {
        if (await guest.SendAsync(subject.Envelope, cancellationToken) is GuestReply.Failed failed)
            throw new InvalidOperationException($"{subject.Plugin} failed: {failed.Fault}");
    }

    private static async Task<IGuest> StartAsync(string main, ReadOnlyMemory<byte> code, Door door, StartImages? images, CancellationToken cancellationToken)
    {
        var options = new GuestOptions
        {
            Name = "bench",
            Code = code,
            Limits = new GuestLimits(),
            Call = door.InvokeAsync,
            Log = (_, _) => { },
            Time = TimeProvider.System,
            CodeDigest = main,
            Images = images,
        };
        return await GuestFactory.StartAsync(GuestFactory.KindOf(main), options, cancellationToken) switch
        {
            GuestStart.Running running => running.Guest,
            GuestStart.Failed failed => throw new InvalidOperationException($"The guest did not start: {failed.Fault}"),
            var other => throw new InvalidOperationException($"The guest's start ended in {other}."),
        };
    }

    private static ReadOnlyMemory<byte> MainOf(string plugin)
    {
        var file = Path.Combine(AppContext.BaseDirectory, "demo-plugins", plugin + ".lzp");
        var package = PluginPackage.Open(File.ReadAllBytes(file)).OrThrow(ExitCode.Failed, file);
        return package.Find(package.Manifest.Main)!.Value;
    }

    private static (string Type, string Payload) ComputeMessage(int rows) => (MessageType.Compute, JsonSerializer.Serialize(
        new ComputePayload
        {
            Column = "lazyoc.pod-health.score",
            Now = DateTimeOffset.UnixEpoch,
            Rows =
            [
                .. Enumerable.Range(0, rows).Select(i => new ComputeRow
                {
                    Object = new ObjectReference { Group = "", Kind = "Pod", Namespace = "bookstore", Name = $"catalog-6c7f9d8b5-x{i}", Uid = $"uid-{i}" },
                    Values = ["Running", "true true", $"{i} 0"],
                }),
            ],
        },
        ContractJson.Default.ComputePayload));

    private static (string Type, string Payload) EventMessage() => (MessageType.Event, """
        {"topic":"resource.pods","publisher":"lazyoc","sequence":1,"time":"1970-01-01T00:00:00Z","data":{"change":"modified","object":{"group":"","kind":"Pod","namespace":"bookstore","name":"catalog","uid":"uid-1","phase":"Running"}}}
        """);

    /// <summary>What is sent to whom.</summary>
    private sealed record Subject(string Name, string Plugin, string Main, (string Type, string Payload) Message, string[] Peers)
    {
        public Envelope Envelope { get; } = new()
        {
            Id = "1",
            Type = Message.Type,
            Session = "bench",
            DeadlineMs = 5_000,
            Payload = Encoding.UTF8.GetBytes(Message.Payload),
        };

        /// <summary>The envelope as the guest sees it.</summary>
        public string WholeMessage() =>
            $$"""{"v":1,"id":"1","type":"{{Message.Type}}","session":"bench","deadlineMs":5000,"payload":{{Message.Payload.Trim()}}}""";
    }

    /// <summary>The real broker, with one capability that does nothing and quotas out of the way.</summary>
    private sealed class Door : IAsyncDisposable
    {
        private static readonly PluginSession Session = new("bench", "bench", 1);

        private readonly AuditLog _audit;
        private readonly CapabilityBroker _broker;
        private readonly PluginPrincipal _plugin = new()
        {
            Id = PluginId.Parse("lazyoc.bench"),
            Version = "1.0.0",
            Digest = "",
            Session = Session,
            Granted = Plugins.Contracts.Permissions.PermissionSet.None,
            ReadOnly = false,
        };

        public Door()
        {
            var time = TimeProvider.System;
            var limits = new SandboxLimits { HostCalls = new QuotaRate(1e9, 1e9) };
            _audit = AuditLog.Begin(new AuditMemory(), new AuditLimits(), time, System.Security.Cryptography.RandomNumberGenerator.Fill);
            _broker = new CapabilityBroker(
                new BrokerOptions
                {
                    Calls = [new HostCallRow<UiStatusRequest, Nothing>
                    {
                        Name = "ui.status",
                        Description = "Does nothing.",
                        Request = ContractJson.Default.UiStatusRequest,
                        Answer = ContractJson.Default.Nothing,
                        Handler = (_, _, _) => ValueTask.FromResult<CallOutcome<Nothing>>(new Nothing()),
                    }],
                    Limits = limits,
                    Quotas = new QuotaLedger(limits, time),
                    Gestures = new GestureRegistry(limits, time),
                    Violations = new ViolationMonitor(limits, time, _ => { }),
                    Audit = _audit,
                    Time = time,
                    Bug = (call, error) => throw new InvalidOperationException(call, error),
                },
                Session);
        }

        public ValueTask<Answer> InvokeAsync(HostCall call, CancellationToken cancellationToken) => _broker.InvokeAsync(_plugin, call, cancellationToken);

        public async ValueTask DisposeAsync()
        {
            await _broker.DisposeAsync();
            await _audit.DisposeAsync();
        }
    }
}
