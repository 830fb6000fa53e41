namespace LazyOC.Wasm.Binary;

/// <summary>The sections of a module. Source: WebAssembly 2.0, §5.5.2.</summary>
internal enum SectionId : byte
{
    Custom,
    Type,
    Import,
    Function,
    Table,
    Memory,
    Global,
    Export,
    Start,
    Element,
    Code,
    Data,
    DataCount,
}
