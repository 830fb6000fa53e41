using System.Globalization;
using System.Reflection;

namespace LazyOC.Marketplace.Data;

/// <summary>
/// The steps in which the records have got their form, numbered from 1. They only add (expand); what nothing uses any more
/// goes in a later step than the version that stopped using it (contract), so that two versions run side by side.
/// </summary>
internal sealed record Migration(int Number, string Name, string Script)
{
    private const string Folder = "LazyOC.Marketplace.Data.Migrations.";

    /// <summary>All, in order; those with a dialect in their name are for that one only.</summary>
    public static IReadOnlyList<Migration> All(string dialect)
    {
        var assembly = typeof(Migration).Assembly;
        return [.. assembly.GetManifestResourceNames()
            .Where(resource => resource.StartsWith(Folder, StringComparison.Ordinal))
            .Select(resource => (Resource: resource, Parts: resource[Folder.Length..].Split('.')))
            .Where(file => file.Parts is [_, "sql"] || (file.Parts is [_, var of, "sql"] && of == dialect))
            .Select(file => new Migration(int.Parse(file.Parts[0].AsSpan(0, 4), CultureInfo.InvariantCulture), file.Parts[0][5..], Read(assembly, file.Resource)))
            .OrderBy(migration => migration.Number)];
    }

    /// <summary>Makes the steps that the records do not have yet, each whole or not at all, one node at a time. Steps of a newer version stay.</summary>
    /// <returns>How many were made.</returns>
    public static Task<int> ApplyAsync(Database database, TimeProvider time, CancellationToken cancellationToken) => ApplyAsync(database, All(database.Dialect.Name), time, cancellationToken);

    /// <inheritdoc cref="ApplyAsync(Database, TimeProvider, CancellationToken)"/>
    public static async Task<int> ApplyAsync(Database database, IReadOnlyList<Migration> migrations, TimeProvider time, CancellationToken cancellationToken)
    {
        await using var alone = await database.Dialect.LockSchemaAsync(cancellationToken);
        await database.WriteAsync(sql => sql.ExecuteAsync("CREATE TABLE IF NOT EXISTS schema_migrations (number INTEGER PRIMARY KEY, name TEXT NOT NULL, applied BIGINT NOT NULL)"), cancellationToken);
        var made = 0;
        foreach (var migration in migrations)
        {
            made += await database.WriteAsync(async sql =>
            {
                if (await sql.FirstAsync<int?>("SELECT number FROM schema_migrations WHERE number = @Number", migration) is not null) return 0;
                // What waits for a table keeps all others from it: rather than that, it is tried again.
                if (database.Dialect.IsShared) await sql.ExecuteAsync("SET LOCAL lock_timeout = '2s'");
                await sql.ExecuteAsync(migration.Script);
                await sql.ExecuteAsync("INSERT INTO schema_migrations (number, name, applied) VALUES (@Number, @Name, @Now)", new { migration.Number, migration.Name, Now = time.GetUtcNow().ToUnixTimeMilliseconds() });
                return 1;
            }, cancellationToken);
        }
        return made;
    }

    private static string Read(Assembly assembly, string resource)
    {
        using var reader = new StreamReader(assembly.GetManifestResourceStream(resource)!);
        return reader.ReadToEnd();
    }
}
