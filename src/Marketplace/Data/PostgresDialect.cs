using System.Data;
using System.Data.Common;
using System.Security.Cryptography;
using LazyOC.Marketplace.Plugins;
using Npgsql;

namespace LazyOC.Marketplace.Data;

/// <summary>What PostgreSQL does in a way of its own. Any number of processes have the same records.</summary>
internal sealed class PostgresDialect(NpgsqlConnectionStringBuilder address) : Dialect
{
    /// <summary>How often a change is tried that others are in the way of.</summary>
    private const int MaxAttempts = 30;

    /// <summary>Advisory locks of the marketplace; the numbers mean nothing to the database.</summary>
    private const long SchemaLock = 0x4C5A_4D4B_0001;

    private const long QueueLock = 0x4C5A_4D4B_0002;

    private readonly NpgsqlDataSource _source = NpgsqlDataSource.Create(address);

    public override string Name => "postgres";

    public override bool IsShared => true;

    public override SearchIndex Search { get; } = new PostgresSearchIndex();

    public override string SkipTaken => "FOR UPDATE SKIP LOCKED";

    public override async Task<DbConnection> OpenAsync(CancellationToken cancellationToken) => await _source.OpenConnectionAsync(cancellationToken);

    public override async Task<T> ChangeAsync<T>(Func<Sql, Task<T>> change, Func<T, bool> isKept, WriteMode mode, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await TryAsync(change, isKept, mode, isQueued: attempt > 1, cancellationToken);
            }
            catch (PostgresException error) when (IsConflict(error) && attempt < MaxAttempts)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(RandomNumberGenerator.GetInt32(5 * attempt)), cancellationToken);
            }
        }
    }

    public override async Task<IAsyncDisposable> LockSchemaAsync(CancellationToken cancellationToken)
    {
        var connection = await _source.OpenConnectionAsync(cancellationToken);
        return await SessionLock.TakeAsync(connection, SchemaLock, ownsConnection: true, cancellationToken);
    }

    public override void Dispose() => _source.Dispose();

    private async Task<T> TryAsync<T>(Func<Sql, Task<T>> change, Func<T, bool> isKept, WriteMode mode, bool isQueued, CancellationToken cancellationToken)
    {
        await using var connection = await _source.OpenConnectionAsync(cancellationToken);
        // Those that were in somebody's way go one after the other, so that they are not in each other's. The lock is the
        // session's and comes before the transaction, which sees the records as they are at its first statement.
        await using var turn = isQueued ? await SessionLock.TakeAsync(connection, QueueLock, ownsConnection: false, cancellationToken) : null;
        await using var transaction = await connection.BeginTransactionAsync(IsolationOf(mode), cancellationToken);
        var sql = new Sql(this, connection, transaction, cancellationToken);
        var result = await change(sql);
        if (isKept(result)) await CommitAsync(sql, transaction, cancellationToken);
        return result;
    }

    private static IsolationLevel IsolationOf(WriteMode mode) => mode switch
    {
        WriteMode.Rows => IsolationLevel.ReadCommitted,
        WriteMode.Look => IsolationLevel.RepeatableRead,
        _ => IsolationLevel.Serializable,
    };

    /// <summary>Whether another change was in the way, so that the next try may go well: nothing of this one has lasted.</summary>
    private static bool IsConflict(PostgresException error) => error.SqlState
        is PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.LockNotAvailable
        // What two have found missing and both add, the database may tell by the key before it tells by the order.
        or PostgresErrorCodes.UniqueViolation;

    /// <summary>An advisory lock of a connection.</summary>
    private sealed class SessionLock(NpgsqlConnection connection, long key, bool ownsConnection) : IAsyncDisposable
    {
        public static async Task<SessionLock> TakeAsync(NpgsqlConnection connection, long key, bool ownsConnection, CancellationToken cancellationToken)
        {
            try
            {
                await RunAsync(connection, "SELECT pg_advisory_lock(@key)", key, cancellationToken);
                return new SessionLock(connection, key, ownsConnection);
            }
            catch
            {
                if (ownsConnection) await connection.DisposeAsync();
                throw;
            }
        }

        public async ValueTask DisposeAsync()
        {
            // A connection that is broken has let go of it.
            if (connection.FullState == ConnectionState.Open) await RunAsync(connection, "SELECT pg_advisory_unlock(@key)", key, CancellationToken.None);
            if (ownsConnection) await connection.DisposeAsync();
        }

        private static async Task RunAsync(NpgsqlConnection connection, string sql, long key, CancellationToken cancellationToken)
        {
            await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
            command.Parameters.AddWithValue("key", key);
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
    }
}
