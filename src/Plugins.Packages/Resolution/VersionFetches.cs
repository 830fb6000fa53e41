using System.Collections.Immutable;
using LazyOC.Plugins.Contracts;

namespace LazyOC.Plugins.Packages.Resolution;

/// <summary>Asks a source for the versions of plugins: once each, some at a time. Disposing ends what is under way.</summary>
internal sealed class VersionFetches(IPackageVersions source, SolverLimits limits, CancellationToken cancellationToken) : IAsyncDisposable
{
    private readonly Dictionary<PluginId, Task<Outcome<ImmutableArray<PackageVersion>>>> _answers = [];
    private readonly SemaphoreSlim _parallel = new(limits.MaxParallel);
    private readonly CancellationTokenSource _ends = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);

    /// <summary>Asks ahead, for a plugin that is likely to be needed.</summary>
    public void Begin(PluginId id)
    {
        if (_answers.Count < limits.MaxPackages) _ = AnswerAsync(id);
    }

    /// <summary>The answer, which is asked for if it was not yet.</summary>
    public Task<Outcome<ImmutableArray<PackageVersion>>> AnswerAsync(PluginId id)
    {
        if (!_answers.TryGetValue(id, out var answer)) _answers.Add(id, answer = AskAsync(id));
        return answer;
    }

    private async Task<Outcome<ImmutableArray<PackageVersion>>> AskAsync(PluginId id)
    {
        await _parallel.WaitAsync(_ends.Token);
        try
        {
            return await source.VersionsOfAsync(id, _ends.Token);
        }
        finally
        {
            _parallel.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _ends.CancelAsync();
        // What was asked ahead and not needed may fail as it likes; but nothing is under way any more.
        await ((Task)Task.WhenAll(_answers.Values)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _ends.Dispose();
        _parallel.Dispose();
    }
}
