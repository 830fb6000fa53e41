using System.Collections.Immutable;
using System.ComponentModel;
using System.Diagnostics;
using LazyOC.Plugins.Sandbox.Guests;

namespace LazyOC.Cli.Commands.Bench.Guests;

/// <summary>
/// The same message to the same guest code, here and in the peers: messages, starts, memory. Peers are Node programs in
/// <c>bench/peers</c>; each round runs ours, then every peer.
/// </summary>
internal sealed class PluginBench : IDisposable
{
    private const int Messages = 5_000;
    private const int Starts = 50;
    private const int Instances = 100;
    private const int KiB = 1 << 10;
    private const string NodeProcess = "Node process";

    private readonly DirectoryInfo _work = Directory.CreateTempSubdirectory("lazyoc-bench-");
    private readonly SortedSet<string> _missing = new(StringComparer.Ordinal);
    private readonly Peers? _peers;
    private readonly int _runs;
    private readonly CancellationToken _ends;

    private PluginBench(Peers? peers, int runs, CancellationToken ends) => (_peers, _runs, _ends) = (peers, runs, ends);

    private string MessageFile => Path.Combine(_work.FullName, "message.json");

    public static async Task<BenchReport> RunAsync(int runs, CancellationToken cancellationToken)
    {
        using var bench = new PluginBench(await Peers.FindAsync(cancellationToken), runs, cancellationToken);
        var rows = ImmutableArray.CreateBuilder<BenchRow>();
        foreach (var subject in (BenchSubject[])[BenchSubject.Small, BenchSubject.Compute(1), BenchSubject.Compute(10), BenchSubject.Event])
            rows.Add(await bench.MeasureMessagesAsync(subject));
        rows.AddRange(await bench.MeasureStartsAsync(BenchSubject.Compute(1)));
        rows.Add(await bench.MeasureMemoryAsync(BenchSubject.Compute(1)));
        rows.AddRange(await HostedPlugins.MeasureAsync(runs, Instances, cancellationToken));
        return new BenchReport { Subject = "plugin", Rows = rows.DrainToImmutable(), Missing = [.. bench._missing] };
    }

    public void Dispose() => _work.Delete(recursive: true);

    private async Task<BenchRow> MeasureMessagesAsync(BenchSubject subject)
    {
        await using var door = new BenchDoor();
        await using var guest = await StartAsync(subject, door, null);
        return await CompareAsync(subject, subject.Name, "µs", "message", Messages, 1, async () =>
        {
            var samples = new double[Messages];
            for (var i = 0; i < Messages; i++)
            {
                var began = Stopwatch.GetTimestamp();
                await SendAsync(guest, subject);
                samples[i] = Stopwatch.GetElapsedTime(began).TotalMicroseconds;
            }
            return Median.Of(samples);
        });
    }

    /// <summary>From the code in memory to the first answer: compiled and evaluated, and from the start image that is there after the first time.</summary>
    private async Task<BenchRow[]> MeasureStartsAsync(BenchSubject subject)
    {
        await using var door = new BenchDoor();
        using var images = new StartImages();
        var compiled = await CompareAsync(subject, "JavaScript: start to first answer", "ms", "start", Starts, 1, () => StartsAsync(null));
        await StartsAsync(images);
        var restored = await CompareAsync(subject, "JavaScript: start image to first answer", "ms", "start", Starts, 1, () => StartsAsync(images));
        var process = new List<double>();
        await WithProcessAsync(subject, (_, elapsed) => process.Add(elapsed.TotalMilliseconds));
        return process.Count == 0 ? [compiled, restored] : [With(compiled, process), With(restored, process)];

        async Task<double> StartsAsync(StartImages? from)
        {
            var samples = new double[Starts];
            for (var i = 0; i < Starts; i++)
            {
                var began = Stopwatch.GetTimestamp();
                await using var guest = await StartAsync(subject, door, from);
                await SendAsync(guest, subject);
                samples[i] = Stopwatch.GetElapsedTime(began).TotalMilliseconds;
            }
            return Median.Of(samples);
        }
    }

