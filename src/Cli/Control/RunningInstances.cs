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
    public static async Task<ImmutableArray<ControlAnswer>> AskAsync(Home home, ControlRequest request, CancellationToken cancellationToken)
    {
        var directory = ControlDirectory.Of(home, Environment.GetEnvironmentVariable, Limits);
        var answers = ImmutableArray.CreateBuilder<ControlAnswer>();
        foreach (var client in await ControlClient.ConnectAllAsync(directory, Limits, cancellationToken))
        {
            await using var connected = client;
            if (await client.AskAsync(request, cancellationToken) is { } answer) answers.Add(answer);
        }
        return answers.DrainToImmutable();
    }

    /// <summary>Lets all of them run what is installed now.</summary>
    /// <param name="home">Whose.</param>
    /// <param name="lift">The plugin whose quarantine the user has lifted.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public static async Task<ImmutableArray<RunningRow>> ReloadAsync(Home home, PluginId? lift, CancellationToken cancellationToken) =>
        [.. (await AskAsync(home, new ControlRequest { Verb = ControlVerb.Reload, Plugin = lift }, cancellationToken))
            .Select(answer => new RunningRow { Pid = answer.Pid, Error = answer.Error, Changes = answer.Changes })];
}
