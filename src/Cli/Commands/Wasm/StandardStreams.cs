using System.Runtime.InteropServices;
using LazyOC.Wasi;

namespace LazyOC.Cli.Commands.Wasm;

/// <summary>The standard streams of this process, for a program that runs in it.</summary>
internal static class StandardStreams
{
    private const int OutputNumber = 1;
    private const int ErrorNumber = 2;

    /// <summary>Those of the three that are terminals.</summary>
    public static WasiTerminals Terminals =>
        (Console.IsInputRedirected ? WasiTerminals.None : WasiTerminals.Input)
        | (Console.IsOutputRedirected ? WasiTerminals.None : WasiTerminals.Output)
        | (Console.IsErrorRedirected ? WasiTerminals.None : WasiTerminals.Error);

    public static Stream Output() => OperatingSystem.IsWindows() ? Console.OpenStandardOutput() : new UnixOutput(OutputNumber);

    public static Stream Error() => OperatingSystem.IsWindows() ? Console.OpenStandardError() : new UnixOutput(ErrorNumber);
}

/// <summary>
/// An output of this process, written to at once. Not the console's own stream, which takes no notice when nobody reads a
/// pipe any more; not a file stream, which keeps a position of its own. Source: POSIX.1-2017, write.
/// </summary>
internal sealed class UnixOutput(int number) : Stream
{
    private const int Interrupted = 4;
    private static readonly int TryAgain = OperatingSystem.IsLinux() ? 11 : 35;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        while (!buffer.IsEmpty)
        {
            var written = Write(number, in MemoryMarshal.GetReference(buffer), (nuint)buffer.Length);
            if (written >= 0)
            {
                buffer = buffer[(int)written..];
                continue;
            }
            var error = Marshal.GetLastPInvokeError();
            if (error == TryAgain)
                Thread.Sleep(1);
            else if (error != Interrupted)
                throw new IOException(Marshal.GetPInvokeErrorMessage(error), error);
        }
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    [DllImport("libc", EntryPoint = "write", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern nint Write(int file, ref readonly byte bytes, nuint length);
}
