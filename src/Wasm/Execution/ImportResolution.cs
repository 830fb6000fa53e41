using LazyOC.Wasm.Binary;

namespace LazyOC.Wasm.Execution;

/// <summary>Finds what the linker has for each import and compares types.</summary>
/// <remarks>Source: WebAssembly 2.0, §4.5.2 (external typing) and §3.4 (matching).</remarks>
internal static class ImportResolution
{
    /// <summary>The definitions in the order of the imports.</summary>
    /// <exception cref="WasmLinkException">Names every import that is missing, or the first that does not fit.</exception>
    public static object[] Resolve(Module module, WasmLinker linker)
    {
        var missing = module.Imports.Where(import => linker.Find(import.Module, import.Name) is null).ToArray();
        if (missing.Length > 0)
            throw new WasmLinkException($"unknown import: {string.Join(", ", missing.Select(Describe))}");
        return [.. module.Imports.Select(import => Match(import, linker.Find(import.Module, import.Name)!))];
    }

    private static object Match(Import import, object definition)
    {
        var fits = (import.Type, definition) switch
        {
            (FunctionType wanted, HostImport host) => host.Type.Equals(wanted),
            (FunctionType wanted, WasmFunction function) => function.Type.Equals(wanted),
            (TableType wanted, WasmTable table) => wanted.Element == table.ElementType && Matches(table.Type.Limits, wanted.Limits),
            (MemoryType wanted, WasmMemory memory) => Matches(memory.Type.Limits, wanted.Limits),
            (GlobalType wanted, WasmGlobal global) => global.Type.Equals(wanted),
            _ => false,
        };
        return fits
            ? definition
            : throw new WasmLinkException($"incompatible import type: {Describe(import)} is defined as {DescribeType(TypeOf(definition))}");
    }

    private static bool Matches(SizeLimits actual, SizeLimits wanted) =>
        actual.Minimum >= wanted.Minimum
        && (wanted.Maximum is not { } maximum || (actual.Maximum is { } actualMaximum && actualMaximum <= maximum));

    private static ExternalType TypeOf(object definition) => definition switch
    {
        HostImport host => host.Type,
        WasmFunction function => function.Type,
        WasmTable table => table.Type,
        WasmMemory memory => memory.Type,
        WasmGlobal global => global.Type,
        _ => throw new InvalidOperationException($"a linker does not define {definition.GetType()}"),
    };

    private static string Describe(Import import) => $"`{import.Module}.{import.Name}` ({DescribeType(import.Type)})";

    private static string DescribeType(ExternalType type) => type switch
    {
        FunctionType function => $"function {function}",
        TableType table => $"table {table.Element.Text()} {DescribeLimits(table.Limits)}",
        MemoryType memory => $"memory {DescribeLimits(memory.Limits)}",
        GlobalType global => $"global {(global.IsMutable ? "mut " : "")}{global.Value.Text()}",
        _ => type.ToString(),
    };

    private static string DescribeLimits(SizeLimits limits) => $"{limits.Minimum}..{limits.Maximum?.ToString() ?? ""}";
}
