using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using LazyOC.Plugins.Contracts.Calls;
using LazyOC.Plugins.Contracts.Messages;
using LazyOC.Plugins.Sandbox.Broker;
using LazyOC.Wasi;

namespace LazyOC.Plugins.Sandbox.Files;

/// <content>What the calls <c>files.*</c> do.</content>
public sealed partial class PluginFiles
{
    /// <summary>How a file is called while it is written: what it replaces is there, whole, until it is.</summary>
    private const string PendingPrefix = ".lazyoc-";

    private static long _lastPending;

    /// <summary>Reads a part of a file, at most <see cref="FileLimits.ReadBytes"/>.</summary>
    public CallOutcome<FilesReadAnswer> Read(FilePath path, long offset, int? length) => Use<FilesReadAnswer>(path, LastLink.Follow, found =>
    {
        if (found.Stat is not { } stat) return Missing(path);
        if (stat.Type != FileType.RegularFile) return NoFile(path, stat.Type);
        var errno = found.Directory.OpenFile(found.Name, Opening.None, out var file);
        if (errno != Errno.Success) return FileErrors.Of(errno, path);
        using (file)
        {
            if (file.GetStat(out stat) is var unknown and not Errno.Success) return FileErrors.Of(unknown, path);
            var left = Math.Max(0, (long)stat.Size - offset);
            var bytes = new byte[Math.Min(Math.Min(length ?? Limits.ReadBytes, Limits.ReadBytes), left)];
            var total = 0;
            while (total < bytes.Length)
            {
                errno = file.Read((ulong)(offset + total), bytes.AsSpan(total), out var read);
                if (errno != Errno.Success) return FileErrors.Of(errno, path);
                if (read == 0) break;
                total += read;
            }
            return new FilesReadAnswer { Data = new Base64Bytes { Base64 = bytes.AsMemory(0, total) }, Size = (long)stat.Size };
        }
    });

    /// <summary>Writes a file: whole, behind its end, or at a place in it. Folders that are missing on the way are made.</summary>
    /// <remarks>A file that is written whole is replaced in one step; when that fails, what was there before is.</remarks>
    public CallOutcome<Nothing> Write(FilePath path, ReadOnlyMemory<byte> bytes, bool append, long? offset)
    {
        if (path.IsRoot) return new CallError(ErrorCode.Invalid, $"`{path}` is a folder");
        lock (_gate)
        {
            if (MakeParents(path) is { } failed) return failed;
        }
        return Use<Nothing>(path, LastLink.Follow, found =>
        {
            if (found.Stat is { Type: not FileType.RegularFile and var type }) return NoFile(path, type);
            var errno = append || offset is not null ? WriteInto(found, bytes.Span, offset) : Replace(found, bytes.Span);
            return errno == Errno.Success ? new Nothing() : FileErrors.Of(errno, path);
        });
    }

    /// <summary>What is in a folder, at most <see cref="FileLimits.ListedEntries"/> of it.</summary>
    public CallOutcome<FilesListAnswer> List(FilePath path)
    {
        if (path.Root is "/" or MountRoot && path.IsRoot) return ListRoots(path.Root);
        return Use<FilesListAnswer>(path, LastLink.Follow, found =>
        {
            if (found.Stat is not { } stat) return Missing(path);
            if (stat.Type != FileType.Directory) return new CallError(ErrorCode.Invalid, $"`{path}` is not a folder");
            var errno = found.IsDot ? found.Directory.Duplicate(out var folder) : found.Directory.OpenDirectoryAt(found.Name, out folder);
            if (errno != Errno.Success) return FileErrors.Of(errno, path);
            using (folder)
            {
                var entries = ImmutableArray.CreateBuilder<ListedFile>();
                for (var cookie = 0UL; ;)
                {
                    errno = folder.ReadEntry(cookie, out var entry);
                    if (errno == Errno.NoEntry) return new FilesListAnswer { Entries = entries.DrainToImmutable() };
                    if (errno != Errno.Success) return FileErrors.Of(errno, path);
                    cookie = entry.Next;
                    if (entry.IsDot || entry.Name.StartsWith(PendingPrefix, StringComparison.Ordinal)) continue;
                    if (entries.Count == Limits.ListedEntries) return new FilesListAnswer { Entries = entries.DrainToImmutable(), More = true };
                    // One that is gone by now was never there.
                    if (folder.Find(entry.Name, out var known) == Errno.Success) entries.Add(Listed(entry.Name, known));
                }
            }
        });
    }

    /// <summary>What is known of a file or folder.</summary>
    public CallOutcome<ListedFile> Stat(FilePath path) => Use<ListedFile>(path, LastLink.Follow, found =>
        found.Stat is { } stat ? Listed(path.IsRoot ? path.Root[(path.Root.LastIndexOf('/') + 1)..] : found.Name, stat) : Missing(path));

    /// <summary>Deletes a file, a link or an empty folder.</summary>
    public CallOutcome<Nothing> Delete(FilePath path) => Use<Nothing>(path, LastLink.Keep, found =>
    {
        if (found.Stat is not { } stat) return Missing(path);
        if (path.IsRoot) return new CallError(ErrorCode.Invalid, $"`{path}` stays as long as the plugin runs");
        var errno = stat.Type == FileType.Directory ? found.Directory.RemoveDirectory(found.Name) : found.Directory.Unlink(found.Name);
        return errno == Errno.Success ? new Nothing() : FileErrors.Of(errno, path);
    });

