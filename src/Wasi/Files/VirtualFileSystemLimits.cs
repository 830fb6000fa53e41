namespace LazyOC.Wasi;

/// <summary>Limits on what one file system may hold. Immutable; safe to share.</summary>
public sealed record VirtualFileSystemLimits
{
    /// <summary>The limits that hold when the caller names none.</summary>
    public static VirtualFileSystemLimits Default { get; } = new();

    /// <summary>Bytes of all files together, deleted ones that are still open included; then <c>ENOSPC</c>.</summary>
    public long TotalBytes { get; init; } = 64 * 1024 * 1024;

    /// <summary>Files and directories together; then <c>ENOSPC</c>.</summary>
    public int Entries { get; init; } = 10_000;

    /// <summary>Length of one name, in bytes of UTF-8; a longer one is <c>ENAMETOOLONG</c>.</summary>
    public int NameBytes { get; init; } = 255;
}
