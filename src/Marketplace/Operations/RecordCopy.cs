using LazyOC.Marketplace.Data;
using LazyOC.Marketplace.Plugins;
using LazyOC.Plugins.Contracts;

namespace LazyOC.Marketplace.Operations;

/// <summary>Copies records from one database into another that has none, of SQLite or PostgreSQL either.</summary>
internal static class RecordCopy
{
    /// <summary>Copies all that is there at one moment, and makes what is searched anew.</summary>
    /// <returns>Why not; null when it is done.</returns>
    public static async Task<Problem?> RunAsync(Database from, Database to, CancellationToken cancellationToken)
    {
        await Migration.ApplyAsync(to, TimeProvider.System, cancellationToken);
        // SQLite lists its tables in the order of their making, in which each comes after those that it refers to.
        var tables = await (from.Dialect is SqliteDialect ? from : to).ReadAsync(TablesAsync, cancellationToken);
        return await from.WriteAsync(source => to.WriteAsync(async target =>
        {
            const string Steps = "SELECT number FROM schema_migrations ORDER BY number";
            if (!(await source.ListAsync<int>(Steps)).SequenceEqual(await target.ListAsync<int>(Steps))) return new Problem("records", "are of another version of the marketplace", "start that of this version on them first");
            foreach (var table in tables)
            {
                if (await target.FirstAsync<long>($"SELECT COUNT(*) FROM {table.Name}") > 0) return new Problem("records", $"are there already: `{table.Name}` is not empty", "name a database that is empty");
                var columns = string.Join(", ", table.Columns);
                var insert = $"INSERT INTO {table.Name} ({columns}) VALUES ({string.Join(", ", table.Columns.Select(column => "@" + column))})";
                await foreach (var row in source.RowsAsync($"SELECT {columns} FROM {table.Name}")) await target.ExecuteAsync(insert, row);
            }
            var listing = new PluginListing();
            foreach (var id in await target.ListAsync<string>("SELECT id FROM plugins WHERE latest IS NOT NULL ORDER BY id")) await listing.RefreshAsync(target, PluginId.Parse(id));
            return (Problem?)null;
        }, cancellationToken), cancellationToken, WriteMode.Look);
    }

    private static async Task<IReadOnlyList<Table>> TablesAsync(Sql sql)
    {
        var tables = new List<Table>();
        foreach (var name in await sql.ListAsync<string>("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite@_%' ESCAPE '@' AND name NOT LIKE 'search@_%' ESCAPE '@' AND name <> 'schema_migrations' ORDER BY rowid"))
            tables.Add(new Table(name, await sql.ListAsync<string>("SELECT name FROM pragma_table_info(@name) ORDER BY cid", new { name })));
        return tables;
    }

    /// <summary>A table of the marketplace, whose names are those of its migrations.</summary>
    private sealed record Table(string Name, IReadOnlyList<string> Columns);
}
