using System.Collections.Immutable;
using System.Globalization;

namespace LazyOC.Cli.Commands.Bench.Market;

/// <summary>
/// The real server over records that are full, beside verdaccio over as many packages on the equivalent reads: both in
/// processes of their own on this machine, measured in turns.
/// </summary>
internal static class MarketBench
{
    public const int MinPlugins = 100;

    /// <summary>How many plugins' indexes are read in turns.</summary>
    private const int Indexes = 500;

    /// <summary>Words that the peer is asked for.</summary>
    private const int PeerSearches = 3;

    private const string OneWord = "search, one word";

    /// <summary>Kinds of searches: their names, and the queries of ours.</summary>
    private static readonly (string Name, string[] Queries)[] Searches =
    [
        (OneWord, [.. BenchWords.Common.Select(word => $"q={word}")]),
        ("search, a rare word", [.. BenchWords.Rare.Select(word => $"q={word}")]),
        ("search, two words", [.. BenchWords.Common.Zip(BenchWords.Common.Skip(1), (one, other) => $"q={one}+{other}")]),
        ("search, a mistyped word", [.. BenchWords.Mistyped.Select(word => $"q={word}")]),
        ("search, a word and filters", [.. BenchWords.Common.Select(word => $"q={word}&usesNot=network&license=MIT&minRating=3")]),
        ("a category, by rating", [.. BenchWords.Common.Select(word => $"category={word}&sort=rating")]),
        ("all, most installed", ["sort=installs"]),
    ];

