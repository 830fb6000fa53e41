namespace LazyOC.Wasi;

/// <summary>What may be done with a descriptor. Source: WASI preview 1, <c>rights</c>.</summary>
[Flags]
internal enum Rights : ulong
{
    None = 0,
    DataSync = 1UL << 0,
    Read = 1UL << 1,
    Seek = 1UL << 2,
    SetFlags = 1UL << 3,
    Sync = 1UL << 4,
    Tell = 1UL << 5,
    Write = 1UL << 6,
    Advise = 1UL << 7,
    Allocate = 1UL << 8,
    CreateDirectory = 1UL << 9,
    CreateFile = 1UL << 10,
    LinkSource = 1UL << 11,
    LinkTarget = 1UL << 12,
    Open = 1UL << 13,
    ReadDirectory = 1UL << 14,
    ReadLink = 1UL << 15,
    RenameSource = 1UL << 16,
    RenameTarget = 1UL << 17,
    PathStat = 1UL << 18,
    PathSetSize = 1UL << 19,
    PathSetTimes = 1UL << 20,
    Stat = 1UL << 21,
    SetSize = 1UL << 22,
    SetTimes = 1UL << 23,
    CreateLink = 1UL << 24,
    RemoveDirectory = 1UL << 25,
    UnlinkFile = 1UL << 26,
    Poll = 1UL << 27,

    /// <summary>Everything that makes sense for an open file.</summary>
    File = DataSync | Read | Seek | SetFlags | Sync | Tell | Write | Advise | Allocate | Stat | SetSize | SetTimes | Poll,

    /// <summary>Everything that makes sense for an open directory.</summary>
    Directory = DataSync | SetFlags | Sync | CreateDirectory | CreateFile | LinkSource | LinkTarget | Open | ReadDirectory
        | ReadLink | RenameSource | RenameTarget | PathStat | PathSetSize | PathSetTimes | Stat | SetTimes | CreateLink
        | RemoveDirectory | UnlinkFile,

    /// <summary>Everything that makes sense for something.</summary>
    All = File | Directory,
}
