namespace LazyOC.Wasm.Binary;

/// <summary>Reads the name section: whatever of it is well-formed, up to the first defect.</summary>
/// <remarks>A defect here is no defect of the module. Source: WebAssembly 2.0, §7.4.1.</remarks>
internal static class NameSectionReader
{
    private const byte ModuleSubsection = 0;
    private const byte FunctionSubsection = 1;

    public static NameSection Read(Module module)
    {
        string? moduleName = null;
        var functions = new Dictionary<uint, string>();
        if (module.NameSection is not { } content)
            return new NameSection(moduleName, functions);

        var bytes = module.Bytes.Span;
        var reader = new ByteReader(bytes, content);
        try
        {
            while (!reader.IsAtEnd)
            {
                var id = reader.ReadByte();
                var subsection = new ByteReader(bytes, reader.ReadSizedRange());
                if (id == ModuleSubsection)
                    moduleName = subsection.ReadName(content.Length);
                else if (id == FunctionSubsection)
                    ReadFunctionNames(ref subsection, module.Functions.Length, functions);
            }
        }
        catch (WasmFormatException)
        {
            // The names read so far are as good as any.
        }
        return new NameSection(moduleName, functions);
    }

    private static void ReadFunctionNames(ref ByteReader reader, int functionCount, Dictionary<uint, string> names)
    {
        for (var remaining = reader.ReadCount(); remaining > 0; remaining--)
        {
            var index = reader.ReadU32();
            var name = reader.ReadName(reader.Remaining);
            if (index < (uint)functionCount)
                names[index] = name;
        }
    }
}
