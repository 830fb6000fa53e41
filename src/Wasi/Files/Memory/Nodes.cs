using System.Diagnostics.CodeAnalysis;

namespace LazyOC.Wasi;

/// <summary>A file, directory or link in memory, whatever its names. Times are nanoseconds since 1970.</summary>
internal abstract class Node(ulong inode, ulong created)
{
    public ulong Inode { get; } = inode;

    public abstract FileType Type { get; }

    /// <summary>Bytes that count against the quota.</summary>
    public abstract long Length { get; }

    public ulong AccessTime { get; set; } = created;

    public ulong ModificationTime { get; set; } = created;

    public ulong ChangeTime { get; set; } = created;

    /// <summary>Names that lead to it.</summary>
    public ulong Links { get; set; }

    /// <summary>Descriptors that refer to it.</summary>
    public int OpenCount { get; set; }

    /// <summary>Gives back what it holds, once nothing leads to it.</summary>
    public virtual void Clear()
    {
    }
}

/// <summary>A file: bytes in memory. What it may hold is decided by <see cref="NodeStore"/>.</summary>
internal sealed class FileNode(ulong inode, ulong created, ReadOnlyMemory<byte> content) : Node(inode, created)
{
    private readonly FetchedFile? _fetched;
    private Memory<byte> _buffer;
    private ReadOnlyMemory<byte> _content = content;

    /// <summary>A file that is only read, and is not in memory while nobody reads it.</summary>
    public FileNode(ulong inode, ulong created, FetchedFile fetched)
        : this(inode, created, content: default) => _fetched = fetched;

    public override FileType Type => FileType.RegularFile;

    public override long Length => _fetched?.Length ?? _content.Length;

    public ReadOnlyMemory<byte> Content => _content;

    /// <summary>What is in it; false when it cannot be fetched.</summary>
    public bool TryGetContent(out ReadOnlyMemory<byte> bytes)
    {
        bytes = _content;
        return _fetched is null || _fetched.TryGet(out bytes);
    }

    public override void Clear() => Resize(0);

    /// <summary>Changes the length; new bytes are zero.</summary>
    public void Resize(int length)
    {
        var present = _content.Length;

        // Capacity stays within twice the length, so that the quota, which counts lengths, bounds memory too.
        if (length > _buffer.Length || length < _buffer.Length / 2)
        {
            var buffer = new byte[length > present ? (int)Math.Clamp(present * 2L, length, Array.MaxLength) : length];
            _content.Span[..Math.Min(present, length)].CopyTo(buffer);
            _buffer = buffer;
        }
        else if (length > present)
        {
            _buffer.Span[present..length].Clear();
        }
        _content = _buffer[..length];
    }

    /// <summary>Overwrites bytes inside the present length.</summary>
    public void Write(int position, ReadOnlySpan<byte> bytes)
    {
        if (_buffer.IsEmpty)
            _content = _buffer = _content.ToArray();
        bytes.CopyTo(_buffer.Span[position..]);
    }
}

/// <summary>A symbolic link.</summary>
internal sealed class LinkNode(ulong inode, ulong created, string target, int targetBytes) : Node(inode, created)
{
    public string Target { get; } = target;

    public override FileType Type => FileType.SymbolicLink;

    public override long Length => IsCleared ? 0 : targetBytes;

    private bool IsCleared { get; set; }

    public override void Clear() => IsCleared = true;
}

/// <summary>A directory: names in the order of their creation, each with a cookie that keeps its place for readers.</summary>
internal sealed class DirectoryNode(ulong inode, ulong created, DirectoryNode? parent) : Node(inode, created)
{
    /// <summary>The cookies behind <c>.</c> and <c>..</c>.</summary>
    public const ulong DotCookies = 2;

    private readonly Dictionary<string, ulong> _cookies = new(StringComparer.Ordinal);
    private readonly SortedList<ulong, (string Name, Node Node)> _entries = [];
    private ulong _lastCookie = DotCookies;

    public override FileType Type => FileType.Directory;

    public override long Length => 0;

    /// <summary>The directory that names this one; <see langword="null"/> for the root.</summary>
    public DirectoryNode? Parent { get; set; } = parent;

    /// <summary>Whether no directory names it any more; nothing can be made in it then.</summary>
    public bool IsRemoved { get; set; }

    /// <summary>Directories in it.</summary>
    public ulong DirectoryCount { get; private set; }

    /// <summary>Names of the lower tree that are hidden, in an overlay.</summary>
    public HashSet<string>? Whiteouts { get; set; }

    /// <summary>How many of those are directories.</summary>
    public ulong HiddenDirectoryCount { get; set; }

    public bool IsEmpty => _entries.Count == 0;

    public bool TryGet(string name, [NotNullWhen(true)] out Node? node)
    {
        node = _cookies.TryGetValue(name, out var cookie) ? _entries[cookie].Node : null;
        return node is not null;
    }

    public void Add(string name, Node node)
    {
        var cookie = ++_lastCookie;
        _cookies.Add(name, cookie);
        _entries.Add(cookie, (name, node));
        DirectoryCount += node is DirectoryNode ? 1UL : 0;
    }

    public void Remove(string name)
    {
        if (!_cookies.Remove(name, out var cookie))
            return;
        DirectoryCount -= _entries[cookie].Node is DirectoryNode ? 1UL : 0;
        _entries.Remove(cookie);
    }

    /// <summary>The first entry made after the one with this cookie.</summary>
    public bool TryGetNext(ulong cookie, out DirectoryEntry entry)
    {
        var keys = _entries.Keys;
        int low = 0, high = keys.Count;
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (keys[middle] <= cookie)
                low = middle + 1;
            else
                high = middle;
        }
        if (low == keys.Count)
        {
            entry = default;
            return false;
        }
        var (name, node) = _entries.Values[low];
        entry = new DirectoryEntry(keys[low], node.Inode, node.Type, name);
        return true;
    }
}
