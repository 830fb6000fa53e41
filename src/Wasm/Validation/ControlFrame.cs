using System.Collections.Immutable;
using LazyOC.Wasm.Binary;

namespace LazyOC.Wasm.Validation;

/// <summary>A block, loop, if, else or function body that is open. Source: WebAssembly 2.0, appendix A.</summary>
internal struct ControlFrame
{
    /// <summary>The instruction that opened it; <see cref="Opcode.Block"/> for the function itself.</summary>
    public required Opcode Opcode { get; init; }

    public required ImmutableArray<ValType> Parameters { get; init; }

    public required ImmutableArray<ValType> Results { get; init; }

    /// <summary>Height of the operand stack below its parameters.</summary>
    public required int Height { get; init; }

    /// <summary>Whether the rest of it cannot be reached, so that its stack yields any type.</summary>
    public bool IsUnreachable { get; set; }

    /// <summary>What a branch to it must bring: a loop is continued, everything else is left.</summary>
    public readonly ImmutableArray<ValType> LabelTypes => Opcode == Opcode.Loop ? Parameters : Results;
}
