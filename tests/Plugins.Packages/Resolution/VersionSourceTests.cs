using System.Collections.Immutable;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Packages.Resolution;
using static LazyOC.Plugins.Packages.Resolution.Resolution;

namespace LazyOC.Plugins.Packages.Tests;

/// <summary>What a source is asked for, and what comes of its failures and of limits.</summary>
public sealed class VersionSourceTests
{
    private static readonly Problem Down = new("https://registry.acme.example", "does not answer", "try again later");

    [Fact]
    public async Task SolveAsync_ManyPlugins_AsksOnlyForThoseThatAreNeeded()
    {
        var versions = Universe.Of(
            """
            aa 1.0.0: old ^1
            aa 2.0.0: bb ^1, ?theme ^1
            aa 3.0.0: host ^2, next ^1
            bb 1.0.0: cc *
            cc 1.0.0
            dd 1.0.0: old *
            """);

        Assert.Equal("aa 2.0.0, bb 1.0.0, cc 1.0.0", await versions.SolveAsync(Request.Of("aa")));
        Assert.Equal(["aa", "bb", "cc"], versions.Asked);
    }

    /// <summary>The source answers nothing until everything is asked for that can be known to be needed.</summary>
    [Fact]
    public async Task SolveAsync_SlowSource_IsAskedAllAtOnce()
    {
        var source = new GatedVersions(Universe.Of(
            """
            aa 1.0.0: cc *, dd *
            bb 1.0.0: ee *
            cc 1.0.0: ff *
            dd 1.0.0
            ee 1.0.0: ff *
            ff 1.0.0
            """), ["aa bb", "cc dd ee", "ff"]);

        Assert.Equal("aa 1.0.0, bb 1.0.0, cc 1.0.0, dd 1.0.0, ee 1.0.0, ff 1.0.0", await source.SolveAsync(Request.Of("aa, bb")));
    }

    [Theory]
    [InlineData(3)]
    [InlineData(12)]
    public async Task SolveAsync_MaxParallel_BoundsWhatIsUnderWay(int limit)
    {
        string[] names = [.. Enumerable.Range(10, 40).Select(i => $"p{i}")];
        var source = new CountingVersions(Universe.Of(string.Join('\n', names.Select(name => $"{name} 1.0.0"))));

        // All of them are asked for before it waits for the first.
        var solving = VersionSolver.SolveAsync(Request.Of(string.Join(", ", names)), source, new SolverLimits(MaxParallel: limit));
        Assert.Equal(limit, source.UnderWay);
        source.Gate.SetResult();

        Assert.IsType<Solved>(await solving);
        Assert.Equal(limit, source.Most);
    }

    [Fact]
    public async Task SolveAsync_SourceRefuses_EndsWithItsProblems()
    {
        var source = new FailingVersions(Universe.Of("aa 1.0.0: bb *\nbb 1.0.0: cc *\naa 1.1.0: gone *\naa 1.2.0: host ^2, cc *"), Universe.Id("cc"));

        var refused = Assert.IsType<Refused>(await VersionSolver.SolveAsync(Request.Of("aa"), source));

        Assert.Equal(Down, Assert.Single(refused.Problems));
        // Only when it matters: what it refuses here is never asked for.
        Assert.IsType<Solved>(await VersionSolver.SolveAsync(Request.Of("aa, bb 2.0.0 || 1.0.0"), new FailingVersions(Universe.Of("aa 1.0.0\naa 1.2.0: host ^2, cc *\nbb 1.0.0"), Universe.Id("cc"))));
    }

    [Fact]
    public async Task SolveAsync_SourceThrows_Throws()
    {
        await Assert.ThrowsAsync<IOException>(async () => await VersionSolver.SolveAsync(Request.Of("aa"), new ThrowingVersions()));
    }

