using System.Diagnostics;

namespace LazyOC.EndToEnd.Tests;

/// <summary><c>plugin dev</c> on TypeScript with a build of its own, in a screen that somebody looks at.</summary>
[Collection(TerminalCollection.Plugins)]
public sealed class PluginDevTests : IAsyncLifetime
{
    private ClusterFixture _cluster = null!;

    private string Folder => _cluster.LazyOc.PathOf("everything");

    private string View => Path.Combine(Folder, "src", "everything.ts");

    public async Task InitializeAsync()
    {
        _cluster = await ClusterFixture.StartAsync();
        var everything = await PluginDirectory.TypeScriptAsync(Folder, "everything");
        await _cluster.LazyOc.OkAsync("plugin", "install", await everything.PackAsync(_cluster.LazyOc), "--yes", "--allow-unsigned");
        // As an author has it: sources, and a build script that bundles them.
        Directory.CreateDirectory(Path.GetDirectoryName(View)!);
        foreach (var source in Directory.EnumerateFiles(Path.Combine(LazyOc.RepositoryRoot, "tests", "EndToEnd", "Fixtures", "everything", "src")))
            File.Copy(source, Path.Combine(Folder, "src", Path.GetFileName(source)));
        Directory.CreateSymbolicLink(Path.Combine(Folder, "node_modules"), Path.Combine(LazyOc.RepositoryRoot, "node_modules"));
        await File.WriteAllTextAsync(
            Path.Combine(Folder, "package.json"),
            """{"private":true,"type":"module","scripts":{"build":"esbuild src/plugin.ts --bundle --format=esm --target=es2023 --sourcemap --outfile=dist/plugin.js --log-level=warning"}}""");
    }

    public async Task DisposeAsync() => await _cluster.DisposeAsync();

    [TmuxFact]
    public async Task SourceSaved_IsShownWithItsStateOrItsError_UntilDevelopmentEnds()
    {
        await using var screen = await _cluster.OpenAsync("--view pods", width: 160, height: 48);
        await screen.FilterAsync("recommendations");
        await screen.SeeInAsync("Resources", "Fixtures");
        await screen.ClickAsync("Resources", "  Everything");
        await screen.SeeInAsync("Everything · Everything", "about a page", "ticks 0");
        await screen.PressAsync("C-t");
        await screen.SeeInAsync("Everything · Everything", "ticks 1");

        using var dev = _cluster.LazyOc.Start("plugin", "dev", Folder);
        try
        {
            _ = dev.StandardOutput.ReadToEndAsync();
            Edit(View, "\"Everything \", \"strong\"", "\"Anything \", \"strong\"");
            await screen.SeeInAsync("Everything · Everything", "Anything about a page", "ticks 1");
            await screen.PressAsync("C-t");
            await screen.SeeInAsync("Everything · Everything", "ticks 2");

            // What does not compile is told in the plugin's own place, with file and line.
            Edit(View, "export function everything(", "export function everything((");
            await screen.SeeInAsync("Everything · Everything", "src/everything.ts:");
            Edit(View, "export function everything((", "export function everything(");
            await screen.SeeInAsync("Everything · Everything", "Anything about a page", "ticks 2");

            // What fails when it runs, too.
            Edit(View, "  return stack(\n    [\n      { type: \"columns\", children: [text(span(\"Anything", "  if (state.ticks > 1) throw new Error(\"too many\");\n  return stack(\n    [\n      { type: \"columns\", children: [text(span(\"Anything");
            await screen.SeeInAsync("Everything · Everything", "too many", "src/everything.ts:");
            Edit(View, "  if (state.ticks > 1) throw new Error(\"too many\");\n", "");
            await screen.SeeInAsync("Everything · Everything", "Anything about a page", "ticks 2");

            using var interrupt = Process.Start("kill", ["-INT", dev.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
            await dev.WaitForExitAsync(new CancellationTokenSource(TimeSpan.FromSeconds(30)).Token);
            Assert.Equal(0, dev.ExitCode);
        }
        finally
        {
            if (!dev.HasExited)
                dev.Kill(entireProcessTree: true);
        }
        await screen.SeeInAsync("Everything · Everything", "Everything about a page", "ticks 2");
    }

    [TmuxFact]
    public async Task Dev_WithNoScreenOpen_OpensADemoOfItsOwn()
    {
        await using var screen = await Screen.OpenWithoutListAsync(_cluster.LazyOc, $"plugin dev {Folder}");
        await screen.SeeAsync("context demo", "ticks 0");
        await screen.SeeInAsync("Pod ·", " Everything ", " Faulty ");
        await screen.QuitAsync();
        Assert.True(await screen.Terminal.IsPlainAsync());
    }

    private static void Edit(string file, string from, string to)
    {
        var source = File.ReadAllText(file);
        Assert.Contains(from, source, StringComparison.Ordinal);
        File.WriteAllText(file, source.Replace(from, to, StringComparison.Ordinal));
    }
}
