namespace LazyOC.Wasi;

/// <summary>
/// An open directory: all that the three file systems have to know how to do. Names are single components, never
/// <c>.</c> or <c>..</c>, and no operation follows a link: paths are walked by <see cref="PathResolver"/> alone.
/// </summary>
internal abstract class OpenDirectory(VirtualFileSystem system) : OpenNode(system)
{
    /// <summary>The same directory, held open once more.</summary>
    public abstract Errno Duplicate(out OpenDirectory opened);

    public abstract Errno Find(string name, out FileStat stat);

    /// <summary>Opens a directory in this one; a link is <see cref="Errno.Loop"/> or <see cref="Errno.NotDirectory"/>.</summary>
    public abstract Errno OpenDirectoryAt(string name, out OpenDirectory opened);

    /// <summary>Opens a regular file; a link is <see cref="Errno.Loop"/>, what is neither is <see cref="Errno.NotSupported"/>.</summary>
    public Errno OpenFile(string name, Opening opening, out OpenFile opened)
    {
        opened = null!;
        if (!System.IsReadOnly)
            return OpenFileCore(name, opening, out opened);
        return Find(name, out _) switch
        {
            Errno.NoEntry when opening.HasFlag(Opening.Create) => Errno.ReadOnly,
            Errno.Success when opening.HasFlag(Opening.Create | Opening.Exclusive) => Errno.Exists,
            Errno.Success when (opening & (Opening.Write | Opening.Truncate)) != Opening.None => Errno.ReadOnly,
            Errno.Success => OpenFileCore(name, Opening.None, out opened),
            var errno => errno,
        };
    }

    public abstract Errno ReadLink(string name, out string target);

    /// <summary>The entry that a cookie leads to, <c>.</c> and <c>..</c> included; cookie 0 begins.</summary>
    /// <returns><see cref="Errno.NoEntry"/> behind the last one.</returns>
    public abstract Errno ReadEntry(ulong cookie, out DirectoryEntry entry);

    public Errno CreateDirectory(string name) => System.IsReadOnly ? RefuseNew(name) : CreateDirectoryCore(name);

    /// <summary>Makes a symbolic link; what it says is not looked at.</summary>
    public Errno CreateLink(string name, string target) => System.IsReadOnly ? RefuseNew(name) : CreateLinkCore(name, target);

    /// <summary>Gives a file or link one more name, in a directory of the same file system.</summary>
    public Errno Link(string name, OpenDirectory to, string toName) => System.IsReadOnly ? Errno.ReadOnly : LinkCore(name, to, toName);

    /// <summary>Moves an entry to a directory of the same file system; what is in the way is replaced as POSIX says.</summary>
    public Errno Rename(string name, OpenDirectory to, string toName) => System.IsReadOnly ? Errno.ReadOnly : RenameCore(name, to, toName);

    /// <summary>Removes the name of a file or link.</summary>
    public Errno Unlink(string name) => System.IsReadOnly ? Errno.ReadOnly : UnlinkCore(name);

    /// <summary>Removes an empty directory.</summary>
    public Errno RemoveDirectory(string name) => System.IsReadOnly ? Errno.ReadOnly : RemoveDirectoryCore(name);

    public Errno SetTimes(string name, FileTimes times) => System.IsReadOnly ? Errno.ReadOnly : SetTimesCore(name, times);

    /// <summary>Told a path from here, in the guest's own words, that leads to where no guest may go.</summary>
    public virtual void TellRefused(string path)
    {
    }

    /// <summary>Whether nothing but <c>.</c> and <c>..</c> is in it.</summary>
    protected Errno GetIsEmpty(out bool isEmpty)
    {
        isEmpty = false;
        for (var cookie = 0UL; ;)
        {
            var errno = ReadEntry(cookie, out var entry);
            if (errno != Errno.Success)
            {
                isEmpty = errno == Errno.NoEntry;
                return isEmpty ? Errno.Success : errno;
            }
            if (!entry.IsDot)
                return Errno.Success;
            cookie = entry.Next;
        }
    }

    protected abstract Errno OpenFileCore(string name, Opening opening, out OpenFile opened);

    protected abstract Errno CreateDirectoryCore(string name);

    protected abstract Errno CreateLinkCore(string name, string target);

    protected abstract Errno LinkCore(string name, OpenDirectory to, string toName);

    protected abstract Errno RenameCore(string name, OpenDirectory to, string toName);

    protected abstract Errno UnlinkCore(string name);

    protected abstract Errno RemoveDirectoryCore(string name);

    protected abstract Errno SetTimesCore(string name, FileTimes times);

    private Errno RefuseNew(string name) => Find(name, out _) == Errno.Success ? Errno.Exists : Errno.ReadOnly;
}
