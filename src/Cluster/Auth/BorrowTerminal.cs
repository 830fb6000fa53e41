namespace LazyOC.Cluster.Auth;

/// <summary>
/// Gives the terminal to an interactive credential plugin: completes when the screen is suspended; disposing the
/// answer takes the terminal back.
/// </summary>
/// <param name="program">Who asks.</param>
/// <param name="cancellationToken">Ends the wait.</param>
public delegate ValueTask<IAsyncDisposable> BorrowTerminal(string program, CancellationToken cancellationToken);
