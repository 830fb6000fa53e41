using System.Diagnostics;

namespace LazyOC.EndToEnd.Tests;

/// <summary>Bundles a fixture's TypeScript as its author would, against this repository's SDK.</summary>
internal static class TypeScriptBundle
{
    /// <summary>Writes <c>plugin.js</c> and its source map into a folder.</summary>
    /// <param name="repository">The folder that holds node_modules.</param>
    /// <param name="entry">The file with <c>definePlugin</c>.</param>
    /// <param name="into">Where to write.</param>
    public static async Task BuildAsync(string repository, string entry, string into)
    {
        var esbuild = Path.Combine(repository, "node_modules", "esbuild", "bin", "esbuild");
        var start = new ProcessStartInfo("node", [esbuild, entry, "--bundle", "--format=esm", "--target=es2023", "--sourcemap", $"--outfile={Path.Combine(into, "plugin.js")}", "--log-level=warning"])
        {
            RedirectStandardError = true,
            UseShellExecute = false,
            WorkingDirectory = repository,
        };
        using var bundler = Process.Start(start) ?? throw new InvalidOperationException("node did not start.");
        var problems = await bundler.StandardError.ReadToEndAsync();
        await bundler.WaitForExitAsync();
        if (bundler.ExitCode != 0) throw new InvalidOperationException(problems);
    }
}
