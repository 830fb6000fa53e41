using System.Data.Common;
using Dapper;

namespace LazyOC.Marketplace.Data;

/// <summary>Runs SQL on one connection, within its transaction when it has one. Columns are mapped to properties by name, underscores left out.</summary>
/// <remarks>Values are always parameters; SQL is put together from constants only.</remarks>
internal sealed class Sql(Dialect dialect, DbConnection connection, DbTransaction? transaction, CancellationToken cancellationToken)
{
    static Sql() => DefaultTypeMap.MatchNamesWithUnderscores = true;

    public Dialect Dialect => dialect;

    /// <summary>Whether what is found by searching, or how much of it, is another when this is committed.</summary>
    public bool ChangesListing { get; private set; }

    /// <summary>Says that <see cref="ChangesListing"/>.</summary>
    public void MarkListing() => ChangesListing = true;

    public async Task<IReadOnlyList<T>> ListAsync<T>(string sql, object? values = null) => (await connection.QueryAsync<T>(Command(sql, values))).AsList();

    /// <summary>Rows as they come, their columns by name.</summary>
    public IAsyncEnumerable<IDictionary<string, object?>> RowsAsync(string sql) => connection.QueryUnbufferedAsync(sql, transaction: transaction).Select(row => (IDictionary<string, object?>)row);

    /// <summary>The first row; null or zero when there is none.</summary>
    public Task<T?> FirstAsync<T>(string sql, object? values = null) => connection.QueryFirstOrDefaultAsync<T>(Command(sql, values));

    /// <summary>How many rows were changed.</summary>
    public Task<int> ExecuteAsync(string sql, object? values = null) => connection.ExecuteAsync(Command(sql, values));

    private CommandDefinition Command(string sql, object? values) => new(sql, values, transaction, cancellationToken: cancellationToken);
}
