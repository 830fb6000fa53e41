using System.Collections.Concurrent;

namespace LazyOC.Marketplace.Tests.Nodes;

/// <summary>
/// Where the servers of tests have their records and packages: in SQLite and a folder, or, where the environment says so, in
/// PostgreSQL and a bucket. The gate runs the classes of <see cref="Trait"/> on both.
/// </summary>
internal static class Pair
{
    /// <summary>Set to <c>postgres</c> for the second pair.</summary>
    public const string Variable = "LAZYOC_MARKET_TESTS";

    /// <summary>Classes with the trait <c>pair=both</c> touch records or packages.</summary>
    public const string Trait = "pair";

    public const string Both = "both";

    private static readonly ConcurrentDictionary<string, Lazy<Task<MarketOptions>>> Places = new(StringComparer.Ordinal);

    public static bool IsPostgres => Environment.GetEnvironmentVariable(Variable) == "postgres";

    /// <summary>The place that belongs to a data folder; always the same.</summary>
    public static Task<MarketOptions> OfAsync(string data) => IsPostgres ? PostgresAsync(data) : Task.FromResult(new MarketOptions { DataDirectory = data });

    /// <summary>A database and a bucket that belong to a data folder.</summary>
    public static Task<MarketOptions> PostgresAsync(string data) => Places.GetOrAdd(data, key => new(() => CreateAsync(key))).Value;

    /// <summary>Lets go of the place of a data folder that nothing is opened over again.</summary>
    public static async Task ForgetAsync(string data)
    {
        if (Places.TryRemove(data, out var place)) await (await PostgresServer.SharedAsync()).DropAsync((await place.Value).Database!);
    }

    private static async Task<MarketOptions> CreateAsync(string data) => new()
    {
        DataDirectory = data,
        Database = await (await PostgresServer.SharedAsync()).CreateWithTablesAsync(),
        Storage = (await ObjectServer.SharedAsync()).Create(),
    };
}

/// <summary>A test of several nodes, whichever pair the others are run on; skipped, with what to install, where there is no PostgreSQL.</summary>
internal sealed class NodesFactAttribute : FactAttribute
{
    public NodesFactAttribute() => Skip = PostgresServer.Missing;
}

/// <inheritdoc cref="NodesFactAttribute"/>
internal sealed class NodesTheoryAttribute : TheoryAttribute
{
    public NodesTheoryAttribute() => Skip = PostgresServer.Missing;
}
