namespace LazyOC.Cli;

/// <summary>The exit codes of every command.</summary>
internal static class ExitCode
{
    public const int Ok = 0;
    public const int Failed = 1;
    public const int Usage = 2;

    /// <summary>Refused by a permission, a signature or a policy.</summary>
    public const int Refused = 3;

    public const int NotFound = 4;

    /// <summary>The cluster, a registry, or what a frame waits for does not answer.</summary>
    public const int Unavailable = 5;
}
