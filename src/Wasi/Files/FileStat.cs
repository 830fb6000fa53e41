namespace LazyOC.Wasi;

/// <summary>Source: WASI preview 1, <c>filetype</c>.</summary>
internal enum FileType : byte
{
    Unknown = 0,
    BlockDevice = 1,
    CharacterDevice = 2,
    Directory = 3,
    RegularFile = 4,
    Socket = 6,
    SymbolicLink = 7,
}

/// <summary>What is known of a file, directory or link. Times are nanoseconds since 1970.</summary>
/// <param name="Device">Tells file systems apart.</param>
/// <param name="Inode">Tells the objects of one file system apart.</param>
/// <param name="Type">What it is.</param>
/// <param name="Links">Names that lead to it; of a directory, two and one for each directory in it.</param>
/// <param name="Size">Bytes of a file; length of what a link says.</param>
/// <param name="AccessTime">Last read, where that is kept.</param>
/// <param name="ModificationTime">Last change of its content.</param>
/// <param name="ChangeTime">Last change of what is known of it.</param>
internal readonly record struct FileStat(
    ulong Device, ulong Inode, FileType Type, ulong Links, ulong Size, ulong AccessTime, ulong ModificationTime, ulong ChangeTime);

/// <summary>Times to set, in nanoseconds since 1970; <see langword="null"/> leaves one as it is.</summary>
internal readonly record struct FileTimes(ulong? Access, ulong? Modification);

/// <summary>A name in a directory.</summary>
/// <param name="Next">The cookie that continues behind it.</param>
/// <param name="Inode">Of what it names.</param>
/// <param name="Type">Of what it names.</param>
/// <param name="Name">The name.</param>
internal readonly record struct DirectoryEntry(ulong Next, ulong Inode, FileType Type, string Name)
{
    /// <summary>Whether it is <c>.</c> or <c>..</c>.</summary>
    public bool IsDot => Name is "." or "..";
}

/// <summary>How to open a file.</summary>
[Flags]
internal enum Opening
{
    /// <summary>One that exists, for reading.</summary>
    None = 0,

    /// <summary>For writing too.</summary>
    Write = 1,

    /// <summary>Make it when it is missing.</summary>
    Create = 2,

    /// <summary>With <see cref="Create"/>: refuse one that exists.</summary>
    Exclusive = 4,

    /// <summary>Cut it to nothing.</summary>
    Truncate = 8,
}
