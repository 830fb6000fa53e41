using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;

namespace LazyOC.Wasi;

/// <summary>System calls of Linux on 64-bit processors, relative to open directories. Source: the Linux manual, section 2.</summary>
[SupportedOSPlatform("linux")]
internal static partial class LinuxCalls
{
    public const int WriteOnly = 1;
    public const int ReadWrite = 2;
    public const int CreateFlag = 0x40;
    public const int ExclusiveFlag = 0x80;
    public const int NoTerminal = 0x100;
    public const int AppendFlag = 0x400;
    public const int NonBlocking = 0x800;
    public const int CloseOnExec = 0x80000;
    public const int PathOnly = 0x200000;
    public const int EmptyPath = 0x1000;
    public const int NoFollowAt = 0x100;
    public const int NoAutomount = 0x800;
    public const int RemoveDirectoryFlag = 0x200;
    public const int SetFlagsCommand = 4;
    public const uint BasicStat = 0x7ff;
    public const uint FileMode = 0x1B6; // rw-rw-rw-, less what the user's mask takes
    public const uint DirectoryMode = 0x1FF; // rwxrwxrwx, likewise

    private const ulong ResolveNoMagicLinks = 2;
    private const ulong ResolveNoLinks = 4;
    private const ulong ResolveBeneath = 8;
    private const long OpenAt2Number = 437;

    private static readonly bool IsArm = RuntimeInformation.ProcessArchitecture == Architecture.Arm64;
    private static readonly long StatxNumber = IsArm ? 291 : 332;
    private static readonly long ReadDirectoryNumber = IsArm ? 61 : 217;

    /// <summary>Whether openat2 was refused by the kernel or by the container; openat alone is safe for a single name.</summary>
    private static volatile bool _lacksOpenAt2;

    public static int DirectoryFlag { get; } = IsArm ? 0x4000 : 0x10000;

    public static int NoFollow { get; } = IsArm ? 0x8000 : 0x20000;

    /// <summary>Opens a single name in a directory. No link is followed, and the kernel is told so twice.</summary>
    public static Errno OpenAt(SafeFileHandle directory, string name, int flags, uint mode, out SafeFileHandle opened)
    {
        opened = null!;
        flags |= NoFollow | CloseOnExec;
        long number = -1;
        var error = 0;
        if (!_lacksOpenAt2)
        {
            var how = new OpenHow { Flags = (ulong)flags, Mode = (flags & CreateFlag) != 0 ? mode : 0, Resolve = ResolveNoMagicLinks | ResolveNoLinks | ResolveBeneath };
            number = OpenAt2(OpenAt2Number, directory, name, ref how, (nuint)Marshal.SizeOf<OpenHow>());
            error = Marshal.GetLastPInvokeError();
            _lacksOpenAt2 = number < 0 && error is LinuxErrors.NoSuchCall or LinuxErrors.NotPermitted;
        }
        if (_lacksOpenAt2)
        {
            number = OpenAtOnly(directory, name, flags, mode);
            error = Marshal.GetLastPInvokeError();
        }
        if (number < 0)
            return LinuxErrors.Translate(error);
        opened = new SafeFileHandle((nint)number, ownsHandle: true);
        return Errno.Success;
    }

    /// <summary>What is known of a single name in a directory, or, when the name is empty, of the handle.</summary>
    public static Errno Stat(SafeFileHandle handle, string name, out FileStat stat, out bool isRegular)
    {
        var flags = NoFollowAt | NoAutomount | (name.Length == 0 ? EmptyPath : 0);
        if (Statx(StatxNumber, handle, name, flags, BasicStat, out var found) < 0)
        {
            (stat, isRegular) = (default, false);
            return LastError();
        }
        stat = new FileStat(
            ((ulong)found.DeviceMajor << 32) | found.DeviceMinor, found.Inode, TypeOfMode(found.Mode), found.Links, found.Size,
            found.AccessTime.Nanoseconds, found.ModificationTime.Nanoseconds, found.ChangeTime.Nanoseconds);
        isRegular = stat.Type == FileType.RegularFile;
        return Errno.Success;
    }

    /// <summary>Reads entries of a directory that is open for reading, from its position on.</summary>
    public static Errno ReadEntries(SafeFileHandle directory, Span<byte> buffer, out int length)
    {
        var read = ReadDirectory(ReadDirectoryNumber, directory, ref MemoryMarshal.GetReference(buffer), (nuint)buffer.Length);
        length = (int)Math.Max(0, read);
        return read < 0 ? LastError() : Errno.Success;
    }

    public static Errno LastError() => LinuxErrors.Translate(Marshal.GetLastPInvokeError());

    public static Errno Result(int result) => result < 0 ? LastError() : Errno.Success;

    private static FileType TypeOfMode(ushort mode) => (mode & 0xF000) switch
    {
        0x4000 => FileType.Directory,
        0x8000 => FileType.RegularFile,
        0xA000 => FileType.SymbolicLink,
        0x2000 => FileType.CharacterDevice,
        0x6000 => FileType.BlockDevice,
        0xC000 => FileType.Socket,
        _ => FileType.Unknown,
    };

    /// <summary>struct open_how.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct OpenHow
    {
        public ulong Flags;
        public ulong Mode;
        public ulong Resolve;
    }

    /// <summary>struct timespec; the nanoseconds may be one of the two values below.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct TimeSpec
    {
        private const long Omit = 0x3FFFFFFE;

        public long Seconds;
        public long SecondParts;

        public static TimeSpec Of(ulong? time) => time is { } nanoseconds
            ? new TimeSpec { Seconds = (long)(nanoseconds / WasiTime.NanosecondsPerSecond), SecondParts = (long)(nanoseconds % WasiTime.NanosecondsPerSecond) }
            : new TimeSpec { SecondParts = Omit };
    }

    /// <summary>struct statx_timestamp.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct StatTime
    {
        public long Seconds;
        public uint SecondParts;
        public int Reserved;

        public readonly ulong Nanoseconds => Seconds < 0 ? 0 : ((ulong)Seconds * WasiTime.NanosecondsPerSecond) + SecondParts;
    }

    /// <summary>struct statx, the same on every processor.</summary>
    [StructLayout(LayoutKind.Sequential, Size = 256)]
    private struct StatxBuffer
    {
        public uint Mask;
        public uint BlockSize;
        public ulong Attributes;
        public uint Links;
        public uint User;
        public uint Group;
        public ushort Mode;
        public ushort Spare;
        public ulong Inode;
        public ulong Size;
        public ulong Blocks;
        public ulong AttributesMask;
        public StatTime AccessTime;
        public StatTime BirthTime;
        public StatTime ChangeTime;
        public StatTime ModificationTime;
        public uint RealDeviceMajor;
        public uint RealDeviceMinor;
        public uint DeviceMajor;
        public uint DeviceMinor;
    }
}
