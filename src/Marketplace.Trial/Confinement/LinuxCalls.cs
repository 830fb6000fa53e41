using System.Runtime.InteropServices;

namespace LazyOC.Marketplace.Trial.Confinement;

/// <summary>The C library of Linux, as far as holding a process takes it.</summary>
/// <remarks>Each answers -1 when it fails; the reason is <see cref="Marshal.GetLastPInvokeErrorMessage"/>.</remarks>
internal static partial class LinuxCalls
{
    public const int NewMounts = 0x0002_0000, NewIpc = 0x0800_0000, NewNetwork = 0x4000_0000;
    public const nuint ReadOnly = 1, NoSetUid = 2, NoDevices = 4, NoExecute = 8, Remount = 32, Bind = 4_096, Recursive = 16_384, Private = 1 << 18;
    public const int SetNoNewPrivileges = 38, SetFilter = 22, FilterMode = 2;
    public const uint CloseOnExecute = 4;
    public const int CpuSeconds = 0, FileBytes = 1, DataBytes = 2, CoreBytes = 4, Processes = 6, OpenFiles = 7;

    private const string Library = "libc";

    [LibraryImport(Library, EntryPoint = "geteuid")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static partial uint EffectiveUser();

    [LibraryImport(Library, EntryPoint = "setsid", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static partial int BeginSession();

    [LibraryImport(Library, EntryPoint = "close_range", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static partial int CloseRange(uint first, uint last, uint flags);

    [LibraryImport(Library, EntryPoint = "unshare", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static partial int Unshare(int flags);

    [LibraryImport(Library, EntryPoint = "mount", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static partial int Mount(string source, string target, string? type, nuint flags, string? data);

    [LibraryImport(Library, EntryPoint = "chown", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static partial int ChangeOwner(string path, uint user, uint group);

    [LibraryImport(Library, EntryPoint = "setrlimit", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static partial int SetLimit(int resource, in ResourceLimit limit);

    [LibraryImport(Library, EntryPoint = "setgroups", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static partial int SetGroups(nuint count, nint groups);

    [LibraryImport(Library, EntryPoint = "setresgid", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static partial int SetGroup(uint real, uint effective, uint saved);

    [LibraryImport(Library, EntryPoint = "setresuid", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static partial int SetUser(uint real, uint effective, uint saved);

    [LibraryImport(Library, EntryPoint = "prctl", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static partial int Control(int option, nuint second, nuint third, nuint fourth, nuint fifth);

    [LibraryImport(Library, EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static partial int Open(string path, int flags);

    /// <summary>A call of the kernel that the C library has no name for.</summary>
    [LibraryImport(Library, EntryPoint = "syscall", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static partial nint Call(nint number, nint first, nuint second, nuint third, nuint fourth);

    [LibraryImport(Library, EntryPoint = "alarm")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static partial uint Alarm(uint seconds);

    [LibraryImport(Library, EntryPoint = "umask")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static partial uint SetUmask(uint mask);

    [LibraryImport(Library, EntryPoint = "chdir", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static partial int ChangeDirectory(string path);

    /// <summary>Becomes another program; returns only when it fails. Both lists end in a null.</summary>
    [LibraryImport(Library, EntryPoint = "execve", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static partial int Execute(string path, string?[] arguments, string?[] environment);
}

/// <summary>The kernel's <c>struct rlimit</c>.</summary>
/// <param name="Soft">What holds.</param>
/// <param name="Hard">What it may be raised to.</param>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct ResourceLimit(ulong Soft, ulong Hard);
