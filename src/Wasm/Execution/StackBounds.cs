using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace LazyOC.Wasm.Execution;

/// <summary>The current thread: which it is, and which part of its stack guests may use.</summary>
internal static unsafe partial class StackBounds
{
    /// <summary>Left below the guest's limit, in bytes: host functions, the just-in-time compiler and unwinding run there.</summary>
    private const nuint MarginBytes = 1024 * 1024;

    /// <summary>Assumed below the present frame where the system does not tell; .NET's smallest default stack is 1.5 MiB.</summary>
    private const nuint AssumedBytes = 512 * 1024;

    private static int _lastThread;

    [ThreadStatic]
    private static int _thread;

    [ThreadStatic]
    private static nuint _low;

    [ThreadStatic]
    private static nuint _high;

    /// <summary>A number greater than 0 that no other thread of the process has or had; managed thread ids come back.</summary>
    public static int CurrentThread => _thread != 0 ? _thread : Measure();

    /// <summary>The lowest address guest frames may use on this thread, at most <paramref name="stackLimitBytes"/> below its top.</summary>
    public static nuint LimitFor(long stackLimitBytes)
    {
        _ = CurrentThread;
        var wanted = (nuint)stackLimitBytes < _high ? _high - (nuint)stackLimitBytes : 0;
        return Math.Max(wanted, _low);
    }

    /// <summary>What the limit that <see cref="LimitFor"/> gives on this thread follows from.</summary>
    public static string DescribeLimit(long stackLimitBytes) => _high - LimitFor(stackLimitBytes) == (nuint)stackLimitBytes
        ? $"{nameof(InstanceOptions.StackLimitBytes)} is {stackLimitBytes}"
        : $"guests may use {_high - _low} bytes of this thread's stack, less than {nameof(InstanceOptions.StackLimitBytes)}";

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int Measure()
    {
        byte here;
        var present = (nuint)(&here);
        var (low, size) = Query();
        (_low, _high) = low == 0
            ? (present - AssumedBytes, present)
            : (low + Math.Min(MarginBytes, size / 4), low + size);
        return _thread = Interlocked.Increment(ref _lastThread);
    }

    private static (nuint Low, nuint Size) Query()
    {
        if (OperatingSystem.IsWindows())
        {
            GetCurrentThreadStackLimits(out var low, out var high);
            return (low, high - low);
        }
        if (OperatingSystem.IsMacOS())
        {
            var thread = PthreadSelf();
            var size = PthreadGetStackSize(thread);
            return (PthreadGetStackAddress(thread) - size, size);
        }
        if (OperatingSystem.IsLinux())
        {
            // Larger than pthread_attr_t on every Linux ABI (56 to 64 bytes).
            var attributes = stackalloc long[32];
            if (PthreadGetAttributes(PthreadSelfLinux(), attributes) != 0)
                return default;
            var result = PthreadAttributesGetStack(attributes, out var low, out var size);
            _ = PthreadAttributesDestroy(attributes);
            return result == 0 ? (low, size) : default;
        }
        return default;
    }

    [LibraryImport("kernel32")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static partial void GetCurrentThreadStackLimits(out nuint low, out nuint high);

    [LibraryImport("libSystem", EntryPoint = "pthread_self")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial nint PthreadSelf();

    [LibraryImport("libSystem", EntryPoint = "pthread_get_stackaddr_np")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial nuint PthreadGetStackAddress(nint thread);

    [LibraryImport("libSystem", EntryPoint = "pthread_get_stacksize_np")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial nuint PthreadGetStackSize(nint thread);

    [LibraryImport("libc", EntryPoint = "pthread_self")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial nint PthreadSelfLinux();

    [LibraryImport("libc", EntryPoint = "pthread_getattr_np")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int PthreadGetAttributes(nint thread, long* attributes);

    [LibraryImport("libc", EntryPoint = "pthread_attr_getstack")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int PthreadAttributesGetStack(long* attributes, out nuint low, out nuint size);

    [LibraryImport("libc", EntryPoint = "pthread_attr_destroy")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int PthreadAttributesDestroy(long* attributes);
}
