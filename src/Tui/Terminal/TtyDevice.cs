using System.Diagnostics;
using System.IO.Pipes;
using System.Runtime.InteropServices;
using LazyOC.Tui.Screen;

namespace LazyOC.Tui.Terminal;

/// <summary>Why a wait for input ended.</summary>
[Flags]
internal enum TtyWait
{
    TimedOut = 0,
    Readable = 1,
    Woken = 2,
}

/// <summary>
/// The process's controlling terminal, whatever standard input and output are: its modes, its size, its bytes. Reading and
/// waiting is for one thread, writing for one at a time.
/// </summary>
internal sealed unsafe class TtyDevice : IDisposable
{
    private static readonly TimeSpan Slice = TimeSpan.FromMilliseconds(100);

    private readonly int _descriptor;
    private readonly AnonymousPipeServerStream _wakeReader = new(PipeDirection.In, HandleInheritability.None);
    private readonly byte[] _modes = new byte[Libc.TermiosBytes];
    private readonly Lock _waking = new();
    private bool _woken;
    private bool _disposed;
    private volatile bool _hurries;

    private TtyDevice(int descriptor) => _descriptor = descriptor;

    /// <summary>What the kernel says; null when it does not know.</summary>
    public FrameSize? Size => Libc.GetWindowSize(_descriptor, out var size) && size is { Rows: > 0, Columns: > 0 }
        ? new FrameSize(Math.Min((int)size.Columns, CellBuffer.MaxSize), Math.Min((int)size.Rows, CellBuffer.MaxSize))
        : null;

    private int WakeDescriptor => (int)_wakeReader.SafePipeHandle.DangerousGetHandle();

    /// <summary>Opens the controlling terminal.</summary>
    /// <exception cref="IOException">There is none.</exception>
    public static TtyDevice Open()
    {
        var descriptor = Libc.Open("/dev/tty", Libc.OpenFlags);
        if (descriptor < 0)
            throw new IOException($"there is no terminal: /dev/tty: {Marshal.GetLastPInvokeErrorMessage()}");
        var device = new TtyDevice(descriptor);
        if (descriptor < Libc.MaxDescriptor && device.WakeDescriptor < Libc.MaxDescriptor)
            return device;
        device.Dispose();
        throw new IOException($"the terminal cannot be watched: more than {Libc.MaxDescriptor} files are open");
    }

    /// <summary>Remembers the terminal's modes, which <see cref="Restore"/> sets again.</summary>
    /// <exception cref="IOException">The terminal is gone.</exception>
    public void Remember()
    {
        fixed (byte* modes = _modes)
        {
            if (Libc.GetModes(_descriptor, modes) != 0)
                throw new IOException($"the terminal's modes cannot be read: {Marshal.GetLastPInvokeErrorMessage()}");
        }
    }

    /// <summary>Sets the remembered modes made raw: bytes come and go as they are, and no key is a signal.</summary>
    public void MakeRaw()
    {
        _hurries = false;
        var raw = stackalloc byte[Libc.TermiosBytes];
        _modes.CopyTo(new Span<byte>(raw, Libc.TermiosBytes));
        Libc.MakeRaw(raw);
        SetModes(raw);
    }

    /// <summary>Sets the remembered modes. Input that nobody read, such as a report of the mouse, goes to no one else.</summary>
    public void Restore()
    {
        _ = Libc.Flush(_descriptor, Libc.InputQueue);
        fixed (byte* modes = _modes)
            SetModes(modes);
    }

    /// <summary>Ends a write that a stalled terminal holds up soon, here and in other threads, until the next <see cref="MakeRaw"/>.</summary>
    public void Hurry() => _hurries = true;

    /// <summary>Writes all bytes; false when the terminal is gone or, in a hurry, does not take them.</summary>
    public bool Write(ReadOnlySpan<byte> bytes)
    {
        var started = Stopwatch.GetTimestamp();
        while (!bytes.IsEmpty)
        {
            nint written;
            fixed (byte* pointer = bytes)
                written = Libc.Write(_descriptor, pointer, bytes.Length);
            if (written >= 0)
            {
                bytes = bytes[(int)written..];
                continue;
            }
            var error = Marshal.GetLastPInvokeError();
            if (error == Libc.WouldBlock && !(_hurries && Stopwatch.GetElapsedTime(started) > 5 * Slice))
                WaitUntilWritable();
            else if (error != Libc.Interrupted)
                return false;
        }
        return true;
    }

    /// <summary>Waits for input or <see cref="Wake"/>.</summary>
    /// <param name="timeout">Null waits without end.</param>
    /// <param name="input">False ignores input.</param>
    public TtyWait Wait(TimeSpan? timeout, bool input)
    {
        var readable = stackalloc byte[Libc.MaxDescriptor / 8];
        var wake = WakeDescriptor;
        Include(readable, wake);
        if (input)
            Include(readable, _descriptor);
        var time = Time(timeout.GetValueOrDefault());
        var count = Libc.Select(Math.Max(wake, _descriptor) + 1, readable, null, null, timeout is null ? null : &time);
        if (count <= 0)
            return TtyWait.TimedOut; // or a signal came, which is as good
        var result = input && IsIncluded(readable, _descriptor) ? TtyWait.Readable : TtyWait.TimedOut;
        if (!IsIncluded(readable, wake))
            return result;
        lock (_waking)
        {
            byte signal;
            _ = Libc.Read(wake, &signal, 1);
            _woken = false;
        }
        return result | TtyWait.Woken;
    }

    /// <summary>Reads what is there: null when there is nothing after all, 0 when the terminal is gone.</summary>
    public int? Read(Span<byte> buffer)
    {
        nint count;
        fixed (byte* pointer = buffer)
            count = Libc.Read(_descriptor, pointer, buffer.Length);
        if (count >= 0)
            return (int)count;
        var error = Marshal.GetLastPInvokeError();
        return error == Libc.WouldBlock || error == Libc.Interrupted ? null : 0;
    }

    /// <summary>Ends a <see cref="Wait"/>, now or the next one.</summary>
    public void Wake()
    {
        lock (_waking)
        {
            if (_woken || _disposed)
                return;
            _woken = true;
            byte signal = 1;
            _ = Libc.Write((int)_wakeReader.ClientSafePipeHandle.DangerousGetHandle(), &signal, 1);
        }
    }

    public void Dispose()
    {
        lock (_waking)
        {
            if (_disposed)
                return;
            _disposed = true;
            _ = Libc.Close(_descriptor);
            _wakeReader.Dispose();
        }
    }

    private void SetModes(byte* modes)
    {
        // A hung up terminal refuses, which its reader hears; a signal only interrupts.
        while (Libc.SetModes(_descriptor, Libc.SetNow, modes) != 0 && Marshal.GetLastPInvokeError() == Libc.Interrupted)
            continue;
    }

    private void WaitUntilWritable()
    {
        var writable = stackalloc byte[Libc.MaxDescriptor / 8];
        Include(writable, _descriptor);
        var time = Time(Slice);
        _ = Libc.Select(_descriptor + 1, null, writable, null, &time);
    }

    private static Libc.TimeValue Time(TimeSpan time) => new() { Seconds = (nint)time.TotalSeconds, Microseconds = (nint)(time.TotalMicroseconds % 1_000_000) };

    // Descriptors are below MaxDescriptor (checked when opened), so these stay inside the set.
    private static void Include(byte* set, int descriptor) => set[descriptor / 8] |= (byte)(1 << (descriptor % 8));

    private static bool IsIncluded(byte* set, int descriptor) => (set[descriptor / 8] & (1 << (descriptor % 8))) != 0;
}