    [Fact]
    public async Task SolveAsync_CancelledWhileItAsks_EndsAndEndsAsking()
    {
        using var cancellation = new CancellationTokenSource();
        var source = new EndlessVersions();

        var solving = VersionSolver.SolveAsync(Request.Of("aa, bb"), source, cancellationToken: cancellation.Token);
        await source.Asked.Task;
        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => solving);
        Assert.Equal(0, source.UnderWay);
    }

    /// <summary>The source never waits and never looks at the token: the solver does.</summary>
    [Fact]
    public async Task SolveAsync_CancelledWhileItThinks_Ends()
    {
        using var cancellation = new CancellationTokenSource();
        var source = new CancellingVersions(Universe.Of("aa 1.0.0: bb *\nbb 1.0.0"), Universe.Id("bb"), cancellation);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => VersionSolver.SolveAsync(Request.Of("aa"), source, cancellationToken: cancellation.Token));
    }

    [Theory]
    [InlineData(3, "aa 1.0.0, bb 1.0.0, cc 1.0.0")]
    [InlineData(2, "the plugins need more than 2 others\nhint: install fewer at a time")]
    public async Task SolveAsync_MaxPackages_IsALimit(int limit, string expected)
    {
        Assert.Equal(expected, await Universe.Of("aa 1.0.0: bb *\nbb 1.0.0: cc *\ncc 1.0.0").SolveAsync(Request.Of("aa"), new SolverLimits(MaxPackages: limit)));
    }

    [Theory]
    [InlineData(3, "aa 3.0.0")]
    [InlineData(2, "`acme.aa` has 3 versions; at most 2 are looked at")]
    public async Task SolveAsync_MaxVersions_IsALimit(int limit, string expected)
    {
        Assert.Equal(expected, await Universe.Of("aa 1.0.0\naa 2.0.0\naa 3.0.0").SolveAsync(Request.Of("aa"), new SolverLimits(MaxVersions: limit)));
    }

    [Theory]
    [InlineData(1_000, "aa 1.0.0, bb 1.0.0, cc 1.0.0")]
    [InlineData(3, "no versions that fit together were found in 3 rounds\nhint: narrow the ranges you ask for, or ask for fewer plugins at a time")]
    public async Task SolveAsync_MaxRounds_IsALimit(int limit, string expected)
    {
        Assert.Equal(expected, await Universe.Of("aa 1.0.0: bb *\nbb 1.0.0: cc *\ncc 1.0.0").SolveAsync(Request.Of("aa"), new SolverLimits(MaxRounds: limit)));
    }

    [Fact]
    public async Task SolveAsync_VersionTwice_IsRefused()
    {
        Assert.Equal(
            "`acme.aa` has version `1.0.0+two` twice\nhint: the registry's index is damaged: tell its operator",
            await Universe.Of("aa 1.0.0+one\naa 1.1.0\naa 1.0.0+two").SolveAsync(Request.Of("aa")));
    }

    /// <summary>A chain of conflicts as deep as limits allow is solved and explained without a deep stack.</summary>
    [Fact]
    public async Task SolveAsync_DeepChain_EndsAndIsShortened()
    {
        const int Depth = 4_000;
        var lines = Enumerable.Range(0, Depth).Select(i => $"p{i:D4} 1.0.0: p{i + 1:D4} ^1\np{i:D4} 1.1.0: p{i + 1:D4} ^1.0.0").Append($"p{Depth:D4} 2.0.0");

        var end = await VersionSolver.SolveAsync(Request.Of("p0000"), Universe.Of(string.Join('\n', lines)), new SolverLimits(MaxLines: 10));

        var explanation = Assert.IsType<Unsolvable>(end).Explanation;
        Assert.Equal(11, explanation.Lines.Length);
        Assert.EndsWith("steps before these are left out)", explanation.Lines[0].Text, StringComparison.Ordinal);
        Assert.EndsWith(", no versions fit together", explanation.Lines[^1].Text, StringComparison.Ordinal);
    }

    /// <summary>Answers a wave when all of it was asked for, and nothing else was.</summary>
    private sealed class GatedVersions(Universe universe, string[] waves) : IPackageVersions
    {
        private readonly List<(string Name, TaskCompletionSource Gate)> _waiting = [];
        private int _wave;

        public async ValueTask<Outcome<ImmutableArray<PackageVersion>>> VersionsOfAsync(PluginId id, CancellationToken cancellationToken)
        {
            var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            lock (_waiting)
            {
                _waiting.Add((id.ToString()["acme.".Length..], gate));
                if (string.Join(' ', _waiting.Select(entry => entry.Name).Order(StringComparer.Ordinal)) == waves[_wave])
                {
                    foreach (var (_, open) in _waiting) open.SetResult();
                    _waiting.Clear();
                    _wave++;
                }
            }
            await gate.Task.WaitAsync(TimeSpan.FromSeconds(30), cancellationToken);
            return await universe.VersionsOfAsync(id, cancellationToken);
        }
    }

    /// <summary>Counts what is under way, and answers nothing before the gate is open.</summary>
    private sealed class CountingVersions(Universe universe) : IPackageVersions
    {
        private int _underWay;
        private int _most;

        public TaskCompletionSource Gate { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public int UnderWay => _underWay;

        public int Most => _most;

        public async ValueTask<Outcome<ImmutableArray<PackageVersion>>> VersionsOfAsync(PluginId id, CancellationToken cancellationToken)
        {
            var now = Interlocked.Increment(ref _underWay);
            for (var most = _most; now > most; most = _most) Interlocked.CompareExchange(ref _most, now, most);
            await Gate.Task.WaitAsync(cancellationToken);
            Interlocked.Decrement(ref _underWay);
            return await universe.VersionsOfAsync(id, cancellationToken);
        }
    }

    private sealed class FailingVersions(Universe universe, PluginId failing) : IPackageVersions
    {
        public ValueTask<Outcome<ImmutableArray<PackageVersion>>> VersionsOfAsync(PluginId id, CancellationToken cancellationToken) =>
            id == failing ? ValueTask.FromResult<Outcome<ImmutableArray<PackageVersion>>>(Down) : universe.VersionsOfAsync(id, cancellationToken);
    }

    private sealed class ThrowingVersions : IPackageVersions
    {
        public ValueTask<Outcome<ImmutableArray<PackageVersion>>> VersionsOfAsync(PluginId id, CancellationToken cancellationToken) => throw new IOException("The disk is gone.");
    }

    private sealed class EndlessVersions : IPackageVersions
    {
        private int _underWay;

        public TaskCompletionSource Asked { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public int UnderWay => _underWay;

        public async ValueTask<Outcome<ImmutableArray<PackageVersion>>> VersionsOfAsync(PluginId id, CancellationToken cancellationToken)
        {
            if (Interlocked.Increment(ref _underWay) == 2) Asked.SetResult();
            try
            {
                await Task.Delay(Timeout.Infinite, cancellationToken);
                return ImmutableArray<PackageVersion>.Empty;
            }
            finally
            {
                Interlocked.Decrement(ref _underWay);
            }
        }
    }

    private sealed class CancellingVersions(Universe universe, PluginId at, CancellationTokenSource cancellation) : IPackageVersions
    {
        public ValueTask<Outcome<ImmutableArray<PackageVersion>>> VersionsOfAsync(PluginId id, CancellationToken cancellationToken)
        {
            if (id == at) cancellation.Cancel();
            return universe.VersionsOfAsync(id, CancellationToken.None);
        }
    }
}
