namespace LazyOC.Wasi;

/// <summary>Limits on what one file system may hold in memory. Immutable; safe to share.</summary>
public sealed record VirtualFileSystemLimits
{
    /// <summary>The limits that hold when the caller names none.</summary>
    public static VirtualFileSystemLimits Default { get; } = new();

    /// <summary>
    /// Bytes of all files and of what links say, deleted files that are still open included; then <c>ENOSPC</c>.
    /// </summary>
    public long TotalBytes { get; init; } = 64 * 1024 * 1024;

    /// <summary>Names of files, directories and links together; then <c>ENOSPC</c>.</summary>
    /// <remarks>In an overlay, names that hide something of the lower tree and copies of it count too.</remarks>
    public int Entries { get; init; } = 10_000;
}
