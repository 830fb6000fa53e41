namespace LazyOC.Wasi;

/// <summary>Limits on what one guest may hold or move through WASI. Immutable; safe to share.</summary>
public sealed record WasiLimits
{
    /// <summary>The limits that hold when the caller names none.</summary>
    public static WasiLimits Default { get; } = new();

    /// <summary>Bytes a guest may write to standard output and error together; then <c>ENOSPC</c>.</summary>
    public long OutputBytes { get; init; } = 16 * 1024 * 1024;

    /// <summary>Buffers in one scattered read or gathered write; more are <c>EINVAL</c>.</summary>
    public int Buffers { get; init; } = 1_024;

    /// <summary>Bytes one read or write moves at most; the guest is told the shorter count.</summary>
    public int TransferBytes { get; init; } = 1024 * 1024;

    /// <summary>Random bytes of one call; more are <c>EINVAL</c>.</summary>
    public int RandomBytes { get; init; } = 1024 * 1024;

    /// <summary>Descriptors open at once; then <c>EMFILE</c>.</summary>
    public int OpenDescriptors { get; init; } = 256;

    /// <summary>Length of a path or of what a link says, in bytes of UTF-8; a longer one is <c>ENAMETOOLONG</c>.</summary>
    public int PathBytes { get; init; } = 4_096;

    /// <summary>Length of one component of a path, in bytes of UTF-8; a longer one is <c>ENAMETOOLONG</c>.</summary>
    public int NameBytes { get; init; } = 255;

    /// <summary>Directories one path leads down through; more are <c>ENAMETOOLONG</c>. Each is held open during the walk.</summary>
    public int PathDepth { get; init; } = 512;

    /// <summary>Symbolic links followed in one path; more are <c>ELOOP</c>.</summary>
    public int LinkDepth { get; init; } = 32;

    /// <summary>Buffer of one read of a directory, in bytes; a larger one is <c>EINVAL</c>.</summary>
    public int DirectoryBytes { get; init; } = 16 * 1024 * 1024;

    /// <summary>Subscriptions of one poll; more are <c>EINVAL</c>.</summary>
    public int Subscriptions { get; init; } = 64;
}
