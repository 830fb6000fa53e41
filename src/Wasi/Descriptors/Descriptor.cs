namespace LazyOC.Wasi;

/// <summary>Source: WASI preview 1, <c>fdflags</c>.</summary>
[Flags]
internal enum DescriptorFlags : ushort
{
    None = 0,
    Append = 1,
    DataSync = 2,
    NonBlocking = 4,
    ReadSync = 8,
    Sync = 16,
    All = Append | DataSync | NonBlocking | ReadSync | Sync,
}

/// <summary>Something open, under a number that the guest knows.</summary>
internal abstract class Descriptor(FileType type, Rights rights, Rights inheriting)
{
    public FileType Type { get; } = type;

    public Rights Rights { get; set; } = rights;

    /// <summary>Rights of descriptors opened through this one.</summary>
    public Rights Inheriting { get; set; } = inheriting;

    public DescriptorFlags Flags { get; set; }

    /// <summary>The open file or directory; <see langword="null"/> for a stream.</summary>
    public virtual OpenNode? Node => null;

    /// <summary>Called once, when the guest closes it.</summary>
    public void Close() => Node?.Dispose();
}

/// <summary>Standard input, output or error.</summary>
internal sealed class StreamDescriptor(Stream stream, Rights rights, bool isTerminal)
    : Descriptor(isTerminal ? FileType.CharacterDevice : FileType.Unknown, rights | Rights.Stat | Rights.SetFlags | Rights.Poll, Rights.None)
{
    public Stream Stream { get; } = stream;

    /// <summary>Bytes that can be read without waiting, at the end none; <see langword="null"/> when reading would wait.</summary>
    public long? ReadableBytes => Stream switch
    {
        IPolledInput polled => polled.ReadableBytes,
        { CanSeek: true } => Math.Max(0, Stream.Length - Stream.Position),
        _ => 1,
    };
}

/// <summary>An open file and the position in it.</summary>
internal sealed class FileDescriptor : Descriptor
{
    public FileDescriptor(OpenFile file, Rights rights, DescriptorFlags flags)
        : base(FileType.RegularFile, rights & Rights.File, Rights.None)
    {
        File = file;
        Flags = flags;
    }

    public OpenFile File { get; }

    public override OpenNode Node => File;

    public ulong Position { get; set; }
}

/// <summary>An open directory; nothing above it can be reached through it.</summary>
internal sealed class DirectoryDescriptor(OpenDirectory directory, Rights rights, Rights inheriting, string? mountPath = null)
    : Descriptor(FileType.Directory, rights & Rights.Directory, inheriting)
{
    public OpenDirectory Directory { get; } = directory;

    public override OpenNode Node => Directory;

    /// <summary>The path of a directory that was open from the start.</summary>
    public string? MountPath { get; } = mountPath;
}
