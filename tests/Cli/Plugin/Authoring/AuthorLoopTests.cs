using System.Text;
using System.Threading.Channels;
using LazyOC.EndToEnd.Tests;

namespace LazyOC.Cli.Tests.Plugin.Authoring;

/// <summary>What an author does at a terminal: answers questions, and saves while the tests run again.</summary>
public sealed class AuthorLoopTests : IDisposable
{
    private readonly AuthorFolder _author = new();

    public void Dispose() => _author.Dispose();

    [TmuxFact]
    public async Task New_AtATerminal_AsksForWhatIsNotGiven_AndAgainForWhatIsWrong()
    {
        await using var terminal = await Tmux.StartAsync(_author.LazyOC);
        await terminal.CommandAsync($"{LazyOc.Program} plugin new {_author.LazyOC.PathOf("asked")} --no-install");
        await SeeAsync(terminal, "Template [tab]:");
        await terminal.CommandAsync("colum");
        await SeeAsync(terminal, "hint: did you mean `column`?");
        await terminal.CommandAsync("column");
        await SeeAsync(terminal, "Id, PUBLISHER.NAME [example.asked]:");
        await terminal.CommandAsync("acme.asked");
        await SeeAsync(terminal, "Display name [Asked]:");
        await terminal.CommandAsync("");
        await SeeAsync(terminal, "lazyoc plugin test");

        Assert.Contains("\"id\": \"acme.asked\"", await File.ReadAllTextAsync(Path.Combine(_author.LazyOC.PathOf("asked"), "plugin.json")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Watch_RunsTheTestsAgain_WhenAFileIsSaved()
    {
        var directory = _author.LazyOC.PathOf("watched");
        var plugin = PluginDirectory.JavaScript(directory, "acme.watched", "lazyoc.on('activate', () => ({}));");
        await plugin.PackAsync(_author.LazyOC);
        var test = Path.Combine(Directory.CreateDirectory(Path.Combine(directory, "tests")).FullName, "one.test.ts");
        File.WriteAllText(test, Test("1"));
        using var watch = _author.LazyOC.Start("plugin", "test", directory, "--watch");
        try
        {
            // Two streams: what is told on one may come before what was told earlier on the other.
            var output = Channel.CreateUnbounded<string>();
            var errors = Channel.CreateUnbounded<string>();
            watch.OutputDataReceived += (_, line) => output.Writer.TryWrite(line.Data ?? "ended");
            watch.ErrorDataReceived += (_, line) => errors.Writer.TryWrite(line.Data ?? "ended");
            watch.BeginOutputReadLine();
            watch.BeginErrorReadLine();

            await ReadUntilAsync(output.Reader, "1 passed, 0 failed; 0 of 0 contributions used");
            await ReadUntilAsync(errors.Reader, "waiting for a change");
            File.WriteAllText(test, Test("2"));
            await ReadUntilAsync(output.Reader, "0 passed, 1 failed");
            await ReadUntilAsync(errors.Reader, "waiting for a change");
            // What keeps them from running does not end it.
            File.WriteAllText(test, "const = ;");
            await ReadUntilAsync(errors.Reader, "the tests cannot be bundled");
            await ReadUntilAsync(errors.Reader, "waiting for a change");
            File.WriteAllText(test, Test("1 /* again */"));
            await ReadUntilAsync(output.Reader, "1 passed, 0 failed");
        }
        finally
        {
            watch.Kill(entireProcessTree: true);
            await watch.WaitForExitAsync();
        }
    }

    private static string Test(string expected) => $$"""
        import { expect, test } from "@lazyoc/plugin/testing";
        test("one is one", () => expect<number>(1).toBe({{expected}}));
        """;

    private static Task SeeAsync(Tmux terminal, string text) => terminal.WaitForAsync(screen => screen.Contains(text, StringComparison.Ordinal), $"`{text}`");

    private static async Task ReadUntilAsync(ChannelReader<string> lines, string text)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        var seen = new StringBuilder();
        try
        {
            while (true)
            {
                var line = await lines.ReadAsync(patience.Token);
                seen.AppendLine(line);
                if (line.Contains(text, StringComparison.Ordinal)) return;
            }
        }
        catch (OperationCanceledException)
        {
            Assert.Fail($"`{text}` did not come after\n{seen}");
        }
    }
}
