using System.Text;
using LazyOC.Wasm;

namespace LazyOC.Wasi;

/// <content>Arguments, environment, random numbers and the end of the process.</content>
public sealed partial class WasiContext
{
    /// <summary>The last signal. Source: WASI preview 1, <c>signal</c>.</summary>
    private const int LastSignal = 30;

    private readonly byte[][] _arguments;
    private readonly byte[][] _environment;

    private void AddProcess()
    {
        Define("args_get", (WasmInstance caller, int pointers, int buffer) =>
            (int)WriteStrings(GuestMemory.Of(caller), _arguments, (uint)pointers, (uint)buffer));
        Define("args_sizes_get", (WasmInstance caller, int count, int size) =>
            (int)WriteSizes(GuestMemory.Of(caller), _arguments, (uint)count, (uint)size));
        Define("environ_get", (WasmInstance caller, int pointers, int buffer) =>
            (int)WriteStrings(GuestMemory.Of(caller), _environment, (uint)pointers, (uint)buffer));
        Define("environ_sizes_get", (WasmInstance caller, int count, int size) =>
            (int)WriteSizes(GuestMemory.Of(caller), _environment, (uint)count, (uint)size));
        Define("random_get", (WasmInstance caller, int buffer, int length) =>
            (int)RandomGet(GuestMemory.Of(caller), (uint)buffer, (uint)length));
        Define("proc_exit", (int code) => Exit(code));
        Define("proc_raise", (int signal) => (int)((uint)signal > LastSignal ? Errno.Invalid : Errno.NotSupported));
        Define("sched_yield", Yield);
    }

    private static void Exit(int code) => throw new WasiExitException((uint)code);

    private static int Yield()
    {
        Thread.Yield();
        return (int)Errno.Success;
    }

    private static byte[][] NulTerminated(IEnumerable<string> strings) =>
        [.. strings.Select(text => Encoding.UTF8.GetBytes(text + '\0'))];

    private static Errno WriteSizes(GuestMemory memory, byte[][] strings, uint count, uint size)
    {
        var errno = memory.Write(count, (uint)strings.Length);
        return errno == Errno.Success ? memory.Write(size, (uint)strings.Sum(text => text.Length)) : errno;
    }

    private static Errno WriteStrings(GuestMemory memory, byte[][] strings, uint pointers, uint buffer)
    {
        for (var i = 0; i < strings.Length; i++)
        {
            if (!memory.TryGetEntry(pointers, i, sizeof(uint), out var pointer)
                || !memory.TryGetSpan(buffer, (uint)strings[i].Length, out var text))
                return Errno.Fault;
            BitConverter.TryWriteBytes(pointer, buffer);
            strings[i].CopyTo(text);
            buffer += (uint)strings[i].Length;
        }
        return Errno.Success;
    }

    private Errno RandomGet(GuestMemory memory, uint buffer, uint length)
    {
        if (length > (uint)_limits.RandomBytes)
            return Errno.Invalid;
        if (!memory.TryGetSpan(buffer, length, out var span))
            return Errno.Fault;
        _options.Random(span);
        return Errno.Success;
    }
}
