using System.Globalization;
using LazyOC.Plugins.Packages;
using LazyOC.Plugins.Testing.Running;

namespace LazyOC.Cli.Commands.Plugin.Test;

/// <summary>One way to run a plugin's tests.</summary>
/// <param name="Directory">The plugin.</param>
/// <param name="Filter">Text in the names of the tests; null for all.</param>
/// <param name="Update">Whether golden files are written.</param>
/// <param name="Build">Whether the plugin is built first.</param>
/// <param name="JUnit">File for JUnit XML; null for none.</param>
/// <param name="Format">How to print.</param>
internal sealed record TestRun(string Directory, string? Filter, bool Update, bool Build, string? JUnit, OutputFormat Format)
{
    /// <summary>Runs them and prints what came of it; the exit code.</summary>
    /// <exception cref="UserError">They cannot be run.</exception>
    public async Task<int> OnceAsync(CancellationToken cancellationToken)
    {
        var source = new TestSource(Directory);
        source.CheckThere();
        if (Build && PluginBuild.IsDescribedIn(Directory)) await PluginBuild.RunAsync(Directory, cancellationToken);
        var package = Pack();
        var bundle = await source.BundleAsync(cancellationToken) with { Filter = Filter, Update = Update };
        TestReport report;
        try
        {
            report = await PluginTests.RunAsync(package, bundle, Format == OutputFormat.Table ? Print : null, cancellationToken);
        }
        catch (TestsNotRunException error)
        {
            throw new UserError(ExitCode.Failed, error.GuestStack is { } stack ? $"{error.Message}\n{stack}" : error.Message, "what is outside of `test(…)` runs when the tests are loaded", error);
        }
        if (report.Tests.IsEmpty) throw new UserError(ExitCode.Failed, Filter is null ? "there are no tests in tests/" : $"no test has `{Filter}` in its name", "tests are declared with `test(\"what it does\", async () => { … })` of `@lazyoc/plugin/testing`");
        if (JUnit is { } file) JUnitFile.Write(file, package.Manifest.Id, report);
        if (Format == OutputFormat.Json) Output.Json(TestRunRow.Of(package.Manifest.Id, report), PluginJson.Default.TestRunRow);
        else PrintSummary(report);
        return report.Passed ? ExitCode.Ok : ExitCode.Failed;
    }

    /// <summary>The same, where what keeps them from running is printed, too.</summary>
    public async Task<int> OrExplainAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await OnceAsync(cancellationToken);
        }
        catch (UserError error)
        {
            Console.Error.WriteLine(Output.PrintableLines(error.Hint is { } hint ? $"lazyoc: {error.Message}\nhint: {hint}" : $"lazyoc: {error.Message}"));
            return error.ExitCode;
        }
    }

    private PluginPackage Pack()
    {
        try
        {
            return PackageSource.Pack(Directory).OrThrow(ExitCode.Failed, Path.GetFileName(Directory), "`lazyoc plugin validate` says more").Package;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new UserError(ExitCode.Failed, error.Message, cause: error);
        }
    }

    private static void Print(TestResult test)
    {
        Line(string.Create(CultureInfo.InvariantCulture, $"{(test.Passed ? "ok    " : "FAILED")} {test.Name} ({test.Elapsed.TotalMilliseconds:0} ms)"));
        if (test.Failure is not { } failure) return;
        foreach (var line in (failure.Stack is { } stack ? $"{failure.Message}\n{stack}" : failure.Message).Split('\n')) Line($"       {line}");
        foreach (var line in test.Log.SelectMany(entry => entry.Split('\n'))) Line($"       log {line}");
    }

    private static void PrintSummary(TestReport report)
    {
        var passed = report.Tests.Count(test => test.Passed);
        foreach (var file in report.Written) Line($"wrote tests/{TestSource.GoldenFolder}/{file}");
        foreach (var id in report.Undriven) Line($"no test uses {id}");
        Line($"{passed} passed, {report.Tests.Length - passed} failed; {report.Contributed.Length - report.Undriven.Length} of {report.Contributed.Length} contributions used");
    }

    private static void Line(string text) => Console.WriteLine(Output.Printable(text));
}
