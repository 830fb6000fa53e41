using LazyOC.Cluster;

namespace LazyOC.Cli;

/// <summary>Turns the failures that rooms announce into a message, a hint and an exit code; what is not here is a bug.</summary>
internal static class Failures
{
    public static UserError? Explain(Exception error) => error switch
    {
        UserError user => user,
        OperationCanceledException => new UserError(ExitCode.Failed, "interrupted"),
        _ => null,
    };
}
