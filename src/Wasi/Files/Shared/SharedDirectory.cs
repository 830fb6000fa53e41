namespace LazyOC.Wasi;

/// <summary>A directory of a <see cref="SharedFileSystem"/>.</summary>
internal sealed class SharedDirectory(SharedFileSystem system, OpenDirectory inner, string path) : OpenDirectory(system)
{
    private readonly SharedFileSystem _shared = system;
    private readonly OpenDirectory _inner = inner;

    public override Errno GetStat(out FileStat stat)
    {
        lock (_shared.Gate)
            return _inner.GetStat(out stat);
    }

    public override Errno Sync(bool isDataOnly)
    {
        lock (_shared.Gate)
            return _inner.Sync(isDataOnly);
    }

    public override Errno Duplicate(out OpenDirectory opened)
    {
        OpenDirectory directory;
        Errno errno;
        lock (_shared.Gate)
            errno = _inner.Duplicate(out directory);
        opened = errno == Errno.Success ? new SharedDirectory(_shared, directory, path) : null!;
        return errno;
    }

    public override Errno Find(string name, out FileStat stat)
    {
        lock (_shared.Gate)
            return _inner.Find(name, out stat);
    }

    public override Errno OpenDirectoryAt(string name, out OpenDirectory opened)
    {
        OpenDirectory directory;
        Errno errno;
        lock (_shared.Gate)
            errno = _inner.OpenDirectoryAt(name, out directory);
        opened = errno == Errno.Success ? new SharedDirectory(_shared, directory, PathOf(name)) : null!;
        return errno;
    }

    public override Errno ReadLink(string name, out string target)
    {
        lock (_shared.Gate)
            return _inner.ReadLink(name, out target);
    }

    public override Errno ReadEntry(ulong cookie, out DirectoryEntry entry)
    {
        lock (_shared.Gate)
            return _inner.ReadEntry(cookie, out entry);
    }

    public override void TellRefused(string path) => _shared.TellRefused(PathOf(path));

    public override void Dispose()
    {
        lock (_shared.Gate)
            _inner.Dispose();
    }

    protected override Errno OpenFileCore(string name, Opening opening, out OpenFile opened)
    {
        OpenFile file;
        Errno errno;
        lock (_shared.Gate)
            errno = _inner.OpenFile(name, opening, out file);
        opened = errno == Errno.Success ? new SharedFile(_shared, file) : null!;
        if (errno == Errno.Success)
            _shared.Tell("path_open", PathOf(name), opening != Opening.None);
        return errno;
    }

    protected override Errno CreateDirectoryCore(string name)
    {
        lock (_shared.Gate)
            return Told(_inner.CreateDirectory(name), "path_create_directory", name);
    }

    protected override Errno CreateLinkCore(string name, string target)
    {
        Errno errno;
        lock (_shared.Gate)
            errno = Told(_inner.CreateLink(name, target), "path_symlink", name);
        if (errno != Errno.Success)
            TellRefused(target);
        return errno;
    }

    protected override Errno LinkCore(string name, OpenDirectory to, string toName)
    {
        lock (_shared.Gate)
            return Told(_inner.Link(name, ((SharedDirectory)to)._inner, toName), "path_link", name);
    }

    protected override Errno RenameCore(string name, OpenDirectory to, string toName)
    {
        lock (_shared.Gate)
            return Told(_inner.Rename(name, ((SharedDirectory)to)._inner, toName), "path_rename", name);
    }

    protected override Errno UnlinkCore(string name)
    {
        lock (_shared.Gate)
            return Told(_inner.Unlink(name), "path_unlink_file", name);
    }

    protected override Errno RemoveDirectoryCore(string name)
    {
        lock (_shared.Gate)
            return Told(_inner.RemoveDirectory(name), "path_remove_directory", name);
    }

    protected override Errno SetTimesCore(FileTimes times)
    {
        lock (_shared.Gate)
            return _inner.SetTimes(times);
    }

    protected override Errno SetTimesCore(string name, FileTimes times)
    {
        lock (_shared.Gate)
            return Told(_inner.SetTimes(name, times), "path_filestat_set_times", name);
    }

    private string PathOf(string name) => path.Length == 0 ? name : $"{path}/{name}";

    private Errno Told(Errno errno, string call, string name)
    {
        if (errno == Errno.Success)
            _shared.Tell(call, PathOf(name), isChange: true);
        return errno;
    }
}
