namespace LazyOC.Marketplace.Data;

/// <summary>The marketplace's records. Thread safe.</summary>
internal sealed class Database(SqliteDialect dialect) : IDisposable
{
    public SqliteDialect Dialect => dialect;

    /// <summary>Reads one state of the records.</summary>
    public async Task<T> ReadAsync<T>(Func<Sql, Task<T>> read, CancellationToken cancellationToken)
    {
        await using var connection = await dialect.OpenAsync(cancellationToken);
        return await read(new Sql(connection, null, cancellationToken));
    }

    /// <summary>Changes the records: all that is done within, or nothing when it throws.</summary>
    public async Task<T> WriteAsync<T>(Func<Sql, Task<T>> write, CancellationToken cancellationToken)
    {
        await dialect.Writer.WaitAsync(cancellationToken);
        try
        {
            await using var connection = await dialect.OpenAsync(cancellationToken);
            await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
            var result = await write(new Sql(connection, transaction, cancellationToken));
            await transaction.CommitAsync(cancellationToken);
            return result;
        }
        finally
        {
            dialect.Writer.Release();
        }
    }

    /// <inheritdoc cref="WriteAsync{T}"/>
    public Task WriteAsync(Func<Sql, Task> write, CancellationToken cancellationToken) => WriteAsync(
        async sql =>
        {
            await write(sql);
            return true;
        },
        cancellationToken);

    /// <summary>Changes the records if what is asked for is not refused; a refusal changes nothing.</summary>
    public async Task<Api.Answer<T>> TryWriteAsync<T>(Func<Sql, Task<Api.Answer<T>>> write, CancellationToken cancellationToken)
        where T : class
    {
        await dialect.Writer.WaitAsync(cancellationToken);
        try
        {
            await using var connection = await dialect.OpenAsync(cancellationToken);
            await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
            var answer = await write(new Sql(connection, transaction, cancellationToken));
            if (answer.TryGet(out _, out _)) await transaction.CommitAsync(cancellationToken);
            return answer;
        }
        finally
        {
            dialect.Writer.Release();
        }
    }

    public void Dispose() => dialect.Close();
}
