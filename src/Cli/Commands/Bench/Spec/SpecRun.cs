using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace LazyOC.Cli.Commands.Bench.Spec;

/// <summary><c>lazyoc bench wasm --spec</c>: runs test scripts of the WebAssembly specification and counts what holds.</summary>
internal static class SpecRun
{
    /// <summary>Runs the scripts at a path and prints a report.</summary>
    /// <param name="path">What <see cref="SpecSources.FindAsync"/> takes.</param>
    /// <param name="json">Whether to print JSON instead of a table.</param>
    /// <param name="cancellationToken">Interrupts the guest that runs.</param>
    /// <returns>The exit code: 1 when something failed.</returns>
    /// <exception cref="IOException">There is nothing to run at the path, or a program that is needed.</exception>
    public static async Task<int> RunAsync(string path, bool json, CancellationToken cancellationToken)
    {
        var report = await RunAsync(path, cancellationToken);
        Console.Out.WriteLine(json ? JsonSerializer.Serialize(report, SpecJson.Default.SpecReport) : Table(report));
        return report.Failed == 0 ? 0 : 1;
    }

    /// <summary>Runs the scripts at a path.</summary>
    public static async Task<SpecReport> RunAsync(string path, CancellationToken cancellationToken)
    {
        var work = Directory.CreateTempSubdirectory("lazyoc-spec-");
        try
        {
            var files = ImmutableArray.CreateBuilder<SpecFile>();
            foreach (var source in await SpecSources.FindAsync(path, work.FullName, cancellationToken))
                files.Add(await RunAsync(source, cancellationToken));
            return new SpecReport(files.DrainToImmutable());
        }
        finally
        {
            work.Delete(recursive: true);
        }
    }

    private static async Task<SpecFile> RunAsync(SpecSource source, CancellationToken cancellationToken)
    {
        if (source.Problem is not null)
            return new SpecFile(source.Name, 0, 0, [source.Problem]);
        try
        {
            var outcome = await ScriptRunner.RunAsync(SpecScript.Load(source.Path), cancellationToken);
            return new SpecFile(source.Name, outcome.Passed, outcome.TextModules, outcome.Failures);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            return new SpecFile(source.Name, 0, 0, [error.Message]);
        }
    }

    private static string Table(SpecReport report)
    {
        var width = report.Files.Max(file => file.File.Length);
        var text = new StringBuilder();
        Line("SCRIPT", "PASSED", "FAILED", "TEXT");
        foreach (var file in report.Files)
            Line(file.File, Number(file.Passed), Number(file.Failed), Number(file.TextSkipped));
        Line("", Number(report.Passed), Number(report.Failed), Number(report.TextSkipped));
        foreach (var file in report.Files)
        {
            foreach (var failure in file.Failures)
                text.Append(CultureInfo.InvariantCulture, $"{file.File}: {failure}\n");
        }
        return text.ToString().TrimEnd();

        void Line(string script, string passed, string failed, string skipped) =>
            text.Append(CultureInfo.InvariantCulture, $"{script.PadRight(width)}  {passed,8}  {failed,8}  {skipped,8}\n");

        static string Number(int count) => count.ToString("N0", CultureInfo.InvariantCulture);
    }
}
