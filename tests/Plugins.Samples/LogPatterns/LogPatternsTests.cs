using System.Collections.Immutable;
using System.Diagnostics;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using LazyOC.Cli.Tests.Plugin.Authoring;
using LazyOC.Plugins.Contracts.Manifest;
using LazyOC.Plugins.Contracts.Messages;
using LazyOC.Plugins.Contracts.Views;
using LazyOC.Plugins.Runtime.Extensions;

namespace LazyOC.Plugins.Samples.Tests.LogPatterns;

/// <summary>The log miner on logs that go on, on more lines than it remembers, and its module beside its source.</summary>
public sealed partial class LogPatternsTests
{
    private const string Id = "lazyoc.log-patterns";

    [Fact]
    public async Task Tab_WhileAPodWritesOn_CountsItsLinesAndMarksNewPatterns()
    {
        await using var sample = await Sample.StartAsync("log-patterns");
        var pod = sample.PodOf("cart");
        Writes(sample, pod, "GET /books/{n} took {ms} ms");
        using var tab = sample.Extensions.OpenTab($"{Id}.pod", Sample.Reference("Pod", pod), 100, 30);
        Assert.Equal(["GET /books/<*> took <*> ms"], Rows(await sample.DrawnAsync(tab)).Select(row => row.Cells[4].Text));

        Writes(sample, pod, "ERROR out of paper");
        await sample.Fixture.UntilAsync(() => tab.State is ViewState.Ready ready && Rows(ready.Content).Length == 2);

        var added = Rows(((ViewState.Ready)tab.State).Content)[1];
        Assert.Equal("ERROR out of paper", added.Cells[4].Text);
        Assert.EndsWith(" new", added.Cells[2].Text, StringComparison.Ordinal);
        Assert.Equal(TextStyle.Error, added.Cells[4].Style);
    }

    [Fact]
    public async Task Tab_OfAWorkload_ReadsAllItsPods()
    {
        await using var sample = await Sample.StartAsync("log-patterns");
        var pods = sample.Fixture.Cluster.Store.List("v1", "Pod", "bookstore").Count(pod => (string?)pod["metadata"]!["labels"]?["app"] == "storefront");

        var drawn = await sample.LookAsync(sample.Extensions.OpenTab($"{Id}.deployment", Sample.Reference("Deployment", "storefront", "apps"), 100, 30));

        Assert.True(pods > 1);
        Assert.Contains($"of {pods} containers", string.Concat(drawn.Of<ViewNode.Text>().First().Spans.Select(span => span.Text)), StringComparison.Ordinal);
        Assert.NotEmpty(Rows(drawn));
    }

    /// <summary>Each line is another pattern: the oldest make room, nothing grows, and the next line is answered like the first.</summary>
    [Fact]
    public async Task Lines_OfTwentyThousandPatterns_AreAnswered()
    {
        await using var sample = await Sample.StartAsync("log-patterns");
        var lines = Enumerable.Range(0, 20_000).Select(i => $"{Word(i)} {Word(i / 3 + 7)} {Word(i * 3)}").ToImmutableArray();

        var shown = await sample.Extensions.TransformLogAsync(
            new GroupKind("", "Pod"), new WhenContext(), new LogLinesPayload { Transform = "", Object = Sample.Reference("Pod", "any"), Pod = "any", Container = "main", Lines = lines });

        Assert.Empty(shown.Failures);
        Assert.Equal(lines.Length, shown.Lines.Length);
        Assert.DoesNotContain(shown.Lines, line => line.IsHidden || !line.Spans.IsDefault);
    }

    /// <summary>The module that the build packs is the source's. Another clang writes other code: then what it imports and exports is compared.</summary>
    [ClangFact]
    public async Task Module_Committed_IsWhatItsSourceCompilesTo()
    {
        var folder = Path.Combine(Sample.Repository, "plugins", "log-patterns");
        var fresh = Path.GetTempFileName();
        try
        {
            var start = new ProcessStartInfo("npm", ["run", "--silent", "compile", "--", "-o", fresh]) { RedirectStandardError = true, UseShellExecute = false, WorkingDirectory = folder };
            using var process = Process.Start(start)!;
            var problems = await process.StandardError.ReadToEndAsync();
            await process.WaitForExitAsync();
            Assert.True(process.ExitCode == 0, problems);

            var (made, kept) = (await File.ReadAllBytesAsync(fresh), await File.ReadAllBytesAsync(Path.Combine(folder, "module", "plugin.wasm")));
            if (Clang(made) == Clang(kept)) Assert.True(made.AsSpan().SequenceEqual(kept), "module/plugin.wasm is older than src/: run `npm run compile` in plugins/log-patterns");
            else Assert.Equal(Names(kept), Names(made));
        }
        finally
        {
            File.Delete(fresh);
        }
    }

    private static ImmutableArray<TableRow> Rows(ViewNode view) => view.Of<ViewNode.Table>().SingleOrDefault()?.Rows ?? [];

    /// <summary>Makes the containers of a pod write lines of this form from now on.</summary>
    private static void Writes(Sample sample, string pod, string line)
    {
        var store = sample.Fixture.Cluster.Store;
        var changed = store.List("v1", "Pod", "bookstore").Single(one => (string?)one["metadata"]!["name"] == pod).DeepClone();
        if (changed["metadata"]!["annotations"] is null) changed["metadata"]!["annotations"] = new JsonObject();
        changed["metadata"]!["annotations"]!["simulator.lazyoc.dev/log"] = line;
        store.Apply(changed.ToJsonString());
    }

    /// <summary>A word without digits, another one for each number.</summary>
    private static string Word(int number) => string.Concat(number.ToString("D5", null).Select(digit => (char)(digit - '0' + 'a')));

    private static string Clang(byte[] module) => Compiler().Match(Encoding.Latin1.GetString(module)).Value;

    private static string[] Names(byte[] module)
    {
        var loaded = Wasm.WasmModule.Load(module);
        return [.. loaded.Imports.Select(import => $"{import.Module} {import.Name}").Order(StringComparer.Ordinal), .. loaded.Exports.Select(export => export.Name).Order(StringComparer.Ordinal)];
    }

    [GeneratedRegex("clang version [ -~]*", RegexOptions.NonBacktracking)]
    private static partial Regex Compiler();
}
