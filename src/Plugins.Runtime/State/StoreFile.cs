using System.Text.Json;
using LazyOC.Plugins.Contracts.Messages;
using LazyOC.Plugins.Sandbox.Broker;
using Microsoft.Data.Sqlite;

namespace LazyOC.Plugins.Runtime.State;

/// <summary>
/// What one plugin keeps on disk in one epoch: a SQLite file of keys and JSON, opened when it is first used. Each call is one
/// transaction, done or not done as a whole.
/// </summary>
/// <remarks>
/// Thread safe, and safe among processes. A file that is damaged is put aside and stays so until the user has dealt with it:
/// its plugin is told <c>unavailable</c>, and begins with no empty store behind the user's back.
/// </remarks>
internal sealed partial class StoreFile : IDisposable
{
    private const int PageBytes = 4_096;

    /// <summary>Less holds nothing: the schema takes five.</summary>
    private const int MinPages = 8;

    private const int FormatVersion = 1;

    /// <summary>What a transaction may need beside the file.</summary>
    private const int JournalBytes = 1 << 20;

    // Source: https://sqlite.org/rescode.html
    private const int Busy = 5;
    private const int Locked = 6;
    private const int ReadOnly = 8;
    private const int InputOutput = 10;
    private const int Corrupt = 11;
    private const int Full = 13;
    private const int CannotOpen = 14;
    private const int NotADatabase = 26;

    private readonly Lock _gate = new();
    private readonly long _quotaBytes;
    private readonly RuntimeLimits _limits;
    private string _path;
    private bool _isCopy;
    private SqliteConnection? _connection;
    private bool _disposed;

    /// <param name="path">The file, which need not be there.</param>
    /// <param name="quotaBytes">How large it may become.</param>
    /// <param name="limits">Bounds.</param>
    /// <param name="isCopy">Whether it is worth nothing until it is given its name: what is changed before is not brought to the disk each time.</param>
    public StoreFile(string path, long quotaBytes, RuntimeLimits limits, bool isCopy = false) => (_path, _quotaBytes, _limits, _isCopy) = (path, quotaBytes, limits, isCopy);

    /// <summary>Where a damaged file is put.</summary>
    public static string DamagedPath(string path) => path + ".damaged";

    /// <summary>The mark of an epoch that was left for another: while it is there nothing is changed in the file.</summary>
    public static string LeftPath(string path) => path + ".left";

    /// <summary>Copies everything that was changed before its mark was set to a file that is not there.</summary>
    public CallError? CopyTo(string path) => Run<bool>(isWrite: false, whenMissing: false, _ =>
    {
        // Waits for changes that began before the mark was there; later ones see it.
        using (_connection!.BeginTransaction()) { }
        using var target = Connect(path);
        _connection.BackupDatabase(target);
        return true;
    }) is CallOutcome<bool>.Failed { Error: var error } ? error : null;

    /// <summary>Copies everything as it is at one moment to a file that is not there, in nobody's way.</summary>
    public CallError? SnapshotTo(string path) => Run<bool>(isWrite: false, whenMissing: false, _ =>
    {
        // Held while it is copied: a change may wait for its turn, and none is in it by half.
        using var reading = _connection!.BeginTransaction(deferred: true);
        Execute(_connection, "SELECT count(*) FROM counter;", reading);
        using var target = Connect(path);
        _connection.BackupDatabase(target);
        return true;
    }) is CallOutcome<bool>.Failed { Error: var error } ? error : null;

    /// <summary>Gives the file, which is on the disk then, another name, which takes the place of nothing.</summary>
    /// <exception cref="IOException">It cannot be moved; it is where it was.</exception>
    public void MoveTo(string path)
    {
        lock (_gate)
        {
            Close();
            if (File.Exists(_path))
            {
                if (_isCopy)
                    using (var file = new FileStream(_path, FileMode.Open, FileAccess.ReadWrite)) file.Flush(flushToDisk: true);
                File.Move(_path, path);
            }
            (_path, _isCopy) = (path, false);
        }
    }

    /// <summary>Deletes the file, if it is there.</summary>
    public void Delete()
    {
        lock (_gate)
        {
            Close();
            File.Delete(_path);
            File.Delete(_path + "-journal");
        }
    }

