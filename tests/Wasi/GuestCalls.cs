using System.Text;
using LazyOC.Wasm;

namespace LazyOC.Wasi.Tests;

/// <summary>A guest that does nothing of itself: a test calls each WASI function with any arguments.</summary>
internal sealed class GuestCalls : IDisposable
{
    /// <summary>The first address outside the guest's memory.</summary>
    public const int End = 65_536;

    private static readonly WasmModule Module =
        WasmModule.Load(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Fixtures", "every-function.wasm")));

    private readonly WasiContext _context;
    private readonly WasmInstance _instance;

    public GuestCalls(WasiOptions? options = null)
    {
        _context = new WasiContext(options ?? new WasiOptions());
        _instance = Module.Instantiate(_context.AddTo(new WasmLinker()));
    }

    public static IEnumerable<string> Functions => Module.Exports.Where(export => export.Type is FunctionType).Select(export => export.Name);

    public WasmMemory Memory => _instance.Memory;

    public WasmInstance Instance => _instance;

    public static FunctionType TypeOf(string function) =>
        (FunctionType)Module.Exports.First(export => string.Equals(export.Name, function, StringComparison.Ordinal)).Type;

    /// <summary>Calls a function; integers are widened as its type says.</summary>
    public Errno Call(string function, params object[] arguments)
    {
        var types = TypeOf(function).Parameters;
        var values = arguments.Select((argument, i) => types[i] == ValType.I64 ? (object)Convert.ToInt64(argument, null) : argument).ToArray();
        return (Errno)(int)_instance.GetFunction(function)!.Invoke(values)[0]!;
    }

    /// <summary>Puts text into the guest's memory and returns its length.</summary>
    public int Put(uint address, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        bytes.CopyTo(Memory.GetSpan(address, bytes.Length));
        return bytes.Length;
    }

    /// <summary>Puts an address and a length, as reads and writes take them.</summary>
    public void PutBuffer(uint address, uint start, uint length)
    {
        Memory.Write(address, start);
        Memory.Write(address + 4, length);
    }

    /// <summary>Opens a path below descriptor 3 with every right it can have; the number is in the guest's memory at 0.</summary>
    public Errno Open(string path, int flags = 0, int directory = 3)
    {
        const int forDirectory = 2;
        var length = Put(1024, path);
        var rights = (flags & forDirectory) != 0 ? ~(long)Rights.Write : -1L;
        return Call("path_open", directory, 0, 1024, length, flags, rights, -1L, 0, 0);
    }

    public void Dispose()
    {
        _instance.Dispose();
        _context.Dispose();
    }
}