    private async Task<BenchRow> MeasureMemoryAsync(BenchSubject subject)
    {
        await using var door = new BenchDoor();
        using var images = new StartImages();
        var row = await CompareAsync(subject, $"JavaScript: memory of an idle guest of {Instances}", "KiB", "memory", Instances, KiB, async () =>
        {
            var guests = new List<IGuest> { await StartAsync(subject, door, images) };
            await SendAsync(guests[0], subject);
            var before = PrivateMemory.Settled();
            for (var i = 0; i < Instances; i++)
            {
                guests.Add(await StartAsync(subject, door, images));
                await SendAsync(guests[^1], subject);
            }
            var after = PrivateMemory.Settled();
            foreach (var guest in guests) await guest.DisposeAsync();
            return (after - before) / (double)Instances / KiB;
        });
        var process = new List<double>();
        await WithProcessAsync(subject, (peer, _) =>
        {
            if (peer.PrivateBytes is { } bytes) process.Add(bytes / (double)KiB);
        });
        return process.Count == 0 ? row : With(row, process);
    }

    /// <summary>Takes turns with the peers.</summary>
    private async Task<BenchRow> CompareAsync(BenchSubject subject, string name, string unit, string measure, int rounds, double scale, Func<Task<double>> ours)
    {
        var guestFile = await WriteAsync(subject);
        var samples = new List<double>();
        var theirs = subject.Peers.ToDictionary(peer => peer, _ => new List<double>(), StringComparer.Ordinal);
        for (var run = 0; run < _runs; run++)
        {
            samples.Add(await ours());
            foreach (var (peer, figures) in theirs)
            {
                var result = _peers is null
                    ? new PeerResult(null, "bench/peers is not above the program, or npm could not restore it")
                    : await _peers.MeasureAsync(measure, peer, guestFile, MessageFile, rounds, _ends);
                if (result.Value is { } value) figures.Add(value / scale);
                else _missing.Add($"{peer}: {result.Problem}");
            }
        }
        return new BenchRow
        {
            Name = name,
            Unit = unit,
            Ours = Median.Of(samples),
            Peers = theirs.Where(peer => peer.Value.Count > 0).ToImmutableSortedDictionary(peer => peer.Key, peer => Median.Of(peer.Value)),
        };
    }

    /// <summary>Starts a process with the guest in each run; the time is until it has answered once.</summary>
    private async Task WithProcessAsync(BenchSubject subject, Action<NodePeer, TimeSpan> measure)
    {
        var guestFile = await WriteAsync(subject);
        if (BenchFolder.Find("peers") is not { } folder) return;
        try
        {
            for (var run = 0; run < _runs; run++)
            {
                var began = Stopwatch.GetTimestamp();
                await using var peer = await NodePeer.StartAsync(folder, guestFile, subject.WholeMessage, _ends);
                measure(peer, Stopwatch.GetElapsedTime(began));
            }
        }
        catch (Win32Exception error)
        {
            _missing.Add($"{NodeProcess}: {error.Message}");
        }
    }

    private async Task<string> WriteAsync(BenchSubject subject)
    {
        var guestFile = Path.Combine(_work.FullName, subject.Main);
        await File.WriteAllBytesAsync(guestFile, subject.Code, _ends);
        await File.WriteAllTextAsync(MessageFile, subject.WholeMessage, _ends);
        return guestFile;
    }

    private static BenchRow With(BenchRow row, List<double> process) => row with { Peers = row.Peers.Add(NodeProcess, Median.Of(process)) };

    private async Task SendAsync(IGuest guest, BenchSubject subject)
    {
        if (await guest.SendAsync(subject.Envelope, _ends) is GuestReply.Failed failed)
            throw new InvalidOperationException($"{subject.Name} failed: {failed.Fault}");
    }

    private async Task<IGuest> StartAsync(BenchSubject subject, BenchDoor door, StartImages? images)
    {
        var options = new GuestOptions
        {
            Name = "bench",
            Code = subject.Code,
            Limits = new GuestLimits(),
            Call = door.InvokeAsync,
            AnswersAtOnce = door.AnswersAtOnce,
            Log = (_, _) => { },
            Time = TimeProvider.System,
            CodeDigest = subject.Main,
            Images = images,
        };
        return await GuestFactory.StartAsync(subject.Kind, options, _ends) switch
        {
            GuestStart.Running running => running.Guest,
            GuestStart.Failed failed => throw new InvalidOperationException($"the guest did not start: {failed.Fault}"),
            var other => throw new InvalidOperationException($"the guest's start ended in {other}"),
        };
    }
}
