using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using LazyOC.Plugins.Contracts;

namespace LazyOC.Marketplace.Protocol.Api;

/// <summary>What came of a request: a value, or why there is none.</summary>
/// <param name="Value">Null when it was refused.</param>
/// <param name="Problem">Null when it worked. Its status is 0 when the server did not answer, or not in a way that can be read.</param>
public sealed record ApiResult<T>(T? Value, ApiProblem? Problem)
    where T : class
{
    /// <summary>True with the value, or false with the problem.</summary>
    public bool TryGet([NotNullWhen(true)] out T? value, [NotNullWhen(false)] out ApiProblem? problem)
    {
        (value, problem) = (Value, Problem);
        return problem is null && value is not null;
    }

    /// <summary>For those who show problems to people.</summary>
    public Outcome<T> ToOutcome() => TryGet(out var value, out var problem)
        ? value
        : problem.Problems is { IsDefaultOrEmpty: false } several
            ? several.Select(one => new Problem(one.Field, one.Message, one.Hint)).ToImmutableArray()
            : new Problem(problem.Field ?? "", problem.Detail, problem.Hint);
}

/// <summary>It worked, and there is nothing more to say.</summary>
public sealed record Done
{
    internal static Done Instance { get; } = new();
}
