using LazyOC.Cluster.Errors;

namespace LazyOC.Cli;

/// <summary>Turns the failures that rooms announce into a message, a hint and an exit code; what is not here is a bug.</summary>
internal static class Failures
{
    public static UserError? Explain(Exception error) => error switch
    {
        UserError user => user,
        NotFoundException missing => new UserError(ExitCode.NotFound, missing.Message, missing.Hint),
        ForbiddenException forbidden => new UserError(ExitCode.Refused, forbidden.Message, forbidden.Hint),
        ClusterException cluster => new UserError(ExitCode.Unavailable, cluster.Message, cluster.Hint),
        OperationCanceledException => new UserError(ExitCode.Failed, "interrupted"),
        IOException or UnauthorizedAccessException => new UserError(ExitCode.Failed, error.Message),
        _ => null,
    };
}
