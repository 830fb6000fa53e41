using System.Runtime.InteropServices;

namespace LazyOC.Wasm.Execution;

/// <summary>A range of reserved addresses, inaccessible but for a committed, zeroed part at its start that only grows.</summary>
internal sealed unsafe partial class AddressSpace : SafeHandle
{
    /// <summary>
    /// Farthest a 32-bit address plus a 32-bit constant offset plus one access can reach, rounded up: behind a missed
    /// check there is nothing to read or write.
    /// </summary>
    private const ulong Reach32 = (8UL << 30) + PageBytes;

    private const ulong PageBytes = 65_536;

    private readonly ulong _reservedBytes;
    private ulong _committedBytes;

    private AddressSpace(nint start, ulong reservedBytes)
        : base(0, ownsHandle: true)
    {
        _reservedBytes = reservedBytes;
        SetHandle(start);
        LiveResources.AddReserved((long)reservedBytes);
    }

    public override bool IsInvalid => handle == 0;

    public byte* Start => (byte*)handle;

    /// <summary>Whether the reservation is as long as a 32-bit address and offset can reach.</summary>
    public bool CoversReach => _reservedBytes >= Reach32;

    /// <summary>Reserves addresses for a 32-bit memory of at most <paramref name="maximumBytes"/>.</summary>
    public static AddressSpace Reserve(ulong maximumBytes)
    {
        // Where the whole reach is not to be had (address space limits) the explicit checks stand alone.
        foreach (var bytes in (ReadOnlySpan<ulong>)[Reach32, maximumBytes + PageBytes])
        {
            var start = OperatingSystem.IsWindows()
                ? VirtualAlloc(0, (nuint)bytes, MemReserve, PageNoAccess)
                : Map(bytes);
            if (start != 0)
                return new AddressSpace(start, bytes);
        }
        throw new WasmLinkException($"no {maximumBytes} bytes of address space are left for a linear memory");
    }

    /// <summary>Makes the first <paramref name="bytes"/> accessible; false when the system has no memory for them.</summary>
    public bool Commit(ulong bytes)
    {
        if (bytes <= _committedBytes)
            return true;
        if (bytes > _reservedBytes - PageBytes)
            return false;
        var from = handle + (nint)_committedBytes;
        var length = (nuint)(bytes - _committedBytes);
        var succeeded = OperatingSystem.IsWindows()
            ? VirtualAlloc(from, length, MemCommit, PageReadWrite) != 0
            : MemoryProtect(from, length, ProtectRead | ProtectWrite) == 0;
        if (succeeded)
        {
            LiveResources.AddCommitted((long)length);
            _committedBytes = bytes;
        }
        return succeeded;
    }

    /// <summary>
    /// Makes the first <paramref name="bytes"/> a private, copy-on-write view of a file and takes back what is behind;
    /// false when the system refuses. Linux only.
    /// </summary>
    public bool Map(SafeHandle file, ulong bytes)
    {
        if (bytes > _reservedBytes - PageBytes || !Reset())
            return false;
        var isHeld = false;
        try
        {
            file.DangerousAddRef(ref isHeld);
            var descriptor = (int)file.DangerousGetHandle();
            if (bytes > 0 && MemoryMap(handle, (nuint)bytes, ProtectRead | ProtectWrite, MapPrivate | MapFixed | NoReserve, descriptor, 0) != handle)
                return false;
        }
        finally
        {
            if (isHeld)
                file.DangerousRelease();
        }
        _committedBytes = bytes;
        LiveResources.AddCommitted((long)bytes);
        return true;
    }

    /// <summary>Takes every byte back: nothing is committed afterwards. False when the system refuses.</summary>
    public bool Reset()
    {
        if (_committedBytes == 0)
            return true;
        var succeeded = OperatingSystem.IsWindows()
            ? VirtualFree(handle, (nuint)_committedBytes, MemDecommit)
            : MemoryMap(handle, (nuint)_committedBytes, 0, MapPrivate | MapFixed | Anonymous | NoReserve, -1, 0) == handle;
        if (!succeeded)
            return false;
        LiveResources.AddCommitted(-(long)_committedBytes);
        _committedBytes = 0;
        return true;
    }

    protected override bool ReleaseHandle()
    {
        LiveResources.AddReserved(-(long)_reservedBytes);
        LiveResources.AddCommitted(-(long)_committedBytes);
        return OperatingSystem.IsWindows()
            ? VirtualFree(handle, 0, MemRelease)
            : MemoryUnmap(handle, (nuint)_reservedBytes) == 0;
    }

    private static nint Map(ulong bytes)
    {
        var start = MemoryMap(0, (nuint)bytes, 0, MapPrivate | Anonymous | NoReserve, -1, 0);
        return start == -1 ? 0 : start;
    }

    private static int Anonymous => OperatingSystem.IsMacOS() ? 0x1000 : 0x20;

    private static int NoReserve => OperatingSystem.IsMacOS() ? 0x40 : 0x4000;

    private const int MapPrivate = 2;
    private const int MapFixed = 0x10;
    private const int ProtectRead = 1;
    private const int ProtectWrite = 2;
    private const uint MemCommit = 0x1000;
    private const uint MemReserve = 0x2000;
    private const uint MemDecommit = 0x4000;
    private const uint MemRelease = 0x8000;
    private const uint PageNoAccess = 1;
    private const uint PageReadWrite = 4;

    [LibraryImport("libc", EntryPoint = "mmap", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial nint MemoryMap(nint address, nuint length, int protection, int flags, int file, nint offset);

    [LibraryImport("libc", EntryPoint = "mprotect", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int MemoryProtect(nint address, nuint length, int protection);

    [LibraryImport("libc", EntryPoint = "munmap", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int MemoryUnmap(nint address, nuint length);

    [LibraryImport("kernel32", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static partial nint VirtualAlloc(nint address, nuint size, uint type, uint protection);

    [LibraryImport("kernel32", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool VirtualFree(nint address, nuint size, uint type);
}
