using LazyOC.Plugins.Contracts;

namespace LazyOC.Cli;

/// <summary>Something the user can mend: one message, one hint, an exit code. <see cref="Program"/> prints it.</summary>
internal sealed class UserError(int exitCode, string message, string? hint = null, Exception? cause = null) : Exception(message, cause)
{
    public int ExitCode { get; } = exitCode;

    public string? Hint { get; } = hint;

    /// <summary>Where the page of <see cref="HelpPage"/> explains it; null when the hint is all there is to say.</summary>
    public string? Help { get; init; }
}
