using System.Collections.Immutable;
using LazyOC.Plugins.Contracts;

namespace LazyOC.Cli.Control;

/// <summary>What one running LazyOC made of a change.</summary>
internal sealed record RunningRow
{
    public required int Pid { get; init; }

    /// <summary>Why it did nothing; absent when it did.</summary>
    public string? Error { get; init; }

    public required ImmutableArray<ControlChange> Changes { get; init; }

    /// <summary>What it made of one plugin, a line each.</summary>
    public IEnumerable<string> Lines(PluginId plugin)
    {
        if (Error is not null) yield return $"running LazyOC (pid {Pid}): {Error}";
        foreach (var change in Changes)
            if (change.Plugin == plugin) yield return $"running LazyOC (pid {Pid}): {change.What}";
    }
}

/// <summary>The running LazyOCs of a home, as commands reach them.</summary>
internal static class RunningInstances
{
    private static readonly ControlLimits Limits = new();

    /// <summary>Asks all of them; one that hangs up or is silent has no answer.</summary>
    public static Task<ImmutableArray<ControlAnswer>> AskAsync(Home home, ControlRequest request, CancellationToken cancellationToken) => AskAsync(home, request, TimeSpan.Zero, cancellationToken);

    /// <summary>Asks all of them, at the same time, for what takes its time; one that hangs up or is silent has no answer.</summary>
    /// <param name="home">Whose.</param>
    /// <param name="request">What they are asked.</param>
    /// <param name="takes">How long it takes by its nature.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public static async Task<ImmutableArray<ControlAnswer>> AskAsync(Home home, ControlRequest request, TimeSpan takes, CancellationToken cancellationToken)
    {
        var directory = ControlDirectory.Of(home, Environment.GetEnvironmentVariable, Limits);
        var clients = await ControlClient.ConnectAllAsync(directory, Limits, cancellationToken);
        var answers = await Task.WhenAll(clients.Select(async client =>
        {
            await using var connected = client;
            return await client.AskAsync(request, takes, cancellationToken);
        }));
        return [.. answers.OfType<ControlAnswer>()];
    }

    /// <summary>Lets all of them run what is installed now.</summary>
    /// <param name="home">Whose.</param>
    /// <param name="lift">The plugin whose quarantine the user has lifted.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public static async Task<ImmutableArray<RunningRow>> ReloadAsync(Home home, PluginId? lift, CancellationToken cancellationToken) =>
        [.. (await AskAsync(home, new ControlRequest { Verb = ControlVerb.Reload, Plugin = lift }, cancellationToken))
            .Select(answer => new RunningRow { Pid = answer.Pid, Error = answer.Error, Changes = answer.Changes })];
}
