using System.Diagnostics;
using System.Text;
using LazyOC.Wasm;

namespace LazyOC.Fuzz.Wasm.Soak;

/// <summary>QuickJS as the build translated it, driven through its exports.</summary>
internal sealed class QuickJSModule : IDisposable
{
    private const int StackBytes = 512 * 1024;

    private readonly WasmInstance _instance;
    private readonly Func<int, int> _allocate;
    private readonly Func<int, int, int, int, int> _eval;
    private readonly Func<int, int, int> _getString;

    /// <param name="module">QuickJS; as the build translated it when null.</param>
    public QuickJSModule(WasmModule? module = null)
    {
        _instance = (module ?? Module).Instantiate(Linker());
        _allocate = _instance.GetFunction<Func<int, int>>("wasm_malloc");
        _eval = _instance.GetFunction<Func<int, int, int, int, int>>("qjs_eval");
        _getString = _instance.GetFunction<Func<int, int, int>>("qjs_get_string_len");
        _instance.GetFunction<Action>("_initialize")();
        if (_instance.GetFunction<Func<int>>("qjs_init")() != 0)
            throw new InvalidOperationException("QuickJS does not start");
        // Recursion in JavaScript throws before it runs off the stack that the module has in its memory.
        _instance.GetFunction<Action<int>>("qjs_set_max_stack_size")(StackBytes);
    }

    public static WasmModule Module { get; } = WasmModule.FromPrecompiled(Path.Combine(AppContext.BaseDirectory, "LazyOC.QuickJS.dll"));

    /// <summary>The stack on which <c>Date.now()</c> called the host, the last time.</summary>
    public StackTrace? ClockStack { get; private set; }

    public WasmInstance Instance => _instance;

    /// <summary>The result of a script as a string.</summary>
    public string Eval(string script)
    {
        var (address, length) = Write(script);
        var value = _eval(address, length, Write("test.js").Address, 0);
        var lengthAddress = _allocate(sizeof(int));
        var text = _getString(value, lengthAddress);
        return _instance.Memory.ReadUtf8((uint)text, _instance.Memory.Read<int>((uint)lengthAddress));
    }

    public void Dispose() => _instance.Dispose();

    private (int Address, int Length) Write(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text + '\0');
        var address = _allocate(bytes.Length);
        bytes.CopyTo(_instance.Memory.GetSpan((uint)address, bytes.Length));
        return (address, bytes.Length - 1);
    }

    private WasmLinker Linker() => new WasmLinker()
        .Define("env", "host_get_timezone_offset", (int high, int low) => 0)
        .Define("env", "host_interrupt", () => 0)
        .Define("env", "host_promise_rejection", (int promise, int reason, int isHandled) => { })
        .Define("env", "host_module_normalize", (int from, int name) => 0)
        .Define("env", "host_module_load", (int name, int length) => 0)
        .Define("env", "host_call", (int name, int self, int count, int arguments, int length) => 0)
        .Define("wasi_snapshot_preview1", "clock_time_get", (WasmInstance caller, int clock, long precision, int result) =>
        {
            ClockStack = new StackTrace();
            caller.Memory.Write((uint)result, 1_000_000_000L);
            return 0;
        })
        .Define("wasi_snapshot_preview1", "fd_close", (int file) => 8)
        .Define("wasi_snapshot_preview1", "fd_fdstat_get", (int file, int result) => 8)
        .Define("wasi_snapshot_preview1", "fd_seek", (int file, long offset, int whence, int result) => 8)
        .Define("wasi_snapshot_preview1", "fd_write", (int file, int parts, int count, int result) => 8)
        .Define("wasi_snapshot_preview1", "random_get", (WasmInstance caller, int buffer, int length) =>
        {
            caller.Memory.GetSpan((uint)buffer, length).Fill(4);
            return 0;
        });
}
