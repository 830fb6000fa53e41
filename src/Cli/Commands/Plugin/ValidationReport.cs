using System.Collections.Immutable;
using LazyOC.Marketplace.Protocol.Api;
using LazyOC.Plugins.Contracts;

namespace LazyOC.Cli.Commands.Plugin;

/// <summary>How much something that <c>plugin validate</c> found counts.</summary>
internal enum FindingLevel
{
    /// <summary>It cannot be installed, cannot work, or no marketplace would take it.</summary>
    Error,

    /// <summary>A person who reviews it will ask about it.</summary>
    Warning,

    /// <summary>Worth knowing.</summary>
    Note,
}

/// <summary>One thing that <c>plugin validate</c> found.</summary>
/// <param name="Level">How much it counts.</param>
/// <param name="Rule">Stable name of what was found.</param>
/// <param name="Where">File and line, or a place in the manifest; empty when the whole is meant.</param>
/// <param name="Message">A sentence without full stop.</param>
/// <param name="Hint">What to do about it.</param>
internal sealed record ValidationFinding(FindingLevel Level, string Rule, string Where, string Message, string? Hint)
{
    /// <summary>What the checks of a marketplace found.</summary>
    public static ValidationFinding Of(PackageFinding found) => new(
        found.Verdict switch { "pass" => FindingLevel.Note, "hold" => FindingLevel.Warning, _ => FindingLevel.Error },
        found.Finding.Rule,
        found.Finding.Line is { } line ? $"{found.Finding.File}:{line}" : found.Finding.File ?? "",
        found.Finding.Message,
        found.Finding.Hint);

    public static ValidationFinding Of(FindingLevel level, string rule, Problem problem) => new(level, rule, problem.Where, problem.Message, problem.Hint);
}

/// <summary>What <c>plugin validate</c> says.</summary>
internal sealed record ValidationReport
{
    /// <summary>The directory or file that was looked at.</summary>
    public required string Subject { get; init; }

    public PluginId? Id { get; init; }

    public string? Version { get; init; }

    /// <summary>Whether nothing is an error.</summary>
    public required bool Valid { get; init; }

    /// <summary>The worst first.</summary>
    public required ImmutableArray<ValidationFinding> Findings { get; init; }
}
