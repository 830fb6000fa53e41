using System.Data.Common;
using Microsoft.Data.Sqlite;

namespace LazyOC.Marketplace.Data;

/// <summary>What SQLite does in a way of its own: opening, one writer, and full text.</summary>
internal sealed class SqliteDialect(string file)
{
    /// <summary>Names the migrations that only this database has.</summary>
    public const string Name = "sqlite";

    private readonly string _connection = new SqliteConnectionStringBuilder
    {
        DataSource = file,
        Mode = SqliteOpenMode.ReadWriteCreate,
        ForeignKeys = true,
        Pooling = true,
        DefaultTimeout = 30,
    }.ToString();

    /// <summary>Writers wait for each other here rather than in the database, which would poll.</summary>
    public SemaphoreSlim Writer { get; } = new(1);

    public async Task<DbConnection> OpenAsync(CancellationToken cancellationToken)
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

    /// <summary>Lets go of the file.</summary>
    public void Close()
    {
        using var connection = new SqliteConnection(_connection);
        SqliteConnection.ClearPool(connection);
    }
}
