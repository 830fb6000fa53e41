using System.Data.Common;
using LazyOC.Marketplace.Plugins;

namespace LazyOC.Marketplace.Data;

/// <summary>What each database does in a way of its own: opening, how those who write get along, and full text. Thread safe.</summary>
internal abstract class Dialect : IDisposable
{
    /// <summary>Names the migrations that only this database has.</summary>
    public abstract string Name { get; }

    /// <summary>Whether other processes may change the same records.</summary>
    public abstract bool IsShared { get; }

    /// <summary>The words that plugins are found by.</summary>
    public abstract SearchIndex Search { get; }

    /// <summary>Ends a query for a row that is about to be changed: rows that another is changing are passed over.</summary>
    public abstract string SkipTaken { get; }

    /// <summary>How often this process has changed what searches find: what was found before that may be old.</summary>
    public long ListingChanges => Interlocked.Read(ref _listingChanges);

    private long _listingChanges;

    public abstract Task<DbConnection> OpenAsync(CancellationToken cancellationToken);

    /// <summary>Changes the records in a transaction.</summary>
    /// <param name="change">The change; it may be made again from its beginning when others were in its way.</param>
    /// <param name="isKept">Whether what it gave is to last.</param>
    /// <param name="mode">What others may do meanwhile.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public abstract Task<T> ChangeAsync<T>(Func<Sql, Task<T>> change, Func<T, bool> isKept, WriteMode mode, CancellationToken cancellationToken);

    /// <summary>Waits until nobody else brings the records up to date, and keeps others from it until it is disposed.</summary>
    public abstract Task<IAsyncDisposable> LockSchemaAsync(CancellationToken cancellationToken);

    public abstract void Dispose();

    /// <summary>Makes a change last.</summary>
    protected async Task CommitAsync(Sql sql, DbTransaction transaction, CancellationToken cancellationToken)
    {
        await transaction.CommitAsync(cancellationToken);
        if (sql.ChangesListing) Interlocked.Increment(ref _listingChanges);
    }
}

/// <summary>What others may do while somebody writes.</summary>
internal enum WriteMode
{
    /// <summary>All goes as if one wrote after the other, so what was looked at holds when it is written.</summary>
    Serial,

    /// <summary>Only the rows that are changed are kept from others; for changes that look at nothing else.</summary>
    Rows,

    /// <summary>Nothing is written, and all that is read is of one moment.</summary>
    Look,
}
