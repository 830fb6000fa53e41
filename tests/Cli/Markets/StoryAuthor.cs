using LazyOC.EndToEnd.Tests;

namespace LazyOC.Cli.Tests.Markets;

/// <summary>The author of the stories' plugin <c>acme.demo</c>, with a home of her own.</summary>
internal sealed class StoryAuthor : IDisposable
{
    public const string Id = "acme.demo";

    public const string Password = "pass-phrase-of-hers";

    /// <summary>Opens her signing key.</summary>
    private const string KeyPassphrase = "LAZYOC_KEY_PASSPHRASE=correct horse";

    public const string ReadsPods = """ "license":"Apache-2.0","description":"Counts pods","permissions":{"kubernetes":[{"apiGroups":[""],"resources":["pods"],"verbs":["list"]}]} """;
    public const string ReadsMore = """ "license":"Apache-2.0","description":"Counts pods","permissions":{"kubernetes":[{"apiGroups":[""],"resources":["pods","configmaps"],"verbs":["list"]}]} """;
    public const string Counts = """lazyoc.on("activate", async () => { await lazyoc.call("kubernetes.list", { resource: "pods" }); });""";
    public const string CountsMore = """lazyoc.on("activate", async () => { await lazyoc.call("kubernetes.list", { resource: "pods" }); await lazyoc.call("kubernetes.list", { resource: "configmaps" }); });""";

    public LazyOc Home { get; } = new();

    /// <summary>Makes her signing key, <c>default</c>.</summary>
    public Task<ProgramRun> NewKeyAsync() => RunAsync(Home, 0, "", "env", KeyPassphrase, LazyOc.Program, "keys", "new", "default");

    /// <summary>Packs and signs a version; the package's path.</summary>
    /// <param name="version">Of the plugin.</param>
    /// <param name="more">More members of the manifest.</param>
    /// <param name="code">What it does.</param>
    public async Task<string> PackAsync(string version, string more, string code)
    {
        var folder = Directory.CreateDirectory(Home.PathOf("source-" + version)).FullName;
        await File.WriteAllTextAsync(Path.Combine(folder, "plugin.json"), $$"""{"manifestVersion":1,"id":"{{Id}}","version":"{{version}}","displayName":"Demo","engines":{"lazyoc":"^1.0"},"main":"main.js","activation":["onStartup"],{{more}}}""");
        await File.WriteAllTextAsync(Path.Combine(folder, "main.js"), code);
        await File.WriteAllTextAsync(Path.Combine(folder, "README.md"), "# Demo\n\nCounts pods.\n");
        var file = Home.PathOf($"demo-{version}.lzp");
        await RunAsync(Home, 0, "", "env", KeyPassphrase, LazyOc.Program, "plugin", "pack", folder, "--sign", "default", "--file", file);
        return file;
    }

    /// <summary>Runs the program in a home, or after <c>env</c> another, and expects how it ends.</summary>
    public static async Task<ProgramRun> RunAsync(LazyOc home, int exitCode, string input, params string[] arguments)
    {
        var run = arguments[0] == "env" ? await home.RunAsync("env", arguments[1..], input) : await home.RunAsync(LazyOc.Program, arguments, input);
        Assert.True(run.ExitCode == exitCode, $"{string.Join(' ', arguments)} ended with {run.ExitCode}\n{run.Error}\n{run.Output}");
        return run;
    }

    public void Dispose() => Home.Dispose();
}
