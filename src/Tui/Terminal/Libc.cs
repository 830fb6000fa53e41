using System.Runtime.InteropServices;

namespace LazyOC.Tui.Terminal;

/// <summary>
/// The calls of the C library that a terminal needs. Constants are those of Linux and macOS, on x64 and arm64; nothing here
/// knows a layout that differs between them, except where it says so.
/// </summary>
internal static unsafe partial class Libc
{
    /// <summary>Bytes that hold a <c>termios</c>: 60 with glibc and musl, 72 on macOS. Only the library looks inside.</summary>
    public const int TermiosBytes = 128;

    /// <summary>File descriptors that fit into a <c>select</c> set, which is a bit each in little-endian order.</summary>
    public const int MaxDescriptor = 1024;

    public const int Interrupted = 4; // EINTR
    public const int SetNow = 0; // TCSANOW

    public static readonly int WouldBlock = OperatingSystem.IsMacOS() ? 35 : 11; // EAGAIN
    public static readonly int OpenFlags = OperatingSystem.IsMacOS()
        ? 0x2 | 0x4 | 0x20000 | 0x1000000 // O_RDWR | O_NONBLOCK | O_NOCTTY | O_CLOEXEC
        : 0x2 | 0x800 | 0x100 | 0x80000;
    public static readonly int InputQueue = OperatingSystem.IsMacOS() ? 1 : 0; // TCIFLUSH
    public static readonly int StopSignal = OperatingSystem.IsMacOS() ? 18 : 20; // SIGTSTP
    private static readonly nuint WindowSizeRequest = OperatingSystem.IsMacOS() ? 0x40087468u : 0x5413u; // TIOCGWINSZ

    [StructLayout(LayoutKind.Sequential)]
    public struct WindowSize
    {
        public ushort Rows;
        public ushort Columns;
        public ushort XPixels;
        public ushort YPixels;
    }

    /// <summary>macOS has 32 bits of microseconds and four of padding, which little-endian numbers below 2³¹ fill alike.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct TimeValue
    {
        public nint Seconds;
        public nint Microseconds;
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "close")]
    public static partial int Close(int descriptor);

    [LibraryImport("libc", EntryPoint = "read", SetLastError = true)]
    public static partial nint Read(int descriptor, byte* buffer, nint count);

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    public static partial nint Write(int descriptor, byte* buffer, nint count);

    [LibraryImport("libc", EntryPoint = "select", SetLastError = true)]
    public static partial int Select(int count, byte* readable, byte* writable, byte* exceptional, TimeValue* timeout);

    [LibraryImport("libc", EntryPoint = "tcgetattr", SetLastError = true)]
    public static partial int GetModes(int descriptor, byte* termios);

    [LibraryImport("libc", EntryPoint = "tcsetattr", SetLastError = true)]
    public static partial int SetModes(int descriptor, int when, byte* termios);

    [LibraryImport("libc", EntryPoint = "cfmakeraw")]
    public static partial void MakeRaw(byte* termios);

    [LibraryImport("libc", EntryPoint = "tcflush")]
    public static partial int Flush(int descriptor, int queue);

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    public static partial int Kill(int process, int signal);

    public static bool GetWindowSize(int descriptor, out WindowSize size)
    {
        fixed (WindowSize* pointer = &size)
        {
            // `ioctl` is variadic, and Apple's arm64 passes variadic arguments on the stack: six fill the registers.
            return (OperatingSystem.IsMacOS() && RuntimeInformation.ProcessArchitecture == Architecture.Arm64
                ? ControlOnStack(descriptor, WindowSizeRequest, 0, 0, 0, 0, 0, 0, pointer)
                : Control(descriptor, WindowSizeRequest, pointer)) == 0;
        }
    }

    [LibraryImport("libc", EntryPoint = "ioctl")]
    private static partial int Control(int descriptor, nuint request, WindowSize* size);

    [LibraryImport("libc", EntryPoint = "ioctl")]
    private static partial int ControlOnStack(int descriptor, nuint request, nint r2, nint r3, nint r4, nint r5, nint r6, nint r7, WindowSize* size);
}
