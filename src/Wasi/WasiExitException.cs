namespace LazyOC.Wasi;

/// <summary>The guest called <c>proc_exit</c>: its run is over, by its own wish.</summary>
public sealed class WasiExitException : Exception
{
    /// <summary>Creates the end of a guest's run.</summary>
    /// <param name="exitCode">What the guest gave as its exit code; 0 is success.</param>
    public WasiExitException(uint exitCode)
        : base($"the guest exited with code {exitCode}") => ExitCode = exitCode;

    /// <summary>What the guest gave as its exit code; 0 is success.</summary>
    public uint ExitCode { get; }
}
