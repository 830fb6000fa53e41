using Microsoft.Win32.SafeHandles;

namespace LazyOC.Wasi;

/// <summary>A file of the host that was opened by its name.</summary>
internal sealed class NamedFile(HostFileSystem system, SafeFileHandle handle, string path) : OpenFile(system)
{
    public override Errno GetStat(out FileStat stat) => HostErrors.Try(
        () => new FileStat(
            Device: 0, NamedDirectory.StatOf(new FileInfo(path)).Inode, FileType.RegularFile, Links: 1, (ulong)RandomAccess.GetLength(handle),
            WasiTime.ToNanoseconds(new DateTimeOffset(File.GetLastAccessTimeUtc(handle))), WasiTime.ToNanoseconds(new DateTimeOffset(File.GetLastWriteTimeUtc(handle))),
            WasiTime.ToNanoseconds(new DateTimeOffset(File.GetLastWriteTimeUtc(handle)))),
        out stat);

    public override Errno Sync(bool isDataOnly) => HostErrors.Try(
        () =>
        {
            RandomAccess.FlushToDisk(handle);
            return true;
        },
        out _);

    public override Errno Read(ulong position, Span<byte> buffer, out int read)
    {
        read = 0;
        if (position > long.MaxValue)
            return Errno.Success;
        try
        {
            read = RandomAccess.Read(handle, buffer, (long)position);
            return Errno.Success;
        }
        catch (Exception exception) when (HostErrors.IsExpected(exception))
        {
            return HostErrors.Translate(exception);
        }
    }

    public override void Dispose() => handle.Dispose();

    protected override Errno WriteCore(ulong position, ReadOnlySpan<byte> bytes, out int written)
    {
        written = 0;
        if (position > long.MaxValue - (ulong)bytes.Length)
            return Errno.FileTooLarge;
        try
        {
            RandomAccess.Write(handle, bytes, (long)position);
            written = bytes.Length;
            return Errno.Success;
        }
        catch (Exception exception) when (HostErrors.IsExpected(exception))
        {
            return HostErrors.Translate(exception);
        }
    }

    protected override Errno AppendCore(ReadOnlySpan<byte> bytes, out ulong end, out int written)
    {
        (end, written) = (0, 0);
        if (HostErrors.Try(() => RandomAccess.GetLength(handle), out var length) is var errno and not Errno.Success)
            return errno;
        errno = WriteCore((ulong)length, bytes, out written);
        end = (ulong)length + (ulong)written;
        return errno;
    }

    protected override Errno SetSizeCore(ulong size) => size > long.MaxValue
        ? Errno.FileTooLarge
        : HostErrors.Try(
            () =>
            {
                RandomAccess.SetLength(handle, (long)size);
                return true;
            },
            out _);

    protected override Errno AllocateCore(ulong offset, ulong length)
    {
        if (HostErrors.Try(() => RandomAccess.GetLength(handle), out var present) is var errno and not Errno.Success)
            return errno;
        return offset + length <= (ulong)present ? Errno.Success : SetSizeCore(offset + length);
    }

    protected override Errno SetTimesCore(FileTimes times) => HostErrors.Try(
        () =>
        {
            if (times.Access is { } access)
                File.SetLastAccessTimeUtc(handle, WasiTime.ToDateTime(access));
            if (times.Modification is { } modification)
                File.SetLastWriteTimeUtc(handle, WasiTime.ToDateTime(modification));
            return true;
        },
        out _);
}
