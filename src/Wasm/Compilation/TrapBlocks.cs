using System.Reflection.Emit;
using LazyOC.Wasm.Execution;

namespace LazyOC.Wasm.Compilation;

/// <summary>The places a function's checks branch to, one for each kind of trap, emitted behind its code.</summary>
/// <remarks>Branches come with an empty CIL stack, so that one block serves all of them.</remarks>
internal sealed class TrapBlocks(ILGenerator il)
{
    private readonly Dictionary<TrapCode, Label> _labels = [];

    public Label For(TrapCode code)
    {
        if (!_labels.TryGetValue(code, out var label))
            _labels.Add(code, label = il.DefineLabel());
        return label;
    }

    public void Emit()
    {
        foreach (var (code, label) in _labels)
        {
            il.MarkLabel(label);
            il.Emit(OpCodes.Ldc_I4, (int)code);
            PureOperations.EmitCall(il, typeof(RuntimeCalls), nameof(RuntimeCalls.Trap), typeof(int));
            il.Emit(OpCodes.Throw);
        }
    }
}