    public static async Task<BenchReport> RunAsync(MarketBenchOptions options, CancellationToken cancellationToken)
    {
        var folder = options.Data is null ? Directory.CreateTempSubdirectory("lazyoc-bench-") : Directory.CreateDirectory(options.Data);
        try
        {
            var (peerFolder, problem) = await Verdaccio.FindAsync(cancellationToken);
            var peer = Path.Combine(folder.FullName, Verdaccio.Name);
            var figures = new Figures();
            foreach (var size in new[] { options.Plugins / 100, options.Plugins / 10, options.Plugins })
            {
                Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"lazyoc: making {size:N0} plugins up …"));
                // A database goes with the key that is in one folder.
                var market = Path.Combine(folder.FullName, options.Database is null ? size.ToString(CultureInfo.InvariantCulture) : "market");
                await FullMarket.FillAsync(market, options.Database, size, cancellationToken);
                var isLargest = size == options.Plugins;
                if (isLargest && peerFolder is not null) await Verdaccio.FillAsync(peer, size, cancellationToken);
                for (var run = 0; run < options.Runs; run++)
                {
                    await OursAsync(options, market, figures.At(size), cancellationToken);
                    if (isLargest && peerFolder is not null) await PeerAsync(options, peerFolder, peer, figures.OfPeer, cancellationToken);
                }
            }
            return new BenchReport
            {
                Subject = string.Create(CultureInfo.InvariantCulture, $"market, {options.Plugins:N0} plugins, {(options.Database is null ? "SQLite" : "PostgreSQL")}"),
                Peers = peerFolder is null ? ImmutableSortedDictionary<string, string>.Empty : ImmutableSortedDictionary<string, string>.Empty.Add(Verdaccio.Name, await Verdaccio.VersionAsync(peerFolder, cancellationToken)),
                Rows = figures.Rows(options.Plugins),
                Growth = figures.Growth(),
                Missing = problem is null ? [] : [problem],
            };
        }
        finally
        {
            if (options.Data is null) folder.Delete(recursive: true);
        }
    }

    private static async Task OursAsync(MarketBenchOptions options, string folder, Samples samples, CancellationToken cancellationToken)
    {
        await using var market = await FullMarket.StartAsync(folder, options.Database, cancellationToken);
        samples.Add("memory, started", "MiB", market.Load.Memory());
        var indexes = await market.IndexesAsync(Indexes, cancellationToken);
        var package = await market.OfferPackageAsync(cancellationToken);
        foreach (var (name, queries) in Searches) await SearchAsync(market.Load, samples, name, [.. queries.Select(query => $"v1/api/search?{query}")], options.Searches, cancellationToken);
        await ReadsAsync(options, market.Load, samples, indexes, package, cancellationToken);
        var (accepted, live) = await market.PublishManyAsync(options.Publishes, cancellationToken);
        samples.Add("publishes taken in", "1/s", accepted);
        samples.Add("publishes checked and live", "1/s", live);
        samples.Add("memory, after all this", "MiB", market.Load.Memory());
    }

    private static async Task PeerAsync(MarketBenchOptions options, string peerFolder, string data, Samples samples, CancellationToken cancellationToken)
    {
        await using var peer = await Verdaccio.StartAsync(peerFolder, data, cancellationToken);
        samples.Add("memory, started", "MiB", peer.Load.Memory());
        var package = await peer.OfferPackageAsync(cancellationToken);
        // It looks through all its packages each time, so a few say enough.
        await SearchAsync(peer.Load, samples, OneWord, [.. BenchWords.Common.Take(PeerSearches).Select(word => $"-/v1/search?text={word}&size=20")], Math.Min(options.Searches, PeerSearches), cancellationToken);
        await ReadsAsync(options, peer.Load, samples, Verdaccio.Packuments(Math.Min(Indexes, options.Plugins)), package, cancellationToken);
        samples.Add("publishes taken in", "1/s", await peer.PublishManyAsync(options.Publishes, cancellationToken));
        samples.Add("memory, after all this", "MiB", peer.Load.Memory());
    }

    private static async Task SearchAsync(LoadClient load, Samples samples, string name, string[] addresses, int count, CancellationToken cancellationToken)
    {
        // Each once before, as a server that runs has seen them; a few pages are kept by it after that.
        samples.Add($"{name}: first look, p50", "ms", Median.Of(await load.LatenciesAsync(addresses, addresses.Length, cancellationToken)));
        var latencies = await load.LatenciesAsync(addresses, count, cancellationToken);
        latencies.Sort();
        samples.Add($"{name}: p50", "ms", Median.Of(latencies));
        samples.Add($"{name}: p99", "ms", latencies[(int)Math.Ceiling(latencies.Count * 0.99) - 1]);
    }

    private static async Task ReadsAsync(MarketBenchOptions options, LoadClient load, Samples samples, IReadOnlyList<string> indexes, string package, CancellationToken cancellationToken)
    {
        samples.Add("index, whole", "1/s", (await load.RateAsync(indexes, options.Span, isKnown: false, cancellationToken)).Requests);
        samples.Add("index, not changed (304)", "1/s", (await load.RateAsync(indexes, options.Span, isKnown: true, cancellationToken)).Requests);
        samples.Add("package of 1 MiB", "MB/s", (await load.RateAsync([package], options.Span, isKnown: false, cancellationToken)).Bytes / 1e6);
    }

    /// <summary>What was measured of one side at one size, a value for each run.</summary>
    private sealed class Samples
    {
        private readonly Dictionary<string, (string Unit, List<double> Values)> _values = new(StringComparer.Ordinal);

        public IEnumerable<string> Names => _values.Keys;

        public void Add(string name, string unit, double value)
        {
            if (!_values.TryGetValue(name, out var entry)) _values.Add(name, entry = (unit, []));
            entry.Values.Add(value);
        }

        public double? Find(string name) => _values.TryGetValue(name, out var entry) ? Median.Of(entry.Values) : null;

        public string UnitOf(string name) => _values[name].Unit;
    }

    private sealed class Figures
    {
        /// <summary>What is told of every size.</summary>
        private static readonly string[] Grown = [$"{OneWord}: first look, p50", $"{OneWord}: p50", "search, a mistyped word: p50", "all, most installed: p50", "memory, after all this"];

        private readonly SortedDictionary<int, Samples> _ours = [];

        public Samples OfPeer { get; } = new();

        public Samples At(int size)
        {
            if (!_ours.TryGetValue(size, out var samples)) _ours.Add(size, samples = new Samples());
            return samples;
        }

        public ImmutableArray<BenchRow> Rows(int size) =>
        [
            .. _ours[size].Names.Select(name => new BenchRow
            {
                Name = name,
                Unit = _ours[size].UnitOf(name),
                Ours = _ours[size].Find(name)!.Value,
                Peers = OfPeer.Find(name) is { } theirs ? ImmutableSortedDictionary<string, double>.Empty.Add(Verdaccio.Name, theirs) : ImmutableSortedDictionary<string, double>.Empty,
                HigherIsBetter = _ours[size].UnitOf(name).EndsWith("/s", StringComparison.Ordinal),
            }),
        ];

        public ImmutableArray<BenchGrowth> Growth() =>
        [
            .. Grown.Select(name => new BenchGrowth { Name = name, Unit = _ours.First().Value.UnitOf(name), Points = [.. _ours.Select(size => new GrowthPoint(size.Key, size.Value.Find(name)!.Value))] }),
        ];
    }
}
