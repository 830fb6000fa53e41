using System.Text;
using LazyOC.Wasm;

namespace LazyOC.Wasi;

/// <content>Arguments, environment, random numbers and the end of the process.</content>
public sealed partial class WasiContext
{
    private readonly byte[][] _arguments;
    private readonly byte[][] _environment;

    private void AddProcess(WasmLinker linker)
    {
        linker.Define(ModuleName, "args_get", (WasmInstance caller, int pointers, int buffer) =>
            (int)WriteStrings(GuestMemory.Of(caller), _arguments, (uint)pointers, (uint)buffer));
        linker.Define(ModuleName, "args_sizes_get", (WasmInstance caller, int count, int size) =>
            (int)WriteSizes(GuestMemory.Of(caller), _arguments, (uint)count, (uint)size));
        linker.Define(ModuleName, "environ_get", (WasmInstance caller, int pointers, int buffer) =>
            (int)WriteStrings(GuestMemory.Of(caller), _environment, (uint)pointers, (uint)buffer));
        linker.Define(ModuleName, "environ_sizes_get", (WasmInstance caller, int count, int size) =>
            (int)WriteSizes(GuestMemory.Of(caller), _environment, (uint)count, (uint)size));
        linker.Define(ModuleName, "random_get", (WasmInstance caller, int buffer, int length) =>
            (int)RandomGet(GuestMemory.Of(caller), (uint)buffer, (uint)length));
        linker.Define(ModuleName, "proc_exit", (int code) => Exit(code));
        linker.Define(ModuleName, "proc_raise", (int signal) => (int)Errno.NotImplemented);
        linker.Define(ModuleName, "sched_yield", () => (int)Errno.Success);
    }

    private static void Exit(int code) => throw new WasiExitException((uint)code);

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
