using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Packages.Signing;

namespace LazyOC.Marketplace.Data;

/// <summary>The marketplace's records. Thread safe.</summary>
internal sealed class Database(Dialect dialect) : IDisposable
{
    /// <summary>Of a data folder that has the records, too.</summary>
    public const string FileName = "market.db";

    public Dialect Dialect => dialect;

    /// <summary>The records that somebody has set up: those at the address, else those in the data folder, which is made.</summary>
    public static Outcome<Database> Open(MarketOptions options, MarketLimits limits)
    {
        if (options.Database is null) return OfFolder(options.DataDirectory);
        return DatabaseAddress.Parse(options.Database, limits.MaxDatabaseConnections).TryGet(out var address, out var problems) ? new Database(new PostgresDialect(address)) : problems;
    }

    /// <summary>The records in a data folder, which is made.</summary>
    public static Database OfFolder(string directory)
    {
        UserFile.CreateDirectory(directory);
        return new Database(new SqliteDialect(Path.Combine(directory, FileName)));
    }

    /// <summary>Reads one state of the records.</summary>
    public async Task<T> ReadAsync<T>(Func<Sql, Task<T>> read, CancellationToken cancellationToken)
    {
        await using var connection = await dialect.OpenAsync(cancellationToken);
        return await read(new Sql(dialect, connection, null, cancellationToken));
    }

    /// <summary>Changes the records: all that is done within, or nothing when it throws. What others were in the way of is done again.</summary>
    public Task<T> WriteAsync<T>(Func<Sql, Task<T>> write, CancellationToken cancellationToken, WriteMode mode = WriteMode.Serial) => dialect.ChangeAsync(write, _ => true, mode, cancellationToken);

    /// <inheritdoc cref="WriteAsync{T}"/>
    public Task WriteAsync(Func<Sql, Task> write, CancellationToken cancellationToken) => WriteAsync(
        async sql =>
        {
            await write(sql);
            return true;
        },
        cancellationToken);

    /// <summary>Changes the records if what is asked for is not refused; a refusal changes nothing.</summary>
    public Task<Api.Answer<T>> TryWriteAsync<T>(Func<Sql, Task<Api.Answer<T>>> write, CancellationToken cancellationToken)
        where T : class => dialect.ChangeAsync(write, answer => answer.TryGet(out _, out _), WriteMode.Serial, cancellationToken);

    public void Dispose() => dialect.Dispose();
}
