using System.Collections.Immutable;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Testing.Running;

namespace LazyOC.Cli.Commands.Plugin.Test;

/// <summary>What <c>plugin test</c> prints as JSON.</summary>
internal sealed record TestRunRow
{
    public required PluginId Plugin { get; init; }
    public required int Passed { get; init; }
    public required int Failed { get; init; }
    public required ImmutableArray<TestRow> Tests { get; init; }

    /// <summary>Contributions that the plugin's code answers for.</summary>
    public required ImmutableArray<string> Contributed { get; init; }

    /// <summary>Those of them that no test has used.</summary>
    public required ImmutableArray<string> Unused { get; init; }

    /// <summary>Golden files that were written.</summary>
    public required ImmutableArray<string> Written { get; init; }

    public static TestRunRow Of(PluginId plugin, TestReport report) => new()
    {
        Plugin = plugin,
        Passed = report.Tests.Count(test => test.Passed),
        Failed = report.Tests.Count(test => !test.Passed),
        Tests = [.. report.Tests.Select(test => new TestRow(test.Name, test.Passed, Math.Round(test.Elapsed.TotalMilliseconds), test.Failure?.Message, test.Failure?.Stack, test.Log))],
        Contributed = report.Contributed,
        Unused = report.Undriven,
        Written = report.Written,
    };
}

/// <summary>What came of one test.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Passed">Whether it passed.</param>
/// <param name="ElapsedMs">Wall time.</param>
/// <param name="Message">Why it failed; absent when it passed.</param>
/// <param name="Stack">Where; absent when it passed, or that is not known.</param>
/// <param name="Log">What the plugin and the test printed.</param>
internal sealed record TestRow(string Name, bool Passed, double ElapsedMs, string? Message, string? Stack, ImmutableArray<string> Log);
