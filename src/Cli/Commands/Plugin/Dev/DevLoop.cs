using System.Collections.Immutable;
using LazyOC.Cli.Control;

namespace LazyOC.Cli.Commands.Plugin.Dev;

/// <summary>Builds a plugin whenever its source changes, until it is told to end.</summary>
internal static class DevLoop
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    /// <summary>How long the end waits for what is recorded.</summary>
    private static readonly TimeSpan LastAnswer = TimeSpan.FromSeconds(5);

    /// <param name="source">The plugin's directory.</param>
    /// <param name="sockets">Where the running LazyOCs are.</param>
    /// <param name="tell">Told what happens.</param>
    /// <param name="recording">Takes what is recorded, at the end.</param>
    /// <param name="built">Told once, when the source could be built and a screen may open; null when one is open.</param>
    /// <param name="cancellationToken">The end.</param>
    public static async Task RunAsync(string source, ControlDirectory sockets, Action<string> tell, Recording? recording, Action? built, CancellationToken cancellationToken)
    {
        // Without a build the packed files are the source, wherever they are.
        ImmutableHashSet<string> ignored = PluginBuild.IsDescribedIn(source) ? ["node_modules", "dist"] : ["node_modules"];
        using var watcher = new SourceWatcher(source, ignored, tell);
        await using var session = new DevSession(source, sockets, tell, watcher.Wake, recording is not null);
        try
        {
            await watcher.ChangedAsync(TimeSpan.Zero, cancellationToken);
            await session.BuildAsync(cancellationToken);
            if (built is null && session.Running == 0) tell("no LazyOC is open in this home; the plugin runs in the next one that is");
            while (true)
            {
                if (session.IsBuilt)
                {
                    built?.Invoke();
                    built = null;
                }
                else if (built is not null)
                {
                    tell("the screen opens when that is mended and saved; ctrl-c ends");
                }
                while (!await watcher.ChangedAsync(Interval, cancellationToken)) await session.FollowAsync(cancellationToken);
                await session.BuildAsync(cancellationToken);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // ctrl-c, or the end of the screen, is how one leaves.
        }
        using var patience = new CancellationTokenSource(LastAnswer);
        if (recording is not null) recording.Taken = await session.RecordedAsync(patience.Token);
    }
}
