using System.Collections.Immutable;
using System.ComponentModel;
using System.Diagnostics;

namespace LazyOC.Cli.Commands.Bench.Spec;

/// <summary>A script to run.</summary>
/// <param name="Name">Its group and its own name.</param>
/// <param name="Path">The converted script.</param>
/// <param name="Problem">Why there is none.</param>
internal sealed record SpecSource(string Name, string Path, string? Problem);

/// <summary>Finds test scripts and converts them with wabt's <c>wast2json</c>.</summary>
internal static class SpecSources
{
    private const string ArchiveExtension = ".tar.xz";
    private const string TextExtension = ".wast";
    private const string ConvertedExtension = ".json";

    /// <summary>The scripts at a path, in the order of their names.</summary>
    /// <param name="path">A script, converted or not, a folder of them at any depth, or an archive of such a folder.</param>
    /// <param name="workFolder">Where what is extracted and converted goes.</param>
    /// <param name="cancellationToken">Ends the programs that run.</param>
    /// <exception cref="IOException">There is nothing at the path, or a program that is needed.</exception>
    public static async Task<ImmutableArray<SpecSource>> FindAsync(string path, string workFolder, CancellationToken cancellationToken)
    {
        if (path.EndsWith(ArchiveExtension, StringComparison.Ordinal) && File.Exists(path))
        {
            var extracted = Path.Combine(workFolder, "sources");
            await ExtractAsync(path, extracted, cancellationToken);
            path = extracted;
        }
        string[] files = File.Exists(path) ? [path] : Directory.Exists(path) ? Directory.GetFiles(path, "*", SearchOption.AllDirectories)
            : throw new FileNotFoundException($"there is no test script, folder or archive at `{path}`");
        var sources = ImmutableArray.CreateBuilder<SpecSource>();
        foreach (var file in files.Order(StringComparer.Ordinal))
        {
            var group = GroupOf(file);
            var name = $"{group}/{Path.GetFileNameWithoutExtension(file)}";
            if (file.EndsWith(ConvertedExtension, StringComparison.Ordinal))
            {
                sources.Add(new SpecSource(name, file, Problem: null));
            }
            else if (file.EndsWith(TextExtension, StringComparison.Ordinal))
            {
                // Scripts of one name may be in several folders of one group.
                var converted = Path.Combine(workFolder, $"{sources.Count}", group, Path.GetFileNameWithoutExtension(file) + ConvertedExtension);
                sources.Add(new SpecSource(name, converted, await ConvertAsync(file, converted, cancellationToken)));
            }
        }
        return sources.Count > 0
            ? sources.DrainToImmutable()
            : throw new FileNotFoundException($"there is no test script (`{TextExtension}` or converted `{ConvertedExtension}`) in `{path}`");
    }

    /// <summary>The name of a script's folder says what it is about.</summary>
    public static string GroupOf(string script) => Path.GetFileName(Path.GetDirectoryName(Path.GetFullPath(script))!);

    /// <summary>Extracts an archive into a new folder.</summary>
    public static async Task ExtractAsync(string archive, string folder, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(folder);
        if (await RunAsync("tar", ["xf", archive, "-C", folder], cancellationToken) is { } problem)
            throw new InvalidDataException($"`{archive}` cannot be extracted: {problem}");
    }

    /// <summary>Converts a script to commands and modules; returns why that failed, or <see langword="null"/>.</summary>
    public static Task<string?> ConvertAsync(string script, string converted, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(converted)!);
        return RunAsync("wast2json", ["--enable-all", script, "-o", converted], cancellationToken);
    }

    /// <summary>Runs a program to its end; returns what it says is wrong, or <see langword="null"/>.</summary>
    private static async Task<string?> RunAsync(string program, string[] arguments, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(program, arguments) { UseShellExecute = false, RedirectStandardError = true, RedirectStandardOutput = true };
        using var process = Start(start);
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
            var error = await process.StandardError.ReadToEndAsync(cancellationToken);
            await output;
            await process.WaitForExitAsync(cancellationToken);
            return process.ExitCode == 0 ? null : $"{program}: {(error.Length > 0 ? error.Trim() : $"exit code {process.ExitCode}")}";
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }

    private static Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception error)
        {
            throw new IOException($"`{start.FileName}` cannot be started: {error.Message}; test scripts need `wast2json` of wabt, archives `tar` and `xz`", error);
        }
    }
}
