using System.Text;

namespace LazyOC.Wasi;

/// <summary>Where a path leads.</summary>
/// <param name="Directory">The directory of the last component.</param>
/// <param name="Name">The last component; empty when the path leads to a directory by <c>.</c> or <c>..</c>.</param>
/// <param name="Node">What is there; <see langword="null"/> when nothing is.</param>
/// <param name="RequiresDirectory">Whether the path ends with a slash.</param>
internal readonly record struct ResolvedPath(DirectoryNode Directory, string Name, Node? Node, bool RequiresDirectory);

/// <summary>Walks paths of guests, component by component, never above the directory they start from.</summary>
internal static class PathResolver
{
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public static Errno Resolve(VirtualFileSystem system, DirectoryNode start, string path, out ResolvedPath resolved) =>
        Resolve(system, start, Encoding.UTF8.GetBytes(path), out resolved);

    /// <summary>Resolves a path relative to <paramref name="start"/>.</summary>
    /// <returns>Success also when only the last component is missing.</returns>
    public static Errno Resolve(VirtualFileSystem system, DirectoryNode start, ReadOnlySpan<byte> path, out ResolvedPath resolved)
    {
        resolved = default;
        if (path.IsEmpty)
            return Errno.NoEntry;
        if (path[0] == '/')
            return Errno.NotCapable;
        if (path.Contains((byte)0))
            return Errno.IllegalByteSequence;

        var requiresDirectory = path[^1] == '/';
        path = path.TrimEnd((byte)'/');
        var at = new ResolvedPath(start, "", start, requiresDirectory);
        while (!path.IsEmpty)
        {
            var length = path.IndexOf((byte)'/');
            var component = length < 0 ? path : path[..length];
            path = length < 0 ? default : path[(length + 1)..];
            if (component.IsEmpty)
                continue;
            if (Step(system, start, component, ref at) is var errno and not Errno.Success)
                return errno;
        }
        if (requiresDirectory && at.Node is FileNode)
            return Errno.NotDirectory;
        resolved = at;
        return Errno.Success;
    }

    private static Errno Step(VirtualFileSystem system, DirectoryNode start, ReadOnlySpan<byte> component, ref ResolvedPath at)
    {
        if (at.Node is null)
            return Errno.NoEntry;
        if (at.Node is not DirectoryNode directory)
            return Errno.NotDirectory;
        if (component.SequenceEqual("."u8))
        {
            at = at with { Directory = directory, Name = "", Node = directory };
            return Errno.Success;
        }
        if (component.SequenceEqual(".."u8))
            return StepUp(start, directory, ref at);
        if (system.IsNameTooLong(component))
            return Errno.NameTooLong;
        if (!TryDecode(component, out var name))
            return Errno.IllegalByteSequence;
        directory.TryGet(name, out var node);
        at = at with { Directory = directory, Name = name, Node = node };
        return Errno.Success;
    }

    private static Errno StepUp(DirectoryNode start, DirectoryNode directory, ref ResolvedPath at)
    {
        if (ReferenceEquals(directory, start) || directory.Parent is not { } parent)
            return Errno.NotCapable;
        at = at with { Directory = parent, Name = "", Node = parent };
        return Errno.Success;
    }

    private static bool TryDecode(ReadOnlySpan<byte> component, out string name)
    {
        try
        {
            name = StrictUtf8.GetString(component);
            return true;
        }
        catch (DecoderFallbackException)
        {
            name = "";
            return false;
        }
    }
}
