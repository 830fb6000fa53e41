using Microsoft.Extensions.Logging;

namespace LazyOC.Marketplace.Tests;

/// <summary>What a server logs, appended to a file or kept, to look into.</summary>
internal sealed class FileLog(string path) : ILoggerProvider, ILogger
{
    private static readonly Lock Gate = new();

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        lock (Gate) File.AppendAllText(path, $"{logLevel}: {formatter(state, exception)}{(exception is null ? "" : $"\n{exception}")}\n");
    }

    public void Dispose()
    {
    }
}
