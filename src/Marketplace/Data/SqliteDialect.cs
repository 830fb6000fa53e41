using System.Data.Common;
using LazyOC.Marketplace.Plugins;
using Microsoft.Data.Sqlite;

namespace LazyOC.Marketplace.Data;

/// <summary>What SQLite does in a way of its own. One process has the file.</summary>
internal sealed class SqliteDialect(string file) : Dialect
{
    private readonly string _connection = new SqliteConnectionStringBuilder
    {
        DataSource = file,
        Mode = SqliteOpenMode.ReadWriteCreate,
        ForeignKeys = true,
        Pooling = true,
        DefaultTimeout = 30,
    }.ToString();

    /// <summary>Writers wait for each other here rather than in the database, which would poll.</summary>
    private readonly SemaphoreSlim _writer = new(1);

    public override string Name => "sqlite";

    public override bool IsShared => false;

    public override SearchIndex Search { get; } = new SqliteSearchIndex();

    public override string SkipTaken => "";

    public override async Task<DbConnection> OpenAsync(CancellationToken cancellationToken)
    {
        var connection = new SqliteConnection(_connection);
        try
        {
            await connection.OpenAsync(cancellationToken);
            await using var command = connection.CreateCommand();
            // What was answered with success is on the disk.
            command.CommandText = "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;";
            await command.ExecuteNonQueryAsync(cancellationToken);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    public override async Task<T> ChangeAsync<T>(Func<Sql, Task<T>> change, Func<T, bool> isKept, WriteMode mode, CancellationToken cancellationToken)
    {
        await _writer.WaitAsync(cancellationToken);
        try
        {
            await using var connection = await OpenAsync(cancellationToken);
            await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
            var sql = new Sql(this, connection, transaction, cancellationToken);
            var result = await change(sql);
            if (isKept(result)) await CommitAsync(sql, transaction, cancellationToken);
            return result;
        }
        finally
        {
            _writer.Release();
        }
    }

    public override Task<IAsyncDisposable> LockSchemaAsync(CancellationToken cancellationToken) => Task.FromResult<IAsyncDisposable>(new Unlocked());

    /// <summary>Lets go of the file.</summary>
    public override void Dispose()
    {
        using var connection = new SqliteConnection(_connection);
        SqliteConnection.ClearPool(connection);
    }

    private sealed class Unlocked : IAsyncDisposable
    {
        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
