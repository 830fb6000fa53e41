using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using System.Threading.Channels;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Contracts.Messages;
using LazyOC.Plugins.Packages;
using LazyOC.Plugins.Runtime;
using LazyOC.Plugins.Runtime.Events;

namespace LazyOC.Cli.Commands.Bench.Guests;

/// <summary>
/// Events through the bus into mailboxes, with a bounded channel of .NET as the limit of what a queue can do; and all the
/// way into guests, which answer each.
/// </summary>
internal static class EventBench
{
    private const int InHost = 500_000;
    private const int IntoGuests = 20_000;

    /// <summary>Events under way: half of what a mailbox holds, so that none is dropped.</summary>
    private const int Window = 512;

    private const int MailboxEvents = 1_024;
    private const string Topic = "plugin.tick";
    private const string Peer = "bounded Channel<T>";

    private static readonly ImmutableArray<int> Subscribers = [1, 10, 100];

    private static readonly PluginEvent Data = new() { Plugin = "acme.bench", Version = "1.0.0", From = "enabled", To = "active" };

    public static async Task<BenchReport> RunAsync(int runs, CancellationToken cancellationToken)
    {
        var (bus, channel) = (new List<double>(), new List<double>());
        var growth = Subscribers.ToDictionary(count => count, _ => new List<double>());
        int[] guests = [1, 4];
        var delivered = guests.ToDictionary(count => count, _ => new List<double>());
        for (var run = 0; run <= runs; run++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            // The first round warms up.
            void Add(List<double> samples, double value)
            {
                if (run > 0) samples.Add(value);
            }

            Add(bus, PerSecond(InHost, PublishAndTake(1, InHost)));
            Add(channel, PerSecond(InHost, WriteAndRead()));
            foreach (var count in Subscribers) Add(growth[count], PublishAndTake(count, InHost / count / 5).TotalNanoseconds / (InHost / count / 5));
            foreach (var count in guests) Add(delivered[count], PerSecond((long)IntoGuests * count, await DeliverAsync(count, cancellationToken)));
        }

        return new BenchReport
        {
            Subject = "events",
            Rows =
            [
                new BenchRow
                {
                    Name = "published and taken from a mailbox",
                    Unit = "events/s",
                    Ours = Median.Of(bus),
                    Peers = ImmutableSortedDictionary<string, double>.Empty.Add(Peer, Median.Of(channel)),
                    HigherIsBetter = true,
                },
                .. guests.Select(count => new BenchRow
                {
                    Name = string.Create(CultureInfo.InvariantCulture, $"answered by {count} JavaScript guest{(count == 1 ? "" : "s")}, in order"),
                    Unit = "events/s",
                    Ours = Median.Of(delivered[count]),
                    HigherIsBetter = true,
                }),
            ],
            Growth =
            [
                new BenchGrowth
                {
                    Name = "an event, by subscribers",
                    Unit = "ns",
                    Points = [.. Subscribers.Select(count => new GrowthPoint(count, Median.Of(growth[count])))],
                },
            ],
        };
    }

    private static TimeSpan PublishAndTake(int subscribers, int events)
    {
        var bus = new EventBus(TimeProvider.System);
        var mailboxes = Enumerable.Range(0, subscribers).Select(_ => new Mailbox(MailboxEvents)).ToArray();
        foreach (var mailbox in mailboxes) bus.Subscribe(Topic, mailbox.Post);
        var taken = 0L;
        var started = Stopwatch.GetTimestamp();
        for (var published = 0; published < events;)
        {
            for (var end = Math.Min(events, published + Window); published < end; published++) bus.Publish(Topic, Data, ContractJson.Default.PluginEvent);
            foreach (var mailbox in mailboxes)
                while (mailbox.Take() is not null) taken++;
        }
        var elapsed = Stopwatch.GetElapsedTime(started);
        return taken == (long)events * subscribers ? elapsed : throw new InvalidOperationException($"{taken} events were taken");
    }

    private static TimeSpan WriteAndRead()
    {
        var channel = Channel.CreateBounded<PluginEvent>(new BoundedChannelOptions(MailboxEvents) { SingleReader = true, SingleWriter = true });
        var taken = 0L;
        var started = Stopwatch.GetTimestamp();
        for (var written = 0; written < InHost;)
        {
            for (var end = Math.Min(InHost, written + Window); written < end; written++) channel.Writer.TryWrite(Data);
            while (channel.Reader.TryRead(out _)) taken++;
        }
        var elapsed = Stopwatch.GetElapsedTime(started);
        return taken == InHost ? elapsed : throw new InvalidOperationException($"{taken} items were read");
    }

    private static async Task<TimeSpan> DeliverAsync(int guests, CancellationToken cancellationToken)
    {
        var counts = Enumerable.Range(0, guests).ToDictionary(i => string.Create(CultureInfo.InvariantCulture, $"acme.bench-{i}"), _ => new EventCount(Topic), StringComparer.Ordinal);
        await using var bench = await BenchHost.StartAsync(
            [.. counts.Keys.Select(Listener)],
            new RuntimeLimits(),
            (plugin, message, reply) => counts[plugin].Take(message, reply),
            cancellationToken);
        await bench.Host.Extensions.WhenSettledAsync(cancellationToken);
        // What happens at the start are events of other topics.
        bench.Host.Bus.Publish(Topic, Data, ContractJson.Default.PluginEvent);
        await ReachAsync(1);
        var started = Stopwatch.GetTimestamp();
        for (var published = 1; published < IntoGuests;)
        {
            for (var end = Math.Min(IntoGuests, published + (Window / 2)); published < end; published++) bench.Host.Bus.Publish(Topic, Data, ContractJson.Default.PluginEvent);
            await ReachAsync(published - (Window / 2));
        }
        await ReachAsync(IntoGuests);
        var elapsed = Stopwatch.GetElapsedTime(started);
        if (counts.Values.Any(count => count.Lost > 0 || count.Doubled > 0)) throw new InvalidOperationException("events were lost, doubled or out of order");
        return elapsed;

        Task ReachAsync(long sequence) => Task.WhenAll(counts.Values.Select(count => count.ReachAsync(sequence))).WaitAsync(TimeSpan.FromMinutes(1), cancellationToken);
    }

    private static InstalledPlugin Listener(string id) => BenchHost.Plugin(
        id,
        0,
        $$""" "permissions": { "events": { "subscribe": ["{{Topic}}"] } }, """,
        $$"""
        lazyoc.on("activate", () => lazyoc.call("events.subscribe", { topics: ["{{Topic}}"] }));
        let seen = 0;
        lazyoc.on("event", () => { seen++; });
        """);

    private static double PerSecond(long count, TimeSpan elapsed) => count / elapsed.TotalSeconds;
}
