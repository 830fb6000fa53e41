namespace LazyOC.Wasi;

/// <content>Opening what a path names.</content>
public sealed partial class WasiContext
{
    [Flags]
    private enum OpenFlags
    {
        None = 0,
        Create = 1,
        Directory = 2,
        Exclusive = 4,
        Truncate = 8,
        All = Create | Directory | Exclusive | Truncate,
    }

    private Errno Open(
        GuestMemory memory, int fd, int lookup, GuestText path, OpenFlags open, Rights rights, Rights inheriting, int flags, uint result)
    {
        if ((lookup & ~FollowFlag) != 0 || (open & ~OpenFlags.All) != OpenFlags.None || (flags & ~(int)DescriptorFlags.All) != 0
            || open.HasFlag(OpenFlags.Create | OpenFlags.Directory))
            return Errno.Invalid;
        var needed = Rights.Open
            | (open.HasFlag(OpenFlags.Create) ? Rights.CreateFile : Rights.None)
            | (open.HasFlag(OpenFlags.Truncate) ? Rights.PathSetSize : Rights.None);

        // POSIX: an exclusive file never comes about at the end of a link.
        var last = open.HasFlag(OpenFlags.Create | OpenFlags.Exclusive) ? LastLink.Keep
            : lookup == FollowFlag ? LastLink.Follow : LastLink.FollowBeforeSlash;
        if (Resolve(memory, fd, needed, path, last, out var resolved) is var errno and not Errno.Success)
            return errno;
        using (resolved)
        {
            if (_descriptors.IsFull)
                return Errno.TooManyDescriptors;
            if (!memory.TryGetSpan(result, sizeof(uint), out _))
                return Errno.Fault;
            if (Find<DirectoryDescriptor>(fd, needed, out var parent) is var gone and not Errno.Success)
                return gone;
            var opening = new PathOpening(parent.Inheriting, open, rights & Rights.All, inheriting & Rights.All, (DescriptorFlags)flags);
            if (Open(resolved, opening, out var descriptor) is var failure and not Errno.Success)
                return failure;
            return memory.Write(result, (uint)_descriptors.Add(descriptor));
        }
    }

    /// <summary>What a guest asks for.</summary>
    private readonly record struct PathOpening(Rights Allowed, OpenFlags Open, Rights Rights, Rights Inheriting, DescriptorFlags Flags)
    {
        /// <summary>What a file opened this way needs of the directory for its flags.</summary>
        public Rights FlagRights =>
            (Flags.HasFlag(DescriptorFlags.DataSync) ? Rights.DataSync : Rights.None)
            | ((Flags & (DescriptorFlags.Sync | DescriptorFlags.ReadSync)) != DescriptorFlags.None ? Rights.Sync : Rights.None);
    }

    private static Errno Open(ResolvedPath path, in PathOpening opening, out Descriptor descriptor)
    {
        descriptor = null!;
        var isCreate = opening.Open.HasFlag(OpenFlags.Create);
        if (path.Stat is not { } stat)
        {
            if (!isCreate)
                return Errno.NoEntry;
            return path.RequiresDirectory ? Errno.IsDirectory : OpenFile(path, opening, out descriptor);
        }
        if (isCreate && opening.Open.HasFlag(OpenFlags.Exclusive))
            return Errno.Exists;
        switch (stat.Type)
        {
            case FileType.SymbolicLink:
                return Errno.Loop;
            case FileType.Directory when isCreate || opening.Open.HasFlag(OpenFlags.Truncate) || opening.Rights.HasFlag(Rights.Write):
                return Errno.IsDirectory;
            case FileType.Directory:
                return OpenDirectory(path, opening, out descriptor);
            default:
                return opening.Open.HasFlag(OpenFlags.Directory) ? Errno.NotDirectory : OpenFile(path, opening, out descriptor);
        }
    }

    /// <summary>
    /// Rights that make no sense for a directory are left out; those that do, and that may not be passed on, are
    /// refused. Source: WASI preview 1, <c>path_open</c>, on <c>fs_rights_base</c>.
    /// </summary>
    private static Errno OpenDirectory(ResolvedPath path, in PathOpening opening, out Descriptor descriptor)
    {
        descriptor = null!;
        var rights = opening.Rights & Rights.Directory;
        if ((rights & ~opening.Allowed) != Rights.None || (opening.Inheriting & ~opening.Allowed) != Rights.None || (opening.FlagRights & ~opening.Allowed) != Rights.None)
            return Errno.NotCapable;
        var errno = path.IsDot ? path.Directory.Duplicate(out var opened) : path.Directory.OpenDirectoryAt(path.Name, out opened);
        if (errno == Errno.Success)
            descriptor = new DirectoryDescriptor(opened, rights, opening.Inheriting) { Flags = opening.Flags };
        return errno;
    }

    private static Errno OpenFile(ResolvedPath path, in PathOpening opening, out Descriptor descriptor)
    {
        descriptor = null!;
        var rights = opening.Rights & Rights.File;
        if ((rights & ~opening.Allowed) != Rights.None || (opening.FlagRights & ~opening.Allowed) != Rights.None)
            return Errno.NotCapable;
        var how = (opening.Open.HasFlag(OpenFlags.Create) ? Opening.Create : Opening.None)
            | (opening.Open.HasFlag(OpenFlags.Exclusive) ? Opening.Exclusive : Opening.None)
            | (opening.Open.HasFlag(OpenFlags.Truncate) ? Opening.Truncate : Opening.None)
            | (rights.HasFlag(Rights.Write) ? Opening.Write : Opening.None);
        var errno = Errno.Access;
        OpenFile file = null!;

        // The right to change the size alone is worth what the file system makes of it.
        if (!rights.HasFlag(Rights.Write) && (rights & (Rights.SetSize | Rights.Allocate)) != Rights.None)
            errno = path.Directory.OpenFile(path.Name, how | Opening.Write, out file);
        if (errno is Errno.Access or Errno.NotPermitted or Errno.ReadOnly or Errno.TextBusy)
            errno = path.Directory.OpenFile(path.Name, how, out file);
        if (errno == Errno.Success)
            descriptor = new FileDescriptor(file, rights, opening.Flags);
        return errno;
    }
}
