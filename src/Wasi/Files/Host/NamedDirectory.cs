namespace LazyOC.Wasi;

/// <summary>
/// A directory of a host that offers no calls relative to an open one: it is known by its path. Before each call every
/// directory from the mount on is seen to be no reparse point, and so is what the call names.
/// </summary>
/// <param name="system">The mount.</param>
/// <param name="paths">The full paths from the mount down to this directory.</param>
internal sealed class NamedDirectory(HostFileSystem system, string[] paths) : OpenDirectory(system)
{
    /// <summary>Entries as they were when the directory was last read from its start.</summary>
    private List<DirectoryEntry> _entries = [];

    private readonly string[] _paths = paths;

    private string Here => _paths[^1];

    public override Errno GetStat(out FileStat stat)
    {
        stat = default;
        return CheckWay() is var errno and not Errno.Success ? errno : HostErrors.Try(() => StatOf(new DirectoryInfo(Here)), out stat);
    }

    public override Errno Duplicate(out OpenDirectory opened)
    {
        opened = new NamedDirectory((HostFileSystem)System, _paths);
        return Errno.Success;
    }

    public override Errno Find(string name, out FileStat stat)
    {
        stat = default;
        if (Locate(name, out var path) is var errno and not Errno.Success)
            return errno;
        return HostErrors.Try(() => InfoOf(path) is { } info ? StatOf(info) : throw new FileNotFoundException(), out stat);
    }

    public override Errno OpenDirectoryAt(string name, out OpenDirectory opened)
    {
        opened = null!;
        if (Find(name, out var stat) is var errno and not Errno.Success)
            return errno;
        if (stat.Type != FileType.Directory)
            return Errno.NotDirectory;
        opened = new NamedDirectory((HostFileSystem)System, [.. _paths, Path.Combine(Here, name)]);
        return Errno.Success;
    }

    /// <summary>Reparse points lead nowhere here.</summary>
    public override Errno ReadLink(string name, out string target)
    {
        target = "";
        if (Find(name, out var stat) is var errno and not Errno.Success)
            return errno;
        return stat.Type == FileType.SymbolicLink ? Errno.NotCapable : Errno.Invalid;
    }

    public override Errno ReadEntry(ulong cookie, out DirectoryEntry entry)
    {
        entry = default;
        if (cookie == 0 || _entries.Count == 0)
        {
            if (CheckWay() is var errno and not Errno.Success)
                return errno;
            if (HostErrors.Try(ReadEntries, out var entries) is var unread and not Errno.Success)
                return unread;
            _entries = entries;
        }
        if (cookie >= (ulong)_entries.Count)
            return Errno.NoEntry;
        entry = _entries[(int)cookie];
        return Errno.Success;
    }

    /// <summary>Nothing is held but a path.</summary>
    public override void Dispose()
    {
    }

    protected override Errno OpenFileCore(string name, Opening opening, out OpenFile opened)
    {
        opened = null!;
        var found = Find(name, out var stat);
        if (found is not (Errno.Success or Errno.NoEntry))
            return found;
        if (found == Errno.Success && opening.HasFlag(Opening.Create | Opening.Exclusive))
            return Errno.Exists;
        if (found == Errno.Success && stat.Type != FileType.RegularFile)
            return stat.Type == FileType.Directory ? Errno.IsDirectory : Errno.Loop;
        if (found == Errno.NoEntry && !opening.HasFlag(Opening.Create))
            return found;

        var path = Path.Combine(Here, name);
        var mode = found == Errno.NoEntry ? FileMode.CreateNew : FileMode.Open;
        var access = found == Errno.NoEntry || (opening & (Opening.Write | Opening.Truncate)) != Opening.None ? FileAccess.ReadWrite : FileAccess.Read;
        const FileShare all = FileShare.ReadWrite | FileShare.Delete;
        if (HostErrors.Try(() => File.OpenHandle(path, mode, access, all), out var handle) is var errno and not Errno.Success)
            return errno;
        opened = new NamedFile((HostFileSystem)System, handle, path);
        return opening.HasFlag(Opening.Truncate) && found == Errno.Success ? opened.SetSize(0) : Errno.Success;
    }

    protected override Errno CreateDirectoryCore(string name)
    {
        var found = Find(name, out _);
        return found == Errno.NoEntry ? HostErrors.Try(() => Directory.CreateDirectory(Path.Combine(Here, name)), out _)
            : found == Errno.Success ? Errno.Exists : found;
    }

    protected override Errno CreateLinkCore(string name, string target) => Errno.NotSupported;

    protected override Errno LinkCore(string name, OpenDirectory to, string toName) => Errno.NotSupported;

    protected override Errno RenameCore(string name, OpenDirectory to, string toName)
    {
        var target = (NamedDirectory)to;
        if (Find(name, out var moved) is var errno and not Errno.Success)
            return errno;
        var found = target.Find(toName, out var replaced);
        if (found is not (Errno.Success or Errno.NoEntry))
            return found;
        var (path, toPath) = (Path.Combine(Here, name), Path.Combine(target.Here, toName));
        if (string.Equals(path, toPath, StringComparison.Ordinal))
            return Errno.Success;
        var isDirectory = moved.Type == FileType.Directory;
        if (isDirectory && target._paths.Contains(path, StringComparer.Ordinal))
            return Errno.Invalid;
        if (found == Errno.Success && isDirectory != (replaced.Type == FileType.Directory))
            return isDirectory ? Errno.NotDirectory : Errno.IsDirectory;
        return HostErrors.Try(() => Move(path, toPath, isDirectory, replaces: found == Errno.Success), out _);
    }

