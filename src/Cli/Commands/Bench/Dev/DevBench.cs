using System.Collections.Immutable;
using System.Diagnostics;
using System.Text.Json.Nodes;
using LazyOC.Cli.Commands.Bench.Guests;
using LazyOC.Cli.Commands.Bench.Wasm;
using LazyOC.Cli.Commands.Plugin;
using LazyOC.Cli.Commands.Plugin.Dev;
using LazyOC.Cli.Control;
using LazyOC.Plugins.Contracts.Views;
using LazyOC.Plugins.Packages;
using LazyOC.Plugins.Runtime;
using LazyOC.Plugins.Runtime.Extensions;

namespace LazyOC.Cli.Commands.Bench.Dev;

/// <summary>
/// What an author waits for: from the moment at which a file of a plugin is saved until its page shows what was changed, by the loop of
/// <c>plugin dev</c> and over the control socket, with types checked beside it; and from <c>plugin new</c> to the first frame with the
/// plugin. The peer of the first is esbuild alone, bundling the same files again after the same change.
/// </summary>
internal static class DevBench
{
    private const int Files = 50;
    private const string Peer = "esbuild rebuild";

    /// <summary>Saves a run: one alone says little.</summary>
    private const int SavesPerRun = 3;

    /// <summary>Runs of what takes seconds.</summary>
    private const int MaxFirstFrames = 3;