    /// <summary>Moves a file or folder within one tree; a file that is in the way is replaced.</summary>
    public CallOutcome<Nothing> Rename(FilePath from, FilePath to)
    {
        if (from.IsRoot || to.IsRoot) return new CallError(ErrorCode.Invalid, $"`{(from.IsRoot ? from : to)}` stays as long as the plugin runs");
        if (from.Root != to.Root) return new CallError(ErrorCode.Invalid, $"`{from}` cannot be moved to `{to}`: write it there and delete it here");
        return Use<Nothing>(from, LastLink.Keep, found =>
        {
            if (found.Stat is null) return Missing(from);
            return Use<Nothing>(to, LastLink.Keep, target =>
            {
                var errno = found.Directory.Rename(found.Name, target.Directory, target.Name);
                return errno == Errno.Success ? new Nothing() : FileErrors.Of(errno, to);
            });
        });
    }

    private CallOutcome<T> Use<T>(FilePath path, LastLink last, Func<ResolvedPath, CallOutcome<T>> use)
    {
        lock (_gate)
        {
            if (_disposed) return new CallError(ErrorCode.Cancelled, "this plugin instance has ended");
            if (!_trees.Value.TryGetValue(path.Root, out var tree)) return NoTree(path);
            var errno = tree.OpenRoot(out var root);
            if (errno != Errno.Success) return FileErrors.Of(errno, path);
            using (root)
            {
                errno = Resolve(root, path.IsRoot ? "." : path.Rest, last, out var found);
                if (errno != Errno.Success) return FileErrors.Of(errno, path);
                using (found)
                {
                    if (found.IsDot && found.Directory.GetStat(out var here) == Errno.Success) return use(found with { Stat = here, IsOwned = false });
                    return use(found);
                }
            }
        }
    }

    private Errno Resolve(OpenDirectory root, string rest, LastLink last, out ResolvedPath found) =>
        PathResolver.Resolve(Limits.ForGuest, root, Encoding.UTF8.GetBytes(rest), last, out found);

    private CallError? MakeParents(FilePath path)
    {
        for (var slash = path.Rest.IndexOf('/', StringComparison.Ordinal); slash >= 0; slash = path.Rest.IndexOf('/', slash + 1))
        {
            var parent = path with { Rest = path.Rest[..slash] };
            var outcome = Use<Nothing>(parent, LastLink.Follow, found =>
            {
                var errno = found.Stat is null ? found.Directory.CreateDirectory(found.Name) : Errno.Success;
                return errno is Errno.Success or Errno.Exists ? new Nothing() : FileErrors.Of(errno, parent);
            });
            if (outcome is CallOutcome<Nothing>.Failed { Error: var error }) return error;
        }
        return null;
    }

    private static Errno WriteInto(ResolvedPath found, ReadOnlySpan<byte> bytes, long? offset)
    {
        var errno = found.Directory.OpenFile(found.Name, Opening.Create | Opening.Write, out var file);
        if (errno != Errno.Success) return errno;
        using (file)
            return WriteAll(file, bytes, offset);
    }

    private static Errno Replace(ResolvedPath found, ReadOnlySpan<byte> bytes)
    {
        var pending = NextPending();
        var errno = found.Directory.OpenFile(pending, Opening.Create | Opening.Exclusive | Opening.Write, out var file);
        if (errno != Errno.Success) return errno;
        using (file)
            errno = WriteAll(file, bytes, offset: 0);
        if (errno == Errno.Success) errno = found.Directory.Rename(pending, found.Directory, found.Name);
        if (errno != Errno.Success) found.Directory.Unlink(pending);
        return errno;
    }

    // Other plugins, and other processes, may write to the same folder.
    private static string NextPending() => string.Create(CultureInfo.InvariantCulture, $"{PendingPrefix}{Environment.ProcessId}-{Interlocked.Increment(ref _lastPending)}");

    private static Errno WriteAll(OpenFile file, ReadOnlySpan<byte> bytes, long? offset)
    {
        while (!bytes.IsEmpty)
        {
            var errno = offset is { } at ? file.Write((ulong)at, bytes, out var written) : file.Append(bytes, out _, out written);
            if (errno != Errno.Success) return errno;
            bytes = bytes[written..];
            offset += written;
        }
        return Errno.Success;
    }

    private CallOutcome<FilesListAnswer> ListRoots(string root)
    {
        lock (_gate)
        {
            if (_disposed) return new CallError(ErrorCode.Cancelled, "this plugin instance has ended");
            var names = root == "/" ? ["mnt", "plugin", "tmp"] : _trees.Value.Keys.Where(IsMount).Select(key => key[(MountRoot.Length + 1)..]);
            return new FilesListAnswer { Entries = [.. names.Select(name => new ListedFile { Name = name, Kind = FileKind.Folder })] };
        }
    }

    private static ListedFile Listed(string name, in FileStat stat) => new()
    {
        Name = name,
        Kind = stat.Type switch { FileType.RegularFile => FileKind.File, FileType.Directory => FileKind.Folder, FileType.SymbolicLink => FileKind.Link, _ => FileKind.Other },
        Size = (long)stat.Size,
        Modified = DateTimeOffset.FromUnixTimeMilliseconds((long)Math.Min(stat.ModificationTime / WasiTime.NanosecondsPerMillisecond, 253_402_300_799_999)),
    };

    private static CallError Missing(FilePath path) => new(ErrorCode.NotFound, $"there is no `{path}`");

    private static CallError NoFile(FilePath path, FileType type) =>
        new(ErrorCode.Invalid, $"`{path}` is {(type == FileType.Directory ? "a folder" : "neither a file nor a folder")}");
}