    protected override Errno UnlinkCore(string name)
    {
        if (Find(name, out var stat) is var errno and not Errno.Success)
            return errno;
        if (stat.Type == FileType.Directory)
            return Errno.IsDirectory;
        return HostErrors.Try(() => Delete(InfoOf(Path.Combine(Here, name))), out _);
    }

    protected override Errno RemoveDirectoryCore(string name)
    {
        if (Find(name, out var stat) is var errno and not Errno.Success)
            return errno;
        if (stat.Type != FileType.Directory)
            return Errno.NotDirectory;
        var path = Path.Combine(Here, name);
        if (HostErrors.Try(() => Directory.EnumerateFileSystemEntries(path).Any(), out var hasEntries) is var unread and not Errno.Success)
            return unread;
        return hasEntries ? Errno.NotEmpty : HostErrors.Try(() => Delete(new DirectoryInfo(path)), out _);
    }

    protected override Errno SetTimesCore(FileTimes times) =>
        CheckWay() is var errno and not Errno.Success ? errno : HostErrors.Try(() => SetTimesOf(new DirectoryInfo(Here), times), out _);

    protected override Errno SetTimesCore(string name, FileTimes times)
    {
        if (Find(name, out var stat) is var errno and not Errno.Success)
            return errno;
        if (stat.Type == FileType.SymbolicLink)
            return Errno.NotCapable;
        return HostErrors.Try(() => SetTimesOf(InfoOf(Path.Combine(Here, name))!, times), out _);
    }

    /// <summary>What a path names; a link is what it is, not what it leads to.</summary>
    internal static FileSystemInfo? InfoOf(string path)
    {
        FileSystemInfo info = new FileInfo(path);
        if (info.Exists || info.LinkTarget is not null)
            return info;
        info = new DirectoryInfo(path);
        return info.Exists ? info : null;
    }

    internal static FileStat StatOf(FileSystemInfo info)
    {
        var type = info.Attributes.HasFlag(FileAttributes.ReparsePoint) ? FileType.SymbolicLink
            : info is DirectoryInfo ? FileType.Directory : FileType.RegularFile;
        return new FileStat(
            Device: 0, InodeOf(info.FullName), type, type == FileType.Directory ? 2UL : 1, info is FileInfo file && type == FileType.RegularFile ? (ulong)file.Length : 0,
            WasiTime.ToNanoseconds(new DateTimeOffset(info.LastAccessTimeUtc)), WasiTime.ToNanoseconds(new DateTimeOffset(info.LastWriteTimeUtc)), WasiTime.ToNanoseconds(new DateTimeOffset(info.LastWriteTimeUtc)));
    }

    /// <summary>These systems tell no number of a file: one that its path gives (FNV-1a).</summary>
    private static ulong InodeOf(string path)
    {
        var hash = 14_695_981_039_346_656_037UL;
        foreach (var character in path)
            hash = unchecked((hash ^ character) * 1_099_511_628_211UL);
        return hash >> 2;
    }

    private static bool SetTimesOf(FileSystemInfo info, FileTimes times)
    {
        if (times.Access is { } access)
            info.LastAccessTimeUtc = WasiTime.ToDateTime(access);
        if (times.Modification is { } modification)
            info.LastWriteTimeUtc = WasiTime.ToDateTime(modification);
        return true;
    }

    private static bool Move(string path, string toPath, bool isDirectory, bool replaces)
    {
        if (!isDirectory)
        {
            File.Move(path, toPath, overwrite: true);
            return true;
        }
        if (replaces)
            Directory.Delete(toPath);
        Directory.Move(path, toPath);
        return true;
    }

    private static bool Delete(FileSystemInfo? info)
    {
        info?.Delete();
        return true;
    }

    private List<DirectoryEntry> ReadEntries()
    {
        var entries = new List<DirectoryEntry>
        {
            new(1, InodeOf(Here), FileType.Directory, "."),
            new(2, InodeOf(_paths.Length > 1 ? _paths[^2] : Here), FileType.Directory, ".."),
        };
        foreach (var info in new DirectoryInfo(Here).EnumerateFileSystemInfos())
        {
            if (entries.Count == HostErrors.MaxEntries)
                throw new IOException($"{Here} has more than {HostErrors.MaxEntries} entries");
            var stat = StatOf(info);
            entries.Add(new DirectoryEntry((ulong)entries.Count + 1, stat.Inode, stat.Type, info.Name));
        }
        return entries;
    }

    private Errno CheckWay()
    {
        foreach (var path in _paths)
        {
            var isMount = ReferenceEquals(path, _paths[0]);
            if (HostErrors.Try(() => File.GetAttributes(path), out var attributes) is var errno and not Errno.Success)
                return errno;
            if (!isMount && attributes.HasFlag(FileAttributes.ReparsePoint))
                return Errno.NotCapable;
        }
        return Errno.Success;
    }

    private Errno Locate(string name, out string path)
    {
        path = "";
        if (!HostErrors.IsPlainName(name))
            return Errno.Invalid;
        path = Path.Combine(Here, name);
        return CheckWay();
    }
}
