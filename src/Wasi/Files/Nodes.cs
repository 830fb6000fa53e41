using System.Diagnostics.CodeAnalysis;

namespace LazyOC.Wasi;

/// <summary>A file or directory, whatever its name. Times are nanoseconds since 1970.</summary>
internal abstract class Node(ulong inode, ulong created)
{
    public ulong Inode { get; } = inode;

    public ulong AccessTime { get; set; } = created;

    public ulong ModificationTime { get; set; } = created;

    public ulong ChangeTime { get; set; } = created;

    /// <summary>Whether no directory names it any more.</summary>
    public bool IsRemoved { get; set; }
}

/// <summary>A file: bytes in memory. What it may hold is decided by <see cref="VirtualFileSystem"/>.</summary>
internal sealed class FileNode(ulong inode, ulong created, ReadOnlyMemory<byte> content) : Node(inode, created)
{
    private Memory<byte> _buffer;
    private ReadOnlyMemory<byte> _content = content;

    public int Length => _content.Length;

    /// <summary>Descriptors that refer to it.</summary>
    public int OpenCount { get; set; }

    public ReadOnlyMemory<byte> Content => _content;

    /// <summary>Changes the length; new bytes are zero.</summary>
    public void Resize(int length)
    {
        // Capacity stays within twice the length, so that the quota, which counts lengths, bounds memory too.
        if (length > _buffer.Length || length < _buffer.Length / 2)
        {
            var buffer = new byte[length > Length ? (int)Math.Clamp(Length * 2L, length, Array.MaxLength) : length];
            _content.Span[..Math.Min(Length, length)].CopyTo(buffer);
            _buffer = buffer;
        }
        else if (length > Length)
        {
            _buffer.Span[Length..length].Clear();
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

/// <summary>A directory: names in the order of their creation, each with a cookie that keeps its place for readers.</summary>
internal sealed class DirectoryNode(ulong inode, ulong created, DirectoryNode? parent) : Node(inode, created)
{
    private readonly Dictionary<string, ulong> _cookies = new(StringComparer.Ordinal);
    private readonly SortedList<ulong, DirectoryEntry> _entries = [];
    private ulong _lastCookie;

    /// <summary>The directory that names this one; <see langword="null"/> for the root.</summary>
    public DirectoryNode? Parent { get; set; } = parent;

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
        _entries.Add(cookie, new DirectoryEntry(cookie, name, node));
    }

    public void Remove(string name)
    {
        if (_cookies.Remove(name, out var cookie))
            _entries.Remove(cookie);
    }

    /// <summary>The first entry made after the one with this cookie; cookie 0 begins.</summary>
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
        entry = low < keys.Count ? _entries.Values[low] : default;
        return low < keys.Count;
    }
}

/// <summary>A name in a directory.</summary>
internal readonly record struct DirectoryEntry(ulong Cookie, string Name, Node Node);
