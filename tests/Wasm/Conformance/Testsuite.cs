using System.ComponentModel;
using System.Diagnostics;
using System.Security.Cryptography;
using LazyOC.Cli.Commands.Bench.Spec;

namespace LazyOC.Wasm.Tests.Conformance;

/// <summary>
/// The official WebAssembly test scripts, converted to commands and modules by wabt's <c>wast2json</c>. Found through
/// <c>LAZYOC_WASM_SPEC</c> (the archive, or <c>none</c> to leave the suite out) or in <c>../shared/conformance</c> beside the repository; converted once and
/// kept under <c>artifacts/</c>.
/// </summary>
internal static class Testsuite
{
    private const string ArchiveName = "wasm-testsuite.tar.xz";
    private const string PathVariable = "LAZYOC_WASM_SPEC";

    /// <summary>Value of <see cref="PathVariable"/> that leaves the suite out on purpose, even where the gate demands it.</summary>
    private const string None = "none";

    private static readonly Lazy<(string? Folder, string? Missing)> Located = new(Locate);

    /// <summary>Why the suite cannot run here; <see langword="null"/> when it can.</summary>
    public static string? Missing => Located.Value.Missing;

    /// <summary>The folders of the suite whose scripts are run: WebAssembly 2.0 and three proposals.</summary>
    public static IReadOnlyList<string> Groups { get; } = ["core", "tail-call", "multi-memory", "extended-const"];

    /// <summary>The converted scripts of one folder of the suite, as <c>group/script</c>.</summary>
    public static IReadOnlyList<string> Scripts(string group)
    {
        if (Located.Value.Folder is not { } folder)
            return [];
        var names = Directory.GetFiles(Path.Combine(folder, group), "*.json").Select(Path.GetFileNameWithoutExtension);
        return [.. names.Select(name => $"{group}/{name}").Order(StringComparer.Ordinal)];
    }

    /// <summary>The path of one converted script.</summary>
    public static string PathOf(string script) =>
        Path.Combine(Located.Value.Folder ?? throw new InvalidOperationException(Missing), script + ".json");

    private static (string? Folder, string? Missing) Locate()
    {
        var root = RepositoryRoot();
        var archive = Environment.GetEnvironmentVariable(PathVariable)
            ?? Path.GetFullPath(Path.Combine(root, "..", "shared", "conformance", ArchiveName));
        if (string.Equals(archive, None, StringComparison.Ordinal))
            return (null, $"{PathVariable} is `{None}`");
        if (!File.Exists(archive))
            return (null, $"the WebAssembly test suite is not at `{archive}`; set {PathVariable} to {ArchiveName}");
        if (!CanRun("wast2json", "--version"))
            return (null, "`wast2json` was not found; install wabt");
        if (!CanRun("tar", "--version") || !CanRun("xz", "--version"))
            return (null, "`tar` or `xz` was not found; install tar and xz-utils");

        var digest = Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(archive)))[..16];
        var folder = Path.Combine(root, "artifacts", "wasm-testsuite", digest);
        if (!Directory.Exists(folder))
            ConvertScriptsAsync(archive, folder).GetAwaiter().GetResult();
        return (folder, null);
    }

    /// <summary>Converts every script into a temporary folder that is renamed when it is complete.</summary>
    private static async Task ConvertScriptsAsync(string archive, string folder)
    {
        var work = $"{folder}.{Environment.ProcessId}";
        var sources = Path.Combine(work, "sources");
        await SpecSources.ExtractAsync(archive, sources, CancellationToken.None);
        foreach (var script in Directory.EnumerateFiles(sources, "*.wast", SearchOption.AllDirectories))
        {
            var converted = Path.Combine(work, SpecSources.GroupOf(script), Path.GetFileNameWithoutExtension(script) + ".json");
            if (await SpecSources.ConvertAsync(script, converted, CancellationToken.None) is { } problem)
                throw new InvalidDataException(problem);
        }
        try
        {
            Directory.Move(work, folder);
        }
        catch (IOException) when (Directory.Exists(folder))
        {
            // Another test process was first.
            Directory.Delete(work, recursive: true);
        }
    }

    private static string RepositoryRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "LazyOC.slnx")))
                return folder.FullName;
        }
        throw new InvalidOperationException("the tests do not run inside the repository");
    }

    private static bool CanRun(string program, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { UseShellExecute = false, RedirectStandardError = true, RedirectStandardOutput = true })!;
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (Win32Exception)
        {
            return false;
        }
    }
}

/// <summary>A theory over the test suite; reported as skipped, with the reason, where the suite is absent.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class TestsuiteTheoryAttribute : TheoryAttribute
{
    public TestsuiteTheoryAttribute() => Skip = Testsuite.Missing;
}

/// <summary>A test of the whole suite; reported as skipped, with the reason, where the suite is absent.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class TestsuiteFactAttribute : FactAttribute
{
    public TestsuiteFactAttribute() => Skip = Testsuite.Missing;
}
