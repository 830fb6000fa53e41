using LazyOC.EndToEnd.Tests;

namespace LazyOC.Cli.Tests.Markets;

/// <summary>Somebody who publishes, with a home and a key of his own.</summary>
internal sealed class Author : IDisposable
{
    public const string Password = "pass-phrase-of-hers";

    /// <summary>What a plugin has in its manifest that lists pods, and the code that does.</summary>
    public const string ReadsPods = """ "license":"Apache-2.0","description":"Counts pods","permissions":{"kubernetes":[{"apiGroups":[""],"resources":["pods"],"verbs":["list"]}]} """;

    private const string Counts = """lazyoc.on("activate", async () => { await lazyoc.call("kubernetes.list", { resource: "pods" }); });""";

    public LazyOc Home { get; } = new();

    public void Dispose() => Home.Dispose();

    /// <summary>Signs in to a marketplace, where the account may have to be made first, and takes a publisher's name.</summary>
    public async Task JoinAsync(MarketServerProcess market, string account, string publisher, bool isNew = true)
    {
        await Home.OkAsync("registry", "add", market.Address, "--fingerprint", market.Fingerprint, "--name", "market");
        await RunAsync(Home, 0, Password, "market", isNew ? "register" : "login", account);
        await Home.OkAsync("market", "publisher", "new", publisher);
        await RunAsync(Home, 0, "", "env", "LAZYOC_KEY_PASSPHRASE=correct horse", LazyOc.Program, "keys", "new", "default");
        await Home.OkAsync("market", "publisher", "add-key", publisher, "default");
    }

    /// <summary>Packs a plugin that counts pods, and signs it.</summary>
    public async Task<string> PackAsync(string id, string version = "1.0.0")
    {
        var folder = Directory.CreateDirectory(Home.PathOf($"source-{id}-{version}")).FullName;
        await File.WriteAllTextAsync(Path.Combine(folder, "plugin.json"), $$"""{"manifestVersion":1,"id":"{{id}}","version":"{{version}}","displayName":"{{id}}","engines":{"lazyoc":"^1.0"},"main":"main.js","activation":["onStartup"],{{ReadsPods}}}""");
        await File.WriteAllTextAsync(Path.Combine(folder, "main.js"), Counts);
        await File.WriteAllTextAsync(Path.Combine(folder, "README.md"), $"# {id}\n\nCounts pods.\n");
        var file = Home.PathOf($"{id}-{version}.lzp");
        await RunAsync(Home, 0, "", "env", "LAZYOC_KEY_PASSPHRASE=correct horse", LazyOc.Program, "plugin", "pack", folder, "--sign", "default", "--file", file);
        return file;
    }

    public async Task PublishAsync(string id, string version = "1.0.0") => Assert.Contains($"{id} {version}: live", await Home.OkAsync("plugin", "publish", await PackAsync(id, version)), StringComparison.Ordinal);

    /// <summary>Runs a program in a home and expects how it ends.</summary>
    public static async Task<ProgramRun> RunAsync(LazyOc home, int exitCode, string input, params string[] arguments)
    {
        var run = arguments[0] == "env" ? await home.RunAsync("env", arguments[1..], input) : await home.RunAsync(LazyOc.Program, arguments, input);
        Assert.True(run.ExitCode == exitCode, $"{string.Join(' ', arguments)} ended with {run.ExitCode}\n{run.Error}\n{run.Output}");
        return run;
    }
}
