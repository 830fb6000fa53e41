using System.Text;

namespace LazyOC.Wasm.Binary;

/// <summary>What the <c>name</c> custom section says, for stack traces. Names are decoded when they are asked for.</summary>
/// <remarks>Immutable. Source: WebAssembly 2.0, §7.4.1.</remarks>
internal sealed class NameSection
{
    private readonly ReadOnlyMemory<byte> _module;
    private readonly Dictionary<int, ByteRange> _functions;

    public NameSection(ReadOnlyMemory<byte> module, Dictionary<int, ByteRange> functions)
    {
        _module = module;
        _functions = functions;
    }

    /// <summary>A function's name, by its index in the function index space; invalid UTF-8 in it becomes U+FFFD.</summary>
    public string? FunctionName(int function) =>
        _functions.TryGetValue(function, out var name) ? Encoding.UTF8.GetString(_module.Span.Slice(name.Offset, name.Length)) : null;
}

/// <summary>Reads the name section: whatever of it is well-formed, up to the first defect.</summary>
/// <remarks>A defect here is no defect of the module. Source: WebAssembly 2.0, §7.4.1.</remarks>
internal static class NameSectionReader
{
    private const byte FunctionSubsection = 1;

    public static NameSection Read(Module module)
    {
        var functions = new Dictionary<int, ByteRange>();
        if (module.NameSection is { } content)
        {
            try
            {
                ReadSubsections(module, content, functions);
            }
            catch (WasmFormatException)
            {
                // The names read so far are as good as any.
            }
        }
        return new NameSection(module.Bytes, functions);
    }

    private static void ReadSubsections(Module module, ByteRange content, Dictionary<int, ByteRange> functions)
    {
        var bytes = module.Bytes.Span;
        var reader = new ByteReader(bytes, content);
        while (!reader.IsAtEnd)
        {
            var id = reader.ReadByte();
            var subsection = new ByteReader(bytes, reader.ReadSizedRange());
            if (id == FunctionSubsection)
                ReadFunctionNames(ref subsection, module.Functions.Length, functions);
        }
    }

    private static void ReadFunctionNames(ref ByteReader reader, int functionCount, Dictionary<int, ByteRange> names)
    {
        for (var remaining = reader.ReadCount(); remaining > 0; remaining--)
        {
            var index = reader.ReadU32();
            var name = reader.ReadSizedRange();
            if (index < (uint)functionCount)
                names[(int)index] = name;
        }
    }
}
