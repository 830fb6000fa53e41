using System.Collections.Concurrent;
using LazyOC.Cli.Commands.Bench.Dev;
using LazyOC.Cli.Commands.Bench.Guests;
using LazyOC.Cli.Commands.Plugin.Dev;
using LazyOC.Cli.Control;
using LazyOC.EndToEnd.Tests;
using LazyOC.Plugins.Contracts.Views;
using LazyOC.Plugins.Packages;
using LazyOC.Plugins.Runtime;
using LazyOC.Plugins.Runtime.Extensions;

namespace LazyOC.Cli.Tests.Dev;

/// <summary>What an author saves is shown in the plugin's own page, by the loop of <c>plugin dev</c> and the socket of a LazyOC that is open.</summary>
public sealed class DevLoopTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("lazyoc-dev-");
    private readonly ConcurrentQueue<string> _told = [];

    private string Source => Path.Combine(_folder.FullName, "plugin");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Saved_WithAMistake_IsShownUntilItIsMended_AndWhatThePluginUsesIsRecorded()
    {
        GeneratedSource.Write(Source, 3, Path.Combine(LazyOc.RepositoryRoot, "node_modules"));
        Replace("plugin.json", "\"contributes\"", "\"permissions\":{\"kubernetes\":[{\"apiGroups\":[\"\"],\"resources\":[\"pods\"],\"verbs\":[\"get\",\"list\"]}],\"clipboard\":\"write\"},\"contributes\"");
        Replace("src/plugin.ts", "() => text(", "(_, host) => (use(host), text(");
        Replace("src/plugin.ts", ".join(\" \"))", ".join(\" \")))");
        File.AppendAllText(PathOf("src/plugin.ts"), """

            import type { Host } from "@lazyoc/plugin";
            // What comes of them does not matter: there is no cluster.
            function use(host: Host): void {
              void host.kubernetes.list({ resource: "pods" }).catch(() => undefined);
              void host.kubernetes.get({ resource: "nodes", name: "worker-1" }).catch(() => undefined);
            }
            """);
        var home = Home.Locate(name => name == "LAZYOC_HOME" ? Path.Combine(_folder.FullName, "home") : null, demo: false);
        var sockets = ControlDirectory.Of(home, static _ => null, new ControlLimits());
        await using var bench = await BenchHost.StartAsync([], new RuntimeLimits());
        using var plugins = new RunningPlugins(bench.Host, new PluginStore(home.Plugins), Assert.Fail);
        await using var server = ControlServer.Start(sockets, plugins.HandleAsync, (_, bug) => Assert.Fail(bug.ToString()), new ControlLimits());
        using var ends = new CancellationTokenSource();
        var recording = new Recording(null);
        var developing = DevLoop.RunAsync(Source, sockets, _told.Enqueue, recording, null, ends.Token);

        await UntilAsync(() => bench.Host.Extensions.Contributions.Pages.Length > 0);
        using var page = bench.Host.Extensions.OpenPage(GeneratedSource.Page, 80, 20);
        await UntilAsync(() => Shows(page, GeneratedSource.Word(0, 0)));

        // What is wrong with a type runs, and is told beside it.
        File.AppendAllText(PathOf("src/part0.ts"), "const wrong: string = 1;\n");
        await UntilAsync(() => Fails(page, "src/part0.ts(", "error TS2322"));
        GeneratedSource.Edit(Source, 0, 1);
        await UntilAsync(() => Shows(page, GeneratedSource.Word(0, 1)));

        File.AppendAllText(PathOf("src/part0.ts"), "const = ;\n");
        await UntilAsync(() => Fails(page, "src/part0.ts:", "const = ;"));
        GeneratedSource.Edit(Source, 0, 2);
        await UntilAsync(() => Shows(page, GeneratedSource.Word(0, 2)));

        File.AppendAllText(PathOf("src/part0.ts"), "throw new Error(\"at once\");\n");
        await UntilAsync(() => Fails(page, "at once", "src/part0.ts:"));
        GeneratedSource.Edit(Source, 0, 3);
        await UntilAsync(() => Shows(page, GeneratedSource.Word(0, 3)));

        await ends.CancelAsync();
        await developing;
        Assert.Contains(_told, line => line.StartsWith("acme.bench 1.0.0 is built, in ", StringComparison.Ordinal));
        Assert.Contains("the types are right again", _told);
        var (declared, recorded) = recording.Taken!.Value;
        Assert.Equal(
            [
                "plugin.json with no more permissions than have been used:",
                """  - kubernetes: {"apiGroups":[""],"resources":["pods"],"verbs":["get","list"]}""",
                """  - clipboard: "write" """.TrimEnd(),
                """  + kubernetes: {"apiGroups":[""],"resources":["pods"],"verbs":["list"]}""",
                "refused, for want of a permission; add it only if the plugin is to have it:",
                """  ? kubernetes: {"apiGroups":[""],"resources":["nodes"],"verbs":["get"]}""",
            ],
            PermissionProposal.Lines(declared.Permissions, recorded));
        Assert.DoesNotContain("clipboard", PermissionProposal.Manifest(File.ReadAllText(PathOf("plugin.json")), recorded), StringComparison.Ordinal);
    }

    private string PathOf(string file) => Path.Combine(Source, file);

    private void Replace(string file, string from, string to)
    {
        var text = File.ReadAllText(PathOf(file));
        Assert.Contains(from, text, StringComparison.Ordinal);
        File.WriteAllText(PathOf(file), text.Replace(from, to, StringComparison.Ordinal));
    }

    private static bool Shows(ViewSession page, string word) => page.State is ViewState.Ready { Content: ViewNode.Text text } && text.Spans.Any(span => span.Text.Contains(word, StringComparison.Ordinal));

    private static bool Fails(ViewSession page, params string[] words) =>
        page.State is ViewState.Faulted { Failure: var failure } && words.All(word => $"{failure.Message}\n{failure.Stack}".Contains(word, StringComparison.Ordinal));

    private async Task UntilAsync(Func<bool> holds, [System.Runtime.CompilerServices.CallerArgumentExpression(nameof(holds))] string what = "")
    {
        var until = DateTime.UtcNow + Patience;
        while (!holds())
        {
            Assert.False(DateTime.UtcNow > until, $"{what} did not come to be:\n{string.Join('\n', _told)}");
            await Task.Delay(20);
        }
    }
}
