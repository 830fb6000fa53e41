using LazyOC.Wasi;

namespace LazyOC.Plugins.Sandbox.Files;

/// <summary>Every bound on the files of one plugin instance, with its default.</summary>
public sealed record FileLimits
{
    /// <summary>Bytes in <c>/tmp</c>; then <c>quota-exceeded</c>, or <c>ENOSPC</c>.</summary>
    public long TemporaryBytes { get; init; } = 64L << 20;

    /// <summary>Names in <c>/tmp</c>.</summary>
    public int TemporaryEntries { get; init; } = 10_000;

    /// <summary>Bytes that one <c>files.read</c> gives at most; as base64 they fit an answer.</summary>
    public int ReadBytes { get; init; } = 512 << 10;

    /// <summary>Bytes that one <c>files.write</c> takes.</summary>
    public int WriteBytes { get; init; } = 768 << 10;

    /// <summary>Entries that one <c>files.list</c> gives.</summary>
    public int ListedEntries { get; init; } = 1_000;

    /// <summary>Bytes of a path in UTF-8.</summary>
    public int PathBytes { get; init; } = 1_024;

    /// <summary>Bytes of one name in UTF-8.</summary>
    public int NameBytes { get; init; } = 255;

    /// <summary>Folders that a path leads down through.</summary>
    public int PathDepth { get; init; } = 32;

    /// <summary>Symbolic links followed in one path.</summary>
    public int LinkDepth { get; init; } = 8;

    /// <summary>Files and folders that a WebAssembly guest has open at once.</summary>
    public int OpenFiles { get; init; } = 64;

    /// <summary>Bytes that a WebAssembly guest reads or writes in one call.</summary>
    public int TransferBytes { get; init; } = 1 << 20;

    /// <summary>Paths are taken as they are written, to show what their check is good for; nothing but a test may.</summary>
    internal bool TakesAnyPath { get; init; }

    internal WasiLimits ForGuest => new()
    {
        PathBytes = PathBytes,
        NameBytes = NameBytes,
        PathDepth = PathDepth,
        LinkDepth = LinkDepth,
        OpenDescriptors = OpenFiles,
        TransferBytes = TransferBytes,
    };
}
