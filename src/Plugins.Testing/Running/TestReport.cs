using System.Collections.Immutable;

namespace LazyOC.Plugins.Testing.Running;

/// <summary>What came of one test.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Failure">Why it failed; null when it passed.</param>
/// <param name="Elapsed">Wall time, the start of its cluster and plugin included.</param>
public sealed record TestResult(string Name, TestFailure? Failure, TimeSpan Elapsed)
{
    public bool Passed => Failure is null;

    /// <summary>What the plugin and the test printed.</summary>
    public ImmutableArray<string> Log { get; init; } = [];
}

/// <summary>Why a test failed.</summary>
/// <param name="Message">What was expected, or what went wrong.</param>
/// <param name="Stack">Where in the test; null when that is not known.</param>
public sealed record TestFailure(string Message, string? Stack = null);

/// <summary>What came of all tests of a plugin.</summary>
public sealed record TestReport
{
    /// <summary>In the order in which they ran.</summary>
    public required ImmutableArray<TestResult> Tests { get; init; }

    /// <summary>Contributions that code of the plugin answers for, by id.</summary>
    public required ImmutableArray<string> Contributed { get; init; }

    /// <summary>Those of them that no test has asked for anything.</summary>
    public required ImmutableArray<string> Undriven { get; init; }

    /// <summary>Golden files that were written, without folder.</summary>
    public ImmutableArray<string> Written { get; init; } = [];

    public bool Passed => Tests.All(test => test.Passed);
}

/// <summary>The tests could not be run at all.</summary>
/// <param name="message">Why.</param>
/// <param name="stack">Where in the tests; null when that is not known.</param>
public sealed class TestsNotRunException(string message, string? stack = null) : Exception(message)
{
    public string? GuestStack { get; } = stack;
}
