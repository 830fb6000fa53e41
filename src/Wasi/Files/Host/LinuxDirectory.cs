using System.Buffers.Binary;
using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;

namespace LazyOC.Wasi;

/// <summary>
/// An open directory of a Linux host. Every call is relative to its handle and takes a single name that is not
/// followed if it is a link, so that no call reaches beyond the directory, whatever other programs do meanwhile.
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed class LinuxDirectory(HostFileSystem system, SafeFileHandle handle, int depth) : OpenDirectory(system)
{
    private const int EntriesBytes = 32 * 1024;
    private const int TargetBytes = 4_096;
    private const int EntryHeadBytes = 19;

    private readonly SafeFileHandle _handle = handle;

    /// <summary>Opened when entries are first read: the handle itself gives no more than a place.</summary>
    private SafeFileHandle? _reader;
    private byte[] _entries = [];
    private int _entriesLength;
    private int _entriesAt;

    /// <summary>
    /// The file system's own places behind the entries read since the start. They are numbers of 64 bits, and the C library
    /// of guests keeps 32 of them: a guest's cookie is the number of the entry.
    /// </summary>
    private readonly List<long> _places = [];

    /// <summary>The cookie of the entry that is next in the buffer.</summary>
    private ulong _cookie;

    public override Errno GetStat(out FileStat stat) => LinuxCalls.Stat(_handle, "", out stat, out _);

    public override Errno Duplicate(out OpenDirectory opened) => Open(".", depth, out opened);

    public override Errno Find(string name, out FileStat stat) => LinuxCalls.Stat(_handle, name, out stat, out _);

    public override Errno OpenDirectoryAt(string name, out OpenDirectory opened) => Open(name, depth + 1, out opened);

    public override Errno ReadLink(string name, out string target)
    {
        target = "";
        var buffer = new byte[TargetBytes];
        var length = LinuxCalls.ReadLink(_handle, name, buffer, TargetBytes);
        if (length < 0)
            return LinuxCalls.LastError();
        if (length == TargetBytes)
            return Errno.NameTooLong;
        return PathResolver.TryDecode(buffer.AsSpan(0, (int)length), out target) ? Errno.Success : Errno.IllegalByteSequence;
    }

    /// <summary>Names that are not UTF-8 cannot be said to a guest and are left out.</summary>
    public override Errno ReadEntry(ulong cookie, out DirectoryEntry entry)
    {
        entry = default;
        return MoveTo(cookie) is var errno and not Errno.Success ? errno : ReadNext(out entry);
    }

    public override Errno Sync(bool isDataOnly)
    {
        if (OpenForReading(out var real) is var errno and not Errno.Success)
            return errno;
        using (real)
            return LinuxCalls.Result(isDataOnly ? LinuxCalls.SyncData(real) : LinuxCalls.Sync(real));
    }

    public override void Dispose()
    {
        _reader?.Dispose();
        _handle.Dispose();
    }

    protected override Errno OpenFileCore(string name, Opening opening, out OpenFile opened)
    {
        opened = null!;
        var found = LinuxCalls.Stat(_handle, name, out var stat, out var isRegular);
        if (found == Errno.Success && opening.HasFlag(Opening.Create | Opening.Exclusive))
            return Errno.Exists;
        if (found == Errno.Success && !isRegular)
            return Refuse(stat.Type);
        if (found != Errno.Success && !(found == Errno.NoEntry && opening.HasFlag(Opening.Create)))
            return found;

        // Nothing that is put in its place meanwhile can make this wait, or is used.
        var flags = LinuxCalls.NonBlocking | LinuxCalls.NoTerminal
            | ((opening & (Opening.Write | Opening.Truncate)) != Opening.None ? LinuxCalls.ReadWrite : 0)
            | (opening.HasFlag(Opening.Create) ? LinuxCalls.CreateFlag : 0)
            | (opening.HasFlag(Opening.Create | Opening.Exclusive) ? LinuxCalls.ExclusiveFlag : 0);
        var errno = LinuxCalls.OpenAt(_handle, name, flags, LinuxCalls.FileMode, out var file);
        if (errno == Errno.Access && flags != (flags = WriteOnly(flags)))
            errno = LinuxCalls.OpenAt(_handle, name, flags, LinuxCalls.FileMode, out file);
        if (errno != Errno.Success)
            return errno;
        errno = LinuxCalls.Stat(file, "", out stat, out isRegular);
        if (errno == Errno.Success && !isRegular)
            errno = Refuse(stat.Type);
        if (errno == Errno.Success && opening.HasFlag(Opening.Truncate))
            errno = LinuxCalls.Result(LinuxCalls.SetSize(file, 0));
        if (errno == Errno.Success)
            opened = new LinuxFile((HostFileSystem)System, file);
        else
            file.Dispose();
        return errno;
    }

    protected override Errno CreateDirectoryCore(string name) =>
        LinuxCalls.Result(LinuxCalls.MakeDirectory(_handle, name, LinuxCalls.DirectoryMode));

    protected override Errno CreateLinkCore(string name, string target) => ((HostFileSystem)System).AllowsSymbolicLinks
        ? LinuxCalls.Result(LinuxCalls.SymbolicLink(target, _handle, name))
        : Errno.NotPermitted;

    protected override Errno LinkCore(string name, OpenDirectory to, string toName) =>
        LinuxCalls.Result(LinuxCalls.Link(_handle, name, ((LinuxDirectory)to)._handle, toName, flags: 0));

    protected override Errno RenameCore(string name, OpenDirectory to, string toName) =>
        LinuxCalls.Result(LinuxCalls.Rename(_handle, name, ((LinuxDirectory)to)._handle, toName));

    protected override Errno UnlinkCore(string name) => LinuxCalls.Result(LinuxCalls.Unlink(_handle, name, flags: 0));

    protected override Errno RemoveDirectoryCore(string name) =>
        LinuxCalls.Result(LinuxCalls.Unlink(_handle, name, LinuxCalls.RemoveDirectoryFlag));

    protected override Errno SetTimesCore(FileTimes times)
    {
        if (OpenForReading(out var real) is var errno and not Errno.Success)
            return errno;
        using (real)
            return LinuxCalls.Result(LinuxCalls.SetTimes(real, TimeSpecs(times)));
    }

    protected override Errno SetTimesCore(string name, FileTimes times) =>
        LinuxCalls.Result(LinuxCalls.SetTimes(_handle, name, TimeSpecs(times), LinuxCalls.NoFollowAt));

    private static LinuxCalls.TimeSpec[] TimeSpecs(FileTimes times) =>
        [LinuxCalls.TimeSpec.Of(times.Access), LinuxCalls.TimeSpec.Of(times.Modification)];

    private static int WriteOnly(int flags) =>
        (flags & LinuxCalls.ReadWrite) != 0 ? (flags & ~LinuxCalls.ReadWrite) | LinuxCalls.WriteOnly : flags;

    private static Errno Refuse(FileType type) => type switch
    {
        FileType.Directory => Errno.IsDirectory,
        FileType.SymbolicLink => Errno.Loop,
        _ => Errno.NotSupported,
    };

    private Errno Open(string name, int depthOfIt, out OpenDirectory opened)
    {
        var errno = LinuxCalls.OpenAt(_handle, name, LinuxCalls.PathOnly | LinuxCalls.DirectoryFlag, mode: 0, out var directory);
        opened = errno == Errno.Success ? new LinuxDirectory((HostFileSystem)System, directory, depthOfIt) : null!;
        return errno;
    }

    private Errno OpenForReading(out SafeFileHandle real) =>
        LinuxCalls.OpenAt(_handle, ".", LinuxCalls.DirectoryFlag, mode: 0, out real);

    private Errno ReadNext(out DirectoryEntry entry)
    {
        while (true)
        {
            entry = default;
            if (_entriesAt == _entriesLength)
            {
                _entriesAt = 0;
                if (LinuxCalls.ReadEntries(_reader!, _entries, out _entriesLength) is var failure and not Errno.Success)
                    return failure;
                if (_entriesLength == 0)
                    return Errno.NoEntry;
            }
            if (_places.Count == HostErrors.MaxEntries)
                return Errno.Overflow;
            if (TakeEntry(out entry))
                return Errno.Success;
        }
    }

    /// <summary>Goes on behind the entry read last, or to where it was read before, or further on.</summary>
    private Errno MoveTo(ulong cookie)
    {
        if (_reader is not null && cookie == _cookie)
            return Errno.Success;
        if (_reader is null && OpenForReading(out _reader) is var errno and not Errno.Success)
            return errno;
        if (cookie == 0)
            _places.Clear();
        if (_entries.Length == 0)
            _entries = new byte[EntriesBytes];
        _entriesAt = _entriesLength = 0;
        _cookie = Math.Min(cookie, (ulong)_places.Count);
        const int fromStart = 0;
        if (LinuxCalls.Seek(_reader, _cookie == 0 ? 0 : _places[(int)_cookie - 1], fromStart) < 0)
            return LinuxCalls.LastError();
        while (_cookie < cookie)
        {
            if (ReadNext(out _) is var unread and not Errno.Success)
                return unread;
        }
        return Errno.Success;
    }

    /// <summary>Takes one struct linux_dirent64 out of the buffer.</summary>
    private bool TakeEntry(out DirectoryEntry entry)
    {
        entry = default;
        var bytes = _entries.AsSpan(_entriesAt, _entriesLength - _entriesAt);
        var length = BinaryPrimitives.ReadUInt16LittleEndian(bytes[16..]);
        var name = bytes[EntryHeadBytes..length];
        _entriesAt += length;
        if (!PathResolver.TryDecode(name[..name.IndexOf((byte)0)], out var text))
            return false;
        if (++_cookie > (ulong)_places.Count)
            _places.Add(BinaryPrimitives.ReadInt64LittleEndian(bytes[8..]));
        entry = new DirectoryEntry(_cookie, BinaryPrimitives.ReadUInt64LittleEndian(bytes), TypeOfEntry(bytes[18]), text);
        if (entry.Type == FileType.Unknown && Find(text, out var stat) == Errno.Success)
            entry = entry with { Type = stat.Type };

        // What lies above the mount is nobody's business.
        if (depth == 0 && text is ".." && GetStat(out var self) == Errno.Success)
            entry = entry with { Inode = self.Inode };
        return true;
    }

    private static FileType TypeOfEntry(byte type) => type switch
    {
        2 => FileType.CharacterDevice,
        4 => FileType.Directory,
        6 => FileType.BlockDevice,
        8 => FileType.RegularFile,
        10 => FileType.SymbolicLink,
        12 => FileType.Socket,
        _ => FileType.Unknown,
    };
}
