using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;

namespace LazyOC.Wasi;

/// <summary>A regular file of a Linux host. It was looked at after it was opened: it is nothing else.</summary>
[SupportedOSPlatform("linux")]
internal sealed class LinuxFile(HostFileSystem system, SafeFileHandle handle) : OpenFile(system)
{
    private bool _appends;

    public override Errno GetStat(out FileStat stat) => LinuxCalls.Stat(handle, "", out stat, out _);

    public override Errno Sync(bool isDataOnly) =>
        LinuxCalls.Result(isDataOnly ? LinuxCalls.SyncData(handle) : LinuxCalls.Sync(handle));

    public override Errno Read(ulong position, Span<byte> buffer, out int read)
    {
        read = 0;
        if (position > long.MaxValue)
            return Errno.Success;
        nint result;
        do
            result = LinuxCalls.ReadAt(handle, ref MemoryMarshal.GetReference(buffer), (nuint)buffer.Length, (long)position);
        while (result < 0 && IsInterrupted());
        return Count(result, out read);
    }

    public override void Dispose() => handle.Dispose();

    protected override Errno WriteCore(ulong position, ReadOnlySpan<byte> bytes, out int written)
    {
        written = 0;
        if (position > long.MaxValue - (ulong)bytes.Length)
            return Errno.FileTooLarge;

        // On Linux, a file that appends does so wherever it is told to write.
        if (SetAppends(false) is var errno and not Errno.Success)
            return errno;
        nint result;
        do
            result = LinuxCalls.WriteAt(handle, in MemoryMarshal.GetReference(bytes), (nuint)bytes.Length, (long)position);
        while (result < 0 && IsInterrupted());
        return Count(result, out written);
    }

    protected override Errno AppendCore(ReadOnlySpan<byte> bytes, out ulong end, out int written)
    {
        (end, written) = (0, 0);
        if (SetAppends(true) is var errno and not Errno.Success)
            return errno;
        nint result;
        do
            result = LinuxCalls.Write(handle, in MemoryMarshal.GetReference(bytes), (nuint)bytes.Length);
        while (result < 0 && IsInterrupted());
        if (Count(result, out written) is var failure and not Errno.Success)
            return failure;
        const int fromHere = 1;
        end = (ulong)Math.Max(0, LinuxCalls.Seek(handle, 0, fromHere));
        return Errno.Success;
    }

    protected override Errno SetSizeCore(ulong size) =>
        size > long.MaxValue ? Errno.FileTooLarge : LinuxCalls.Result(LinuxCalls.SetSize(handle, (long)size));

    protected override Errno AllocateCore(ulong offset, ulong length)
    {
        if (offset > long.MaxValue || length > long.MaxValue - offset)
            return Errno.FileTooLarge;
        var errno = LinuxCalls.Result(LinuxCalls.Allocate(handle, mode: 0, (long)offset, (long)length));
        if (errno != Errno.NotSupported)
            return errno;

        // A file system that reserves nothing can still make the file long enough.
        if (GetStat(out var stat) is var unknown and not Errno.Success)
            return unknown;
        return stat.Size >= offset + length ? Errno.Success : SetSizeCore(offset + length);
    }

    protected override Errno SetTimesCore(FileTimes times) => LinuxCalls.Result(
        LinuxCalls.SetTimes(handle, [LinuxCalls.TimeSpec.Of(times.Access), LinuxCalls.TimeSpec.Of(times.Modification)]));

    private static bool IsInterrupted() => Marshal.GetLastPInvokeError() == LinuxErrors.Interrupted;

    private static Errno Count(nint result, out int count)
    {
        count = (int)Math.Max(0, result);
        return result < 0 ? LinuxCalls.LastError() : Errno.Success;
    }

    /// <summary>Appending is the kernel's work: other programs may write to the file at the same time.</summary>
    private Errno SetAppends(bool appends)
    {
        if (appends == _appends)
            return Errno.Success;
        if (LinuxCalls.Control(handle, LinuxCalls.SetFlagsCommand, LinuxCalls.NonBlocking | (appends ? LinuxCalls.AppendFlag : 0)) < 0)
            return LinuxCalls.LastError();
        _appends = appends;
        return Errno.Success;
    }
}
