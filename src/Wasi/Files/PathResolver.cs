using System.Text;

namespace LazyOC.Wasi;

/// <summary>What happens when the last component of a path is a symbolic link.</summary>
internal enum LastLink
{
    /// <summary>The link itself is meant.</summary>
    Keep,

    /// <summary>Something is to be made under this name, so that what is there is only looked at.</summary>
    KeepAsName,

    /// <summary>The link itself is meant, unless a slash stands behind it.</summary>
    FollowBeforeSlash,

    /// <summary>What it leads to is meant.</summary>
    Follow,
}

/// <summary>Where a path leads. Disposing it closes the directory, unless the walk began there.</summary>
/// <param name="Directory">The directory of the last component, or the directory itself for <c>.</c> and <c>..</c>.</param>
/// <param name="Name">The last component.</param>
/// <param name="Stat">What is there; <see langword="null"/> when nothing is.</param>
/// <param name="RequiresDirectory">Whether the path ends with a slash.</param>
/// <param name="IsOwned">Whether the directory was opened by the walk.</param>
internal sealed record ResolvedPath(OpenDirectory Directory, string Name, FileStat? Stat, bool RequiresDirectory, bool IsOwned) : IDisposable
{
    /// <summary>Whether the path leads to a directory by <c>.</c> or <c>..</c>, not by its name.</summary>
    public bool IsDot => Name is "." or "..";

    public void Dispose()
    {
        if (IsOwned)
            Directory.Dispose();
    }
}

/// <summary>
/// Walks one path of a guest, component by component, never above the directory it starts from. Every file system is
/// walked by this code: <c>..</c> goes back to the directory that the walk came from, and links are read and followed here.
/// </summary>
internal ref struct PathResolver
{
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly WasiLimits _limits;
    private readonly LastLink _last;

    /// <summary>The directories from the start to where the walk is.</summary>
    private readonly List<OpenDirectory> _walk;

    /// <summary>The components that are left, the next one last.</summary>
    private readonly List<string> _left;

    private bool _requiresDirectory;
    private int _links;

    private PathResolver(WasiLimits limits, OpenDirectory start, LastLink last)
    {
        _limits = limits;
        _last = last;
        _walk = [start];
        _left = [];
    }

    private readonly OpenDirectory Here => _walk[^1];

    /// <summary>Resolves a path relative to <paramref name="start"/>.</summary>
    /// <returns>Success also when only the last component is missing.</returns>
    public static Errno Resolve(WasiLimits limits, OpenDirectory start, ReadOnlySpan<byte> path, LastLink last, out ResolvedPath resolved)
    {
        resolved = null!;
        if (path.Length > limits.PathBytes)
            return Errno.NameTooLong;
        if (!TryDecode(path, out var text))
            return Errno.IllegalByteSequence;
        var resolver = new PathResolver(limits, start, last);
        var errno = resolver.Push(text);
        if (errno == Errno.Success)
            errno = resolver.Walk(out resolved);
        resolver.Close(except: resolved?.Directory);
        // Where a link leads is not the guest's doing: it makes none on the host.
        if (errno is Errno.NotCapable or Errno.IllegalByteSequence && resolver._links == 0)
            start.TellRefused(text);
        return errno;
    }

    private Errno Walk(out ResolvedPath resolved)
    {
        resolved = null!;
        while (true)
        {
            var name = _left[^1];
            _left.RemoveAt(_left.Count - 1);
            var isLast = _left.Count == 0;
            var errno = name switch
            {
                "." => Errno.Success,
                ".." => StepUp(),
                _ when Encoding.UTF8.GetByteCount(name) > _limits.NameBytes => Errno.NameTooLong,
                _ when isLast => Finish(name, out resolved),
                _ => StepDown(name),
            };
            if (errno == Errno.Success && isLast && name is "." or "..")
                errno = FinishHere(name, out resolved);
            if (errno != Errno.Success || resolved is not null)
                return errno;
        }
    }

    private readonly Errno StepUp()
    {
        if (_walk.Count == 1)
            return Errno.NotCapable;
        Here.Dispose();
        _walk.RemoveAt(_walk.Count - 1);
        return Errno.Success;
    }

    private Errno StepDown(string name)
    {
        var errno = Here.OpenDirectoryAt(name, out var next);
        if (errno is Errno.NotDirectory or Errno.Loop && Here.Find(name, out var stat) == Errno.Success && stat.Type == FileType.SymbolicLink)
            return Follow(name);
        if (errno != Errno.Success)
            return errno;
        _walk.Add(next);
        return _walk.Count > _limits.PathDepth ? Errno.NameTooLong : Errno.Success;
    }

    /// <summary>Finds what the last component names; a link that is followed puts what it says in the component's place.</summary>
    private Errno Finish(string name, out ResolvedPath resolved)
    {
        resolved = null!;
        var errno = Here.Find(name, out var stat);
        if (errno is not (Errno.Success or Errno.NoEntry))
            return errno;
        var exists = errno == Errno.Success;
        if (exists && stat.Type == FileType.SymbolicLink && (_last == LastLink.Follow || (_last == LastLink.FollowBeforeSlash && _requiresDirectory)))
            return Follow(name);
        if (exists && _requiresDirectory && stat.Type != FileType.Directory && _last != LastLink.KeepAsName)
            return Errno.NotDirectory;
        resolved = new ResolvedPath(Here, name, exists ? stat : null, _requiresDirectory, IsOwned: _walk.Count > 1);
        return Errno.Success;
    }

    private readonly Errno FinishHere(string name, out ResolvedPath resolved)
    {
        resolved = null!;
        if (Here.GetStat(out var stat) is var errno and not Errno.Success)
            return errno;
        resolved = new ResolvedPath(Here, name, stat, _requiresDirectory, IsOwned: _walk.Count > 1);
        return Errno.Success;
    }

    private Errno Follow(string name)
    {
        if (++_links > _limits.LinkDepth)
            return Errno.Loop;
        var errno = Here.ReadLink(name, out var target);
        return errno == Errno.Success ? Push(target) : errno;
    }

    /// <summary>Puts the components of a path before those that are left.</summary>
    private Errno Push(string path)
    {
        if (path.Length == 0)
            return Errno.NoEntry;
        if (path[0] == '/')
            return Errno.NotCapable;
        if (path.Contains('\0', StringComparison.Ordinal))
            return Errno.IllegalByteSequence;
        if (_left.Count == 0)
            _requiresDirectory |= path[^1] == '/';
        var names = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        for (var i = names.Length - 1; i >= 0; i--)
            _left.Add(names[i]);
        return Errno.Success;
    }

    private readonly void Close(OpenDirectory? except)
    {
        for (var i = 1; i < _walk.Count; i++)
        {
            if (!ReferenceEquals(_walk[i], except))
                _walk[i].Dispose();
        }
    }

    public static bool TryDecode(ReadOnlySpan<byte> bytes, out string text)
    {
        try
        {
            text = StrictUtf8.GetString(bytes);
            return true;
        }
        catch (DecoderFallbackException)
        {
            text = "";
            return false;
        }
    }
}
