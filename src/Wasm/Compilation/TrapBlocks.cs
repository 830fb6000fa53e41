using System.Reflection.Emit;
using LazyOC.Wasm.Execution;

namespace LazyOC.Wasm.Compilation;

/// <summary>The places a function's checks branch to, emitted behind its code.</summary>
/// <remarks>Branches come with an empty CIL stack, so that one block serves many of them.</remarks>
internal sealed class TrapBlocks(ILGenerator il)
{
    /// <summary>Branches to one block. The just-in-time compiler takes time in the square of them.</summary>
    private const int BranchesPerBlock = 256;

    private readonly Dictionary<TrapCode, (Label Label, int Branches)> _open = [];
    private readonly List<(TrapCode Code, Label Label)> _blocks = [];

    /// <summary>Where to branch, once, to trap.</summary>
    public Label For(TrapCode code)
    {
        if (!_open.TryGetValue(code, out var block) || block.Branches == BranchesPerBlock)
        {
            block = (il.DefineLabel(), 0);
            _blocks.Add((code, block.Label));
        }
        _open[code] = block with { Branches = block.Branches + 1 };
        return block.Label;
    }

    public void Emit()
    {
        foreach (var (code, label) in _blocks)
        {
            il.MarkLabel(label);
            il.Emit(OpCodes.Ldc_I4, (int)code);
            PureOperations.EmitCall(il, typeof(RuntimeCalls), nameof(RuntimeCalls.Trap), typeof(int));
            il.Emit(OpCodes.Throw);
        }
    }
}
