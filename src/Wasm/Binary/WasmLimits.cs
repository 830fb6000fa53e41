namespace LazyOC.Wasm;

/// <summary>
/// What a module may ask for before it is refused. Every count that a module states is compared with its limit
/// before memory is taken for it.
/// </summary>
/// <remarks>
/// Immutable; safe to share. The defaults admit every module that browsers admit in practice. How deep calls may be
/// nested is not the module's doing but that of what it computes: <see cref="InstanceOptions.StackLimitBytes"/> bounds it.
/// </remarks>
public sealed record WasmLimits
{
    /// <summary>The limits that hold when the caller names none.</summary>
    public static WasmLimits Default { get; } = new();

    /// <summary>Length of the binary, in bytes.</summary>
    public int ModuleBytes { get; init; } = 64 * 1024 * 1024;

    /// <summary>Entries of the type section.</summary>
    public int Types { get; init; } = 100_000;

    /// <summary>Parameters of one function type.</summary>
    public int Parameters { get; init; } = 1_000;

    /// <summary>Results of one function type. Functions return nested tuples, whose loading takes seconds from 500 on.</summary>
    public int Results { get; init; } = 128;

    /// <summary>Imports of every kind together.</summary>
    public int Imports { get; init; } = 100_000;

    /// <summary>Functions the module defines.</summary>
    public int Functions { get; init; } = 500_000;

    /// <summary>Locals of one function, parameters included.</summary>
    public int Locals { get; init; } = 50_000;

    /// <summary>Length of one function body, in bytes.</summary>
    public int FunctionBodyBytes { get; init; } = 7_654_321;

    /// <summary>Blocks, loops and ifs nested in one function.</summary>
    public int ControlDepth { get; init; } = 10_000;

    /// <summary>
    /// Time for validating the module and, later, for translating its functions as they are called, both together. A
    /// function beyond it traps with <see cref="TrapCode.TranslationLimit"/>.
    /// </summary>
    public TimeSpan CompileTime { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Labels of one <c>br_table</c>, the default included.</summary>
    public int BranchTableLabels { get; init; } = 65_536;

    /// <summary>Values on the operand stack of one function at once.</summary>
    public int OperandStack { get; init; } = 1_000_000;

    /// <summary>Tables, imported ones included.</summary>
    public int Tables { get; init; } = 1_000;

    /// <summary>
    /// Elements a table may have at the start, imported or not, and those of the module's own after growing:
    /// <c>table.grow</c> beyond it returns −1. <see cref="InstanceOptions.MaxTableElements"/> bounds them together.
    /// </summary>
    public uint TableElements { get; init; } = 10_000_000;

    /// <summary>Memories, imported ones included.</summary>
    public int Memories { get; init; } = 100;

    /// <summary>
    /// Pages of 64 KiB a memory may have at the start, imported or not, and those of the module's own after growing:
    /// <c>memory.grow</c> beyond it returns −1. 65,536 is all of a 32-bit memory.
    /// </summary>
    public uint MemoryPages { get; init; } = 65_536;

    /// <summary>Globals, imported ones included.</summary>
    public int Globals { get; init; } = 100_000;

    /// <summary>Exports of every kind together.</summary>
    public int Exports { get; init; } = 100_000;

    /// <summary>Element segments.</summary>
    public int ElementSegments { get; init; } = 100_000;

    /// <summary>Elements of all element segments together.</summary>
    public int SegmentElements { get; init; } = 10_000_000;

    /// <summary>Data segments.</summary>
    public int DataSegments { get; init; } = 100_000;

    /// <summary>Length of one import, export or custom section name, in bytes of UTF-8.</summary>
    public int NameBytes { get; init; } = 100_000;

    /// <summary>Custom sections that are kept; those behind are ignored, as if they were not there.</summary>
    public int CustomSections { get; init; } = 10_000;

    /// <summary>Length of a name section that is still read for debugging; a longer one is ignored.</summary>
    public int NameSectionBytes { get; init; } = 16 * 1024 * 1024;
}
