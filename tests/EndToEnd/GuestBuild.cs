using System.Diagnostics;

namespace LazyOC.EndToEnd.Tests;

/// <summary>Builds a plugin's code as its author would, with this repository's tools and SDK.</summary>
internal static class GuestBuild
{
    /// <summary>Bundles TypeScript: writes <c>plugin.js</c> and its source map into a folder.</summary>
    /// <param name="repository">The folder that holds node_modules.</param>
    /// <param name="entry">The file with <c>definePlugin</c>.</param>
    /// <param name="into">Where to write.</param>
    public static Task TypeScriptAsync(string repository, string entry, string into) => RunAsync(
        repository, repository, "esbuild/bin/esbuild", entry, "--bundle", "--format=esm", "--target=es2023", "--sourcemap", $"--outfile={Path.Combine(into, "plugin.js")}", "--log-level=warning");

    /// <summary>Compiles AssemblyScript: writes <c>plugin.wasm</c> into a folder.</summary>
    /// <param name="repository">The folder that holds node_modules.</param>
    /// <param name="source">The plugin's folder, with <c>assembly/index.ts</c>.</param>
    /// <param name="into">Where to write.</param>
    public static Task AssemblyScriptAsync(string repository, string source, string into) => RunAsync(
        repository, source, "assemblyscript/bin/asc.js", "assembly/index.ts", "--outFile", Path.Combine(into, "plugin.wasm"), "--runtime", "incremental", "--use", "abort=~lib/@lazyoc/assemblyscript/assembly/guest/abort");

    /// <summary>Compiles an AssemblyScript program for WASI, with the names of its functions.</summary>
    /// <param name="repository">The folder that holds node_modules.</param>
    /// <param name="source">The program's folder, with <c>index.ts</c>.</param>
    /// <param name="into">The file to write.</param>
    public static Task WasiProgramAsync(string repository, string source, string into) => RunAsync(
        repository, source, "assemblyscript/bin/asc.js", "index.ts", "--outFile", into, "--runtime", "stub", "--use", "abort=", "--debug");

    private static async Task RunAsync(string repository, string directory, string tool, params string[] arguments)
    {
        var start = new ProcessStartInfo("node", [Path.Combine(repository, "node_modules", tool), .. arguments])
        {
            RedirectStandardError = true,
            UseShellExecute = false,
            WorkingDirectory = directory,
        };
        using var process = Process.Start(start) ?? throw new InvalidOperationException("node did not start.");
        var problems = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        if (process.ExitCode != 0) throw new InvalidOperationException(problems);
    }
}
