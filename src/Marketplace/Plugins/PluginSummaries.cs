using System.Collections.Immutable;
using Dapper;
using LazyOC.Marketplace.Data;
using LazyOC.Marketplace.Protocol.Api;
using LazyOC.Marketplace.Teams;
using LazyOC.Plugins.Contracts;

namespace LazyOC.Marketplace.Plugins;

/// <summary>Plugins as lines of lists.</summary>
internal static class PluginSummaries
{
    /// <summary>What <see cref="Row"/> is read from; the tables are <c>plugins p</c>, <c>versions v</c> (the latest) and <c>ratings r</c>.</summary>
    public const string Columns =
        """
        p.id, p.display_name, p.description, v.version, p.updated, p.license, p.categories, p.installs, p.deprecated, p.rating,
        COALESCE(r.stars1, 0) AS stars1, COALESCE(r.stars2, 0) AS stars2, COALESCE(r.stars3, 0) AS stars3, COALESCE(r.stars4, 0) AS stars4, COALESCE(r.stars5, 0) AS stars5
        """;

    /// <summary>The tables that <see cref="Columns"/> are of.</summary>
    public const string Tables = "plugins p JOIN versions v ON v.plugin_id = p.id AND v.version_key = p.latest LEFT JOIN ratings r ON r.plugin_id = p.id";

    public static async Task<ImmutableArray<PluginSummary>> OfPublisherAsync(Sql sql, string publisher, Sight sight) =>
        [.. (await sql.ListAsync<Row>($"SELECT {Columns} FROM {Tables} WHERE p.publisher = @publisher AND {sight.Condition} ORDER BY p.id", sight.AddTo(new DynamicParameters(new { publisher })))).Select(row => row.ToSummary())];

    public static async Task<PluginSummary?> FindAsync(Sql sql, PluginId id) => (await sql.FirstAsync<Row>($"SELECT {Columns} FROM {Tables} WHERE p.id = @Id", new { Id = id.ToString() }))?.ToSummary();

    /// <summary>A plugin in the records.</summary>
    public sealed record Row : RowBase;

    /// <summary>A plugin in the records, and perhaps more.</summary>
    public abstract record RowBase
    {
        public string Id { get; init; } = "";

        public string DisplayName { get; init; } = "";

        public string Description { get; init; } = "";

        public string Version { get; init; } = "";

        public long Updated { get; init; }

        public string License { get; init; } = "";

        public string Categories { get; init; } = "";

        public long Installs { get; init; }

        public string? Deprecated { get; init; }

        public double Rating { get; init; }

        public long Stars1 { get; init; }

        public long Stars2 { get; init; }

        public long Stars3 { get; init; }

        public long Stars4 { get; init; }

        public long Stars5 { get; init; }

        public PluginSummary ToSummary() => new()
        {
            Id = PluginId.Parse(Id),
            DisplayName = DisplayName,
            Description = Description,
            Version = Version,
            Updated = Stored.Time(Updated),
            License = License,
            Categories = [.. Stored.Lines(Categories)],
            Rating = Ratings.Of([Stars1, Stars2, Stars3, Stars4, Stars5]),
            Installs = Installs,
            IsDeprecated = Deprecated is not null,
        };
    }
}
