namespace LazyOC.Wasm;

/// <summary>Something a module needs: <c>module.name</c> of a type.</summary>
public sealed record WasmImport(string Module, string Name, ExternalType Type);

/// <summary>Something a module offers.</summary>
public sealed record WasmExport(string Name, ExternalType Type);
