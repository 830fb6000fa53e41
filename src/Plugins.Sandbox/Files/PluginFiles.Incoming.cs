using LazyOC.Plugins.Contracts.Messages;
using LazyOC.Plugins.Sandbox.Broker;
using LazyOC.Wasi;

namespace LazyOC.Plugins.Sandbox.Files;

/// <content>Files that come bit by bit.</content>
public sealed partial class PluginFiles
{
    /// <summary>Begins a file that replaces what is at a path once it is whole. Folders that are missing on the way are made.</summary>
    public CallOutcome<IncomingFile> Receive(FilePath path)
    {
        if (path.IsRoot) return new CallError(ErrorCode.Invalid, $"`{path}` is a folder");
        lock (_gate)
        {
            if (MakeParents(path) is { } failed) return failed;
            return Use<IncomingFile>(path, LastLink.Follow, found =>
            {
                if (found.Stat is { Type: not FileType.RegularFile and var type }) return NoFile(path, type);
                var errno = found.Directory.Duplicate(out var folder);
                if (errno != Errno.Success) return FileErrors.Of(errno, path);
                var pending = NextPending();
                errno = folder.OpenFile(pending, Opening.Create | Opening.Exclusive | Opening.Write, out var file);
                if (errno == Errno.Success) return new IncomingFile(this, path, folder, pending, file, found.Name);
                folder.Dispose();
                return FileErrors.Of(errno, path);
            });
        }
    }

    /// <summary>
    /// A file that is not whole yet. Until <see cref="Commit"/> it has a name of its own; disposing it before that, as the end of
    /// its plugin's files does, leaves nothing of it. Thread safe.
    /// </summary>
    public sealed class IncomingFile : IDisposable
    {
        private readonly PluginFiles _owner;
        private readonly FilePath _path;
        private readonly OpenDirectory _folder;
        private readonly string _pending;
        private readonly OpenFile _file;
        private readonly string _name;
        private ulong _length;
        private bool _isClosed;

        internal IncomingFile(PluginFiles owner, FilePath path, OpenDirectory folder, string pending, OpenFile file, string name)
        {
            (_owner, _path, _folder, _pending, _file, _name) = (owner, path, folder, pending, file, name);
            owner._incoming.Add(this);
        }

        /// <summary>Adds bytes behind those that are there; null, or why not.</summary>
        public CallError? Write(ReadOnlySpan<byte> bytes)
        {
            lock (_owner._gate)
            {
                if (_isClosed) return Ended;
                while (!bytes.IsEmpty)
                {
                    var errno = _file.Write(_length, bytes, out var written);
                    if (errno != Errno.Success) return FileErrors.Of(errno, _path);
                    bytes = bytes[written..];
                    _length += (ulong)written;
                }
                return null;
            }
        }

        /// <summary>Puts the file in its place; null, or why not.</summary>
        public CallError? Commit()
        {
            lock (_owner._gate)
            {
                if (_isClosed) return Ended;
                var errno = _folder.Rename(_pending, _folder, _name);
                Close(isCommitted: errno == Errno.Success);
                return errno == Errno.Success ? null : FileErrors.Of(errno, _path);
            }
        }

        /// <inheritdoc/>
        public void Dispose()
        {
            lock (_owner._gate)
                if (!_isClosed) Close(isCommitted: false);
        }

        private static CallError Ended => new(ErrorCode.Cancelled, "this plugin instance has ended");

        private void Close(bool isCommitted)
        {
            _isClosed = true;
            _owner._incoming.Remove(this);
            _file.Dispose();
            if (!isCommitted) _folder.Unlink(_pending);
            _folder.Dispose();
        }
    }
}
