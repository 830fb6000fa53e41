using System.Runtime.CompilerServices;
using System.Text;
using LazyOC.Wasm.Execution;

namespace LazyOC.Wasm;

/// <summary>A linear memory: bytes from 0 to <see cref="SizeBytes"/>, which only grows. Its host address never changes.</summary>
/// <remarks>
/// Every access is checked. Not thread-safe: use it on the thread that runs the guest, or while none does. Spans are
/// valid until the memory is disposed, which its instance does for memories the module defines.
/// Source: WebAssembly 2.0, §4.2.8.
/// </remarks>
public sealed unsafe class WasmMemory : IDisposable
{
    /// <summary>Size of one page, in bytes.</summary>
    public const int PageBytes = 65_536;

    private const uint MaxPages = 65_536;

    private readonly AddressSpace _space;
    private readonly uint? _maximumPages;
    private readonly uint _limitPages;
    private readonly SizeQuota _quota;
    private readonly List<(WasmInstance Instance, int Index)> _users = [];
    private bool _disposeRequested;

    /// <summary>Creates a memory for modules to import; sizes count pages.</summary>
    /// <exception cref="WasmLinkException">The system cannot provide it.</exception>
    public WasmMemory(uint minimumPages, uint? maximumPages = null)
        : this(new SizeLimits(minimumPages, maximumPages), new SizeQuota(MaxPages), MaxPages)
    {
    }

    /// <summary>A memory whose size is limited by its type, by <paramref name="limitPages"/> and by what is left of <paramref name="quota"/>.</summary>
    internal WasmMemory(SizeLimits limits, SizeQuota quota, uint limitPages)
    {
        _quota = quota;
        _maximumPages = limits.Maximum;
        _limitPages = Math.Min(limitPages, Math.Min(limits.Maximum ?? MaxPages, MaxPages));
        if (limits.Minimum > _limitPages || !quota.TryTake(limits.Minimum))
            throw new ArgumentException($"a memory of {limits.Minimum} pages exceeds {_limitPages}", nameof(limits));
        _space = AddressSpace.Reserve((ulong)_limitPages * PageBytes);
        PageCount = limits.Minimum;
        if (!_space.Commit((ulong)SizeBytes))
        {
            _space.Dispose();
            throw new WasmLinkException($"no {SizeBytes} bytes are left for a linear memory");
        }
    }

    /// <summary>The memory's type as importers see it: its present size and its maximum, in pages.</summary>
    public MemoryType Type => new(new SizeLimits(PageCount, _maximumPages));

    /// <summary>Present size, in pages.</summary>
    public uint PageCount { get; private set; }

    /// <summary>Present size, in bytes.</summary>
    public long SizeBytes => (long)PageCount * PageBytes;

    /// <summary>
    /// Whether every address that a 32-bit index and offset can reach is this memory's or inaccessible. Checks do not
    /// rely on that; false where the system did not give so many addresses.
    /// </summary>
    public bool IsGuarded => _space.CoversReach;

    internal byte* Start => _space.Start;

    /// <summary>The host address of a range.</summary>
    /// <exception cref="TrapException">It is not inside the memory.</exception>
    internal byte* AddressOf(uint address, uint length)
    {
        Check(address, length);
        return _space.Start + address;
    }

    /// <summary>The bytes from <paramref name="address"/> on.</summary>
    /// <exception cref="TrapException">They are not all inside the memory.</exception>
    public Span<byte> GetSpan(uint address, int length)
    {
        Check(address, (uint)length);
        // The range was checked against the committed size and the pages stay mapped until disposal.
        return new Span<byte>(_space.Start + address, length);
    }

    /// <summary>Reads a little-endian value (as this machine stores it).</summary>
    /// <exception cref="TrapException">It is not inside the memory.</exception>
    public T Read<T>(uint address)
        where T : unmanaged
    {
        Check(address, (uint)sizeof(T));
        return Unsafe.ReadUnaligned<T>(_space.Start + address);
    }