    /// <summary>Between two saves, as between an author's: tsc has ended by then.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public static async Task<BenchReport> RunAsync(int runs, CancellationToken cancellationToken)
    {
        if (NodeTool.Find(AppContext.BaseDirectory, "esbuild") is not { } esbuild)
            throw new UserError(ExitCode.Failed, "esbuild is not above the program", "run it in a checkout, as ./lazyoc");
        var modules = Path.GetDirectoryName(Path.GetDirectoryName(esbuild)!)!;
        var folder = Directory.CreateTempSubdirectory("lazyoc-bench-");
        try
        {
            var (saves, peer) = await SaveAsync(runs * SavesPerRun, folder.FullName, modules, cancellationToken);
            var (frames, missing) = await FirstFramesAsync(Math.Min(runs, MaxFirstFrames), folder.FullName, cancellationToken);
            return new BenchReport
            {
                Subject = "dev",
                Peers = ImmutableSortedDictionary<string, string>.Empty.Add(Peer, VersionOf(modules)),
                Rows =
                [
                    new BenchRow { Name = $"{Files} files: saved to shown", Unit = "ms", Ours = Median.Of(saves), Peers = ImmutableSortedDictionary<string, double>.Empty.Add(Peer, Median.Of(peer)) },
                    new BenchRow { Name = "the same, slowest save", Unit = "ms", Ours = saves.Max() },
                    .. frames.Count > 0 ? [new BenchRow { Name = "`plugin new` to the first frame, npm included", Unit = "ms", Ours = Median.Of(frames) }] : Array.Empty<BenchRow>(),
                ],
                Missing = missing is null ? [] : [missing],
            };
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task<(List<double> Ours, List<double> Peer)> SaveAsync(int saves, string folder, string modules, CancellationToken cancellationToken)
    {
        var source = Path.Combine(folder, "plugin");
        GeneratedSource.Write(source, Files, modules);
        var home = Home.Locate(name => name == "LAZYOC_HOME" ? Path.Combine(folder, "home") : null, demo: false);
        var sockets = ControlDirectory.Of(home, static _ => null, new ControlLimits());
        var (ours, theirs) = (new List<double>(), new List<double>());

        await using var bench = await BenchHost.StartAsync([], new RuntimeLimits(), cancellationToken: cancellationToken);
        using var plugins = new RunningPlugins(bench.Host, new PluginStore(home.Plugins), static warning => throw new InvalidOperationException(warning));
        await using var server = ControlServer.Start(sockets, plugins.HandleAsync, static (what, bug) => throw new InvalidOperationException(what, bug), new ControlLimits());
        await using var peer = Bundler.Start(source, [.. BuildScript.Parse(GeneratedSource.Build)!.Bundle.Select(flag => flag.Replace("=dist/", $"={folder}/peer/", StringComparison.Ordinal))]);
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var developing = Task.Run(() => DevLoop.RunAsync(source, sockets, static _ => { }, null, null, ends.Token), CancellationToken.None);
        try
        {
            await UntilAsync(() => bench.Host.Extensions.Contributions.Pages.Length > 0, developing, cancellationToken);
            using var page = bench.Host.Extensions.OpenPage(GeneratedSource.Page, 80, 20);
            await UntilAsync(() => Shows(page, GeneratedSource.Word(0, 0)), developing, cancellationToken);
            await RebuildAsync(peer, cancellationToken);
            // One more: the first finds everything cold.
            for (var save = 0; save <= saves; save++)
            {
                await Task.Delay(Pause, cancellationToken);
                var (part, edit) = (save % (Files - 1), save + 1);
                var began = Stopwatch.GetTimestamp();
                GeneratedSource.Edit(source, part, edit);
                await UntilAsync(() => Shows(page, GeneratedSource.Word(part, edit)), developing, cancellationToken);
                var (shown, rebuilt) = (Stopwatch.GetElapsedTime(began).TotalMilliseconds, await RebuildAsync(peer, cancellationToken));
                if (save == 0) continue;
                ours.Add(shown);
                theirs.Add(rebuilt);
            }
        }
        finally
        {
            await ends.CancelAsync();
            await developing;
        }
        return (ours, theirs);
    }

    private static async Task<double> RebuildAsync(Bundler peer, CancellationToken cancellationToken)
    {
        var began = Stopwatch.GetTimestamp();
        return await peer.BundleAsync(cancellationToken) is ({ Errors: null }, _) ? Stopwatch.GetElapsedTime(began).TotalMilliseconds : throw new InvalidOperationException("esbuild failed");
    }

    /// <summary>From nothing to a frame with the tab of a plugin just made, by the commands that an author types.</summary>
    private static async Task<(List<double> Frames, string? Missing)> FirstFramesAsync(int runs, string folder, CancellationToken cancellationToken)
    {
        var frames = new List<double>();
        for (var run = 0; run < runs; run++)
        {
            var home = Path.Combine(folder, $"first-{run}");
            var environment = new Dictionary<string, string> { ["LAZYOC_HOME"] = home };
            var (plugin, package) = (Path.Combine(home, "first"), Path.Combine(home, "first.lzp"));
            var began = Stopwatch.GetTimestamp();
            string[][] commands =
            [
                ["plugin", "new", plugin, "--template", "tab", "--yes"],
                ["plugin", "pack", plugin, "--file", package],
                ["plugin", "install", package, "--yes", "--allow-unsigned", "--demo"],
                ["--demo", "--size", "120x40", "--view", "pods", "--tab", "Images"],
            ];
            foreach (var command in commands)
            {
                var child = await ChildProcess.RunAsync(OwnProgram.Path, command, environment, cancellationToken: cancellationToken);
                if (child.ExitCode != 0) return (frames, $"`lazyoc {string.Join(' ', command.Take(2))}`: {child.Error.Trim().Split('\n')[0]}");
            }
            frames.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
        }
        return (frames, null);
    }

    private static bool Shows(ViewSession page, string word) => page.State is ViewState.Ready { Content: ViewNode.Text text } && text.Spans.Any(span => span.Text.Contains(word, StringComparison.Ordinal));

    private static async Task UntilAsync(Func<bool> condition, Task developing, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        while (!condition())
        {
            // What it failed with is what there is to tell.
            if (developing.IsCompleted) await developing;
            await Task.Delay(1, patience.Token);
        }
    }

    private static string VersionOf(string modules) => (string)JsonNode.Parse(File.ReadAllText(Path.Combine(modules, "esbuild", "package.json")))!["version"]!;
}
