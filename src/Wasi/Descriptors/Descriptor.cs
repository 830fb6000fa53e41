namespace LazyOC.Wasi;

/// <summary>Source: WASI preview 1, <c>filetype</c>.</summary>
internal enum FileType : byte
{
    CharacterDevice = 2,
    Directory = 3,
    RegularFile = 4,
}

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
}

/// <summary>Something open, under a number that the guest knows.</summary>
internal abstract class Descriptor(FileType type, Rights rights, Rights inheriting)
{
    public FileType Type { get; } = type;

    public Rights Rights { get; set; } = rights;

    /// <summary>Rights of descriptors opened through this one.</summary>
    public Rights Inheriting { get; set; } = inheriting;

    public DescriptorFlags Flags { get; set; }

    /// <summary>Called once, when the guest closes it.</summary>
    public virtual void Close()
    {
    }
}

/// <summary>Standard input, output or error.</summary>
internal sealed class StreamDescriptor(Stream stream, Rights rights)
    : Descriptor(FileType.CharacterDevice, rights | Rights.Stat | Rights.SetFlags | Rights.Poll, Rights.None)
{
    public Stream Stream { get; } = stream;
}

/// <summary>An open file and the position in it.</summary>
internal sealed class FileDescriptor : Descriptor
{
    public FileDescriptor(VirtualFileSystem system, FileNode file, Rights rights, DescriptorFlags flags)
        : base(FileType.RegularFile, rights & Rights.File, Rights.None)
    {
        System = system;
        File = file;
        Flags = flags;
        file.OpenCount++;
    }

    public VirtualFileSystem System { get; }

    public FileNode File { get; }

    public ulong Position { get; set; }

    public override void Close()
    {
        File.OpenCount--;
        System.ReleaseIfUnused(File);
    }
}

/// <summary>An open directory; nothing above it can be reached through it.</summary>
internal sealed class DirectoryDescriptor(
    VirtualFileSystem system, DirectoryNode directory, Rights rights, Rights inheriting, string? mountPath = null)
    : Descriptor(FileType.Directory, rights & Rights.Directory, inheriting)
{
    public VirtualFileSystem System { get; } = system;

    public DirectoryNode Directory { get; } = directory;

    /// <summary>The path of a directory that was open from the start.</summary>
    public string? MountPath { get; } = mountPath;
}