    /// <summary>Writes a little-endian value (as this machine stores it).</summary>
    /// <exception cref="TrapException">It is not inside the memory.</exception>
    public void Write<T>(uint address, T value)
        where T : unmanaged
    {
        Check(address, (uint)sizeof(T));
        Unsafe.WriteUnaligned(_space.Start + address, value);
    }

    /// <summary>Reads UTF-8; invalid sequences become U+FFFD.</summary>
    /// <exception cref="TrapException">The bytes are not all inside the memory.</exception>
    public string ReadUtf8(uint address, int lengthBytes) => Encoding.UTF8.GetString(GetSpan(address, lengthBytes));

    /// <summary>Grows by <paramref name="deltaPages"/>; returns the former size in pages, or −1 when that is refused.</summary>
    public int Grow(uint deltaPages)
    {
        ThrowIfDisposed();
        var before = PageCount;
        if (deltaPages > _limitPages - before || !_quota.TryTake(deltaPages))
            return -1;
        if (!_space.Commit((ulong)(before + deltaPages) * PageBytes))
        {
            _quota.GiveBack(deltaPages);
            return -1;
        }
        SetPageCount(before + deltaPages);
        return (int)before;
    }

    /// <exception cref="WasmLinkException">A memory of that many pages is larger than this one may be.</exception>
    internal void CheckHolds(uint pages)
    {
        if (pages > _limitPages)
            throw new WasmLinkException($"the state needs {(long)pages * PageBytes} bytes of memory, but the memory may have {(long)_limitPages * PageBytes}");
    }

    /// <summary>Takes every page away, whatever the type's minimum is: <see cref="Put"/> follows.</summary>
    internal void Empty()
    {
        ThrowIfDisposed();
        _quota.GiveBack(PageCount);
        SetPageCount(0);
    }

    /// <summary>Makes the memory what it was when the image was taken; it is empty if that fails.</summary>
    /// <exception cref="WasmLinkException">The system cannot provide it.</exception>
    internal void Put(MemoryImage image)
    {
        CheckHolds(image.PageCount);
        // Nothing may be accessible that is not there, whatever happens next.
        Empty();
        if (!_quota.TryTake(image.PageCount))
            throw new WasmLinkException($"the state needs more memory than {nameof(InstanceOptions.MaxMemoryBytes)} says");
        if (!image.PutInto(_space))
        {
            _quota.GiveBack(image.PageCount);
            throw new WasmLinkException($"no {(long)image.PageCount * PageBytes} bytes are left for a linear memory");
        }
        SetPageCount(image.PageCount);
    }

    /// <summary>Gives the memory back to the system, at once or, while instances use it, with the last of them.</summary>
    public void Dispose()
    {
        _disposeRequested = true;
        ReleaseIfUnused();
    }

    /// <summary>Keeps the copy of base and length in <paramref name="user"/>'s context right until <see cref="Detach"/>.</summary>
    /// <param name="user">The instance.</param>
    /// <param name="index">Which of its memories this is; a memory may be several.</param>
    internal void Attach(WasmInstance user, int index)
    {
        ThrowIfDisposed();
        _users.Add((user, index));
        user.Module.Layout.SetMemory(user.Context, index, _space.Start, SizeBytes);
    }

    internal void Detach(WasmInstance user)
    {
        _users.RemoveAll(entry => entry.Instance == user);
        if (_disposeRequested)
            ReleaseIfUnused();
    }

    private void SetPageCount(uint pages)
    {
        PageCount = pages;
        foreach (var (user, index) in _users)
            user.Module.Layout.SetMemory(user.Context, index, _space.Start, SizeBytes);
    }

    private void ReleaseIfUnused()
    {
        if (_users.Count == 0)
            _space.Dispose();
    }

    private void Check(uint address, uint length)
    {
        ThrowIfDisposed();
        if ((ulong)address + length > (ulong)SizeBytes)
            throw new TrapException(TrapCode.MemoryOutOfBounds);
    }

    private void ThrowIfDisposed() => ObjectDisposedException.ThrowIf(_space.IsClosed, this);
}
