using LazyOC.Wasm;

namespace LazyOC.Plugins.Sandbox.Guests.JavaScript;

/// <summary>What QuickJS's module imports: its own <c>env</c> and the six functions of WASI preview 1 that its C library names.</summary>
internal static class QuickJsImports
{
    private const string Env = "env";
    private const string Wasi = "wasi_snapshot_preview1";
    private const int Success = 0;
    private const int BadFileDescriptor = 8;
    private const int Fault = 21;
    private const long NanosecondsPerMillisecond = 1_000_000;

    public static WasmLinker Link(QuickJsVm vm, QuickJsHost host) => new WasmLinker()
        .Define(Env, "host_call", (int name, int nameLength, int self, int count, int arguments) => vm.CallBridge(name, nameLength, count, arguments))
        .Define(Env, "host_interrupt", () => host.ShouldInterrupt() ? 1 : 0)
        .Define(Env, "host_promise_rejection", (int promise, int reason, int isHandled) => vm.OnRejection(promise, reason, isHandled != 0))
        .Define(Env, "host_module_normalize", (int from, int name) => vm.RefuseImport(name))
        .Define(Env, "host_module_load", (int name, int lengthAt) => vm.RefuseImport(name))
        .Define(Env, "host_get_timezone_offset", (int high, int low) => 0)
        .Define(Wasi, "clock_time_get", (WasmInstance caller, int clock, long precision, int resultAt) => GetTime(caller, host.Time, resultAt))
        .Define(Wasi, "random_get", (WasmInstance caller, int bufferAt, int length) => FillRandom(caller, host, bufferAt, length))
        .Define(Wasi, "fd_write", (int descriptor, int vectors, int count, int writtenAt) => BadFileDescriptor)
        .Define(Wasi, "fd_close", (int descriptor) => BadFileDescriptor)
        .Define(Wasi, "fd_fdstat_get", (int descriptor, int statAt) => BadFileDescriptor)
        .Define(Wasi, "fd_seek", (int descriptor, long offset, int whence, int resultAt) => BadFileDescriptor);

    /// <summary>Every clock is the host's, in steps of 1 ms: finer ones measure what the guest should not know.</summary>
    private static int GetTime(WasmInstance caller, TimeProvider time, int resultAt)
    {
        caller.Memory.Write((uint)resultAt, time.GetUtcNow().ToUnixTimeMilliseconds() * NanosecondsPerMillisecond);
        return Success;
    }

    private static int FillRandom(WasmInstance caller, QuickJsHost host, int bufferAt, int length)
    {
        if (length < 0)
            return Fault;
        host.FillRandom(caller.Memory.GetSpan((uint)bufferAt, length));
        return Success;
    }
}
