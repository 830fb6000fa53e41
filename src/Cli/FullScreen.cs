using LazyOC.Cli.Control;
using LazyOC.Tui.Screen;
using LazyOC.Tui.Terminal;

namespace LazyOC.Cli;

/// <summary>Runs the full-screen user interface on this process's terminal.</summary>
internal static class FullScreen
{
    /// <param name="connection">What to look at.</param>
    /// <param name="request">What to show first; null goes on where the user was.</param>
    /// <param name="cancellationToken">Leaves the screen.</param>
    /// <param name="closing">Waited for when the user has left, before the plugins end.</param>
    /// <returns>An exit code.</returns>
    public static async Task<int> RunAsync(Connection connection, ViewRequest? request, CancellationToken cancellationToken, Func<Task>? closing = null)
    {
        var home = Home.Locate(Environment.GetEnvironmentVariable, connection.Scenario is not null);
        var faults = new FaultLog(home.Log);
        var warnings = new List<string>();
        TaskScheduler.UnobservedTaskException += (_, forgotten) => faults.Write("a task that nobody waits for", forgotten.Exception);
        ITerminal? terminal = null;
        await using (var live = await LiveCluster.OpenAsync(connection, home, runs: true, faults.Write, LendTerminal, cancellationToken: cancellationToken))
        await using (live.Plugins is { } plugins ? ControlSocket.Open(home, plugins, InstalledPlugins.StoreOf(home), warnings.Add, faults.Write) : null)
        await using (terminal = TtyTerminal.Open(Theme.Dark, Environment.GetEnvironmentVariable))
        {
            var options = new LiveScreenOptions
            {
                Session = live.Screen,
                Request = request,
                Contexts = live.Contexts,
                SwitchContext = live.SwitchAsync,
                Bug = faults.Write,
                OffersTour = connection.Scenario is not null,
                Saved = new SavedScreen(home.Screen, warnings.Add),
                Keys = new UserKeys(home.Keys),
                Editor = new TextEditor(Environment.GetEnvironmentVariable, terminal.BorrowAsync).EditAsync,
                Browser = new WebBrowser(Environment.GetEnvironmentVariable).TryOpen,
                Plugins = live.Plugins is { } host ? new ScreenPlugins(home, InstalledPlugins.StoreOf(home), host).Backend(faults.Write) : null,
            };
            await LiveScreen.RunAsync(options, terminal, cancellationToken);
            if (closing is not null) await closing();
        }
        foreach (var warning in warnings) Console.Error.WriteLine($"lazyoc: {warning}");
        return ExitCode.Ok;

        // A login that needs the terminal before the screen is there has it anyway.
        async ValueTask<IAsyncDisposable> LendTerminal(string program, CancellationToken cancel)
        {
            if (terminal is not { } screen) return new Returned(null, null);
            var lent = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            var back = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            var lending = screen.BorrowAsync(() =>
            {
                lent.SetResult();
                return back.Task;
            });
            await lent.Task.WaitAsync(cancel);
            return new Returned(back, lending);
        }
    }

    private sealed class Returned(TaskCompletionSource? back, Task? lending) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            back?.TrySetResult();
            if (lending is not null) await lending;
        }
    }
}
