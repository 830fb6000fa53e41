using System.Collections.Immutable;
using System.Reflection.Emit;
using LazyOC.Wasm.Binary;

namespace LazyOC.Wasm.Compilation;

/// <summary>An open block, loop or if.</summary>
internal sealed class ControlFrame(Opcode kind, int height, ImmutableArray<ValType> parameters, ImmutableArray<ValType> results, Label label)
{
    public Opcode Kind { get; } = kind;

    /// <summary>Size of the operand stack below the block's parameters.</summary>
    public int Height { get; } = height;

    public ImmutableArray<ValType> Parameters { get; } = parameters;

    public ImmutableArray<ValType> Results { get; } = results;

    /// <summary>Where branches go: the head of a loop, the end of the others.</summary>
    public Label Label { get; } = label;

    public bool IsLoop => Kind == Opcode.Loop;

    /// <summary>Types of the values a branch brings.</summary>
    public ImmutableArray<ValType> LabelTypes => IsLoop ? Parameters : Results;

    /// <summary>Where branches leave their values; made with the first branch.</summary>
    public LocalBuilder[]? LabelValues { get; set; }

    /// <summary>Whether control reaches <see cref="Label"/> other than by running into it.</summary>
    public bool IsBranchedTo { get; set; }

    /// <summary>Where the condition of an if fails to; none once the else is there.</summary>
    public Label? Else { get; set; }

    /// <summary>The parameters of an if, for both of its arms.</summary>
    public LocalBuilder[] IfParameters { get; set; } = [];
}
