using LazyOC.Cluster.Errors;
using LazyOC.Plugins.Contracts;

namespace LazyOC.Cli;

/// <summary>Turns the failures that rooms announce into a message, a hint and an exit code; what is not here is a bug.</summary>
internal static class Failures
{
    public static UserError? Explain(Exception error) => error switch
    {
        UserError user => user,
        NotFoundException missing => new UserError(ExitCode.NotFound, missing.Message, missing.Hint),
        ForbiddenException forbidden => new UserError(ExitCode.Refused, forbidden.Message, forbidden.Hint) { Help = HelpPage.ClusterRefuses },
        ClusterException cluster => new UserError(ExitCode.Unavailable, cluster.Message, cluster.Hint) { Help = HelpOf(cluster) },
        OperationCanceledException => new UserError(ExitCode.Failed, "interrupted"),
        IOException or UnauthorizedAccessException => new UserError(ExitCode.Failed, error.Message),
        _ => null,
    };

    private static string HelpOf(ClusterException error) => error switch
    {
        KubeconfigException => HelpPage.Kubeconfig,
        CertificateException => HelpPage.Certificate,
        CredentialException or UnauthorizedException => HelpPage.ClusterRefuses,
        _ => HelpPage.Unreachable,
    };
}