    /// <summary>Closes the file. Later calls end <c>cancelled</c>.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _disposed = true;
            Close();
        }
    }

    private CallOutcome<T> Run<T>(bool isWrite, T whenMissing, Func<SqliteTransaction?, CallOutcome<T>> work)
    {
        lock (_gate)
        {
            if (_disposed) return new CallError(ErrorCode.Cancelled, "this plugin instance has ended");
            // Before it is opened: that would make the file.
            if (isWrite && File.Exists(LeftPath(_path))) return Left();
            if (_connection is null && !File.Exists(_path))
            {
                if (File.Exists(DamagedPath(_path))) return Damaged();
                if (!isWrite) return whenMissing;
            }
            try
            {
                _connection ??= Open();
                if (!isWrite) return work(null);
                using var transaction = _connection.BeginTransaction();
                // Again: what is copied is what was changed before the mark.
                if (File.Exists(LeftPath(_path))) return Left();
                var outcome = work(transaction);
                if (outcome is CallOutcome<T>.Done) transaction.Commit();
                return outcome;
            }
            catch (SqliteException error) when (IsExpected(error.SqliteErrorCode))
            {
                return Explain(error);
            }
            catch (StoreFormatException newer)
            {
                Close();
                return new CallError(ErrorCode.Unavailable, newer.Message);
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                return new CallError(ErrorCode.Unavailable, $"the plugin's store `{_path}` cannot be opened: {error.Message}");
            }
        }
    }

    private SqliteConnection Open()
    {
        StoreFolder.Create(Path.GetDirectoryName(_path)!);
        var connection = Connect(_path);
        try
        {
            // A rollback journal, not a log: homes may be on a network.
            Execute(connection, _isCopy ? "PRAGMA journal_mode = MEMORY; PRAGMA synchronous = OFF;" : "PRAGMA journal_mode = DELETE; PRAGMA synchronous = FULL;");
            Execute(connection, "PRAGMA trusted_schema = OFF;");
            Execute(connection, $"PRAGMA max_page_count = {Math.Clamp(_quotaBytes / PageBytes, MinPages, uint.MaxValue - 1)};");
            using var version = Command(connection, null, "PRAGMA user_version;");
            switch ((long)version.ExecuteScalar()!)
            {
                case 0:
                    Create(connection);
                    break;
                case > FormatVersion and var found:
                    throw new StoreFormatException($"the plugin's store has format {found}; this LazyOC reads {FormatVersion}: a newer one wrote it");
            }
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    // The counter makes each revision a number that no key ever had before.
    private static void Create(SqliteConnection connection)
    {
        using var transaction = connection.BeginTransaction();
        Execute(
            connection,
            $"""
            CREATE TABLE IF NOT EXISTS entries (key TEXT NOT NULL UNIQUE, value BLOB NOT NULL, revision INTEGER NOT NULL);
            CREATE TABLE IF NOT EXISTS counter (revision INTEGER NOT NULL);
            INSERT INTO counter SELECT 0 WHERE NOT EXISTS (SELECT * FROM counter);
            PRAGMA user_version = {FormatVersion};
            """,
            transaction);
        transaction.Commit();
    }

    private SqliteConnection Connect(string path)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = path,
            Mode = SqliteOpenMode.ReadWriteCreate,
            Pooling = false,
            DefaultTimeout = (int)Math.Ceiling(_limits.StoreBusy.TotalSeconds),
        }.ToString());
        connection.Open();
        return connection;
    }

    private static bool IsExpected(int code) => code is Full or Busy or Locked or Corrupt or NotADatabase or ReadOnly or InputOutput or CannotOpen;

    private CallError Explain(SqliteException error)
    {
        switch (error.SqliteErrorCode)
        {
            case Full:
                return DiskFull() ?? new CallError(ErrorCode.QuotaExceeded, $"the plugin's store is full: it may have {_quotaBytes:N0} bytes, and nothing was changed");
            case Busy or Locked:
                return new CallError(ErrorCode.Unavailable, "another LazyOC is writing to the plugin's store");
            case Corrupt or NotADatabase:
                Close();
                return PutAside();
            case ReadOnly:
                Close();
                return new CallError(ErrorCode.Unavailable, $"the plugin's store `{_path}` cannot be written, and nothing was changed: its disk is read-only, or this user may not write it");
            default:
                Close();
                return new CallError(ErrorCode.Unavailable, $"the plugin's store `{_path}` cannot be used: {error.Message}");
        }
    }

    // SQLite has one code for both: it is the disk when that has less room than the store may still take, or a journal.
    private CallError? DiskFull()
    {
        try
        {
            var free = new DriveInfo(Path.GetDirectoryName(_path)!).AvailableFreeSpace;
            var file = new FileInfo(_path);
            var room = _quotaBytes - (file.Exists ? file.Length : 0);
            return free < Math.Max(room, JournalBytes) ? new CallError(ErrorCode.Unavailable, $"the disk of the plugin's store `{_path}` is full: {free:N0} bytes are free, and nothing was changed") : null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return new CallError(ErrorCode.Unavailable, $"the plugin's store `{_path}` is full, or its disk is, which does not say: {error.Message}");
        }
    }

    private CallError PutAside()
    {
        try
        {
            File.Move(_path, DamagedPath(_path), overwrite: true);
            return Damaged();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return new CallError(ErrorCode.Unavailable, $"the plugin's store `{_path}` is damaged, and cannot be put aside as `{DamagedPath(_path)}`: {error.Message}");
        }
    }

    private static CallError Left() =>
        new(ErrorCode.Unavailable, "another version takes over what the plugin has stored, in another LazyOC or at this moment: nothing is changed any more by this one");

    private CallError Damaged() =>
        new(ErrorCode.Unavailable, $"the plugin's store is damaged; it was put aside as `{DamagedPath(_path)}`: put a copy in its place, or delete it to begin anew");

    private void Close()
    {
        _connection?.Dispose();
        _connection = null;
    }

    private static void Execute(SqliteConnection connection, string sql, SqliteTransaction? transaction = null)
    {
        using var command = Command(connection, transaction, sql);
        command.ExecuteNonQuery();
    }

    private static SqliteCommand Command(SqliteConnection connection, SqliteTransaction? transaction, string sql, params ReadOnlySpan<(string Name, object Value)> parameters)
    {
        var command = connection.CreateCommand();
#pragma warning disable CA2100 // Every text is a constant of this type; what plugins say goes into parameters.
        command.CommandText = sql;
#pragma warning restore CA2100
        command.Transaction = transaction;
        foreach (var (name, value) in parameters) command.Parameters.AddWithValue(name, value);
        return command;
    }

    private static JsonElement Parse(byte[] json)
    {
        using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = MaxDepth });
        return document.RootElement.Clone();
    }

    private sealed class StoreFormatException(string message) : Exception(message);
}
