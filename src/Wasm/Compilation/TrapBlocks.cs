using System.Reflection.Emit;
using LazyOC.Wasm.Execution;

namespace LazyOC.Wasm.Compilation;

/// <summary>The places a function's checks branch to, one for each kind of trap, emitted behind its code.</summary>
/// <remarks>Branches come with an empty CIL stack, so that one block serves all of them.</remarks>
internal sealed class TrapBlocks(ILGenerator il)
{
    private readonly Dictionary<TrapCode, Label> _labels = [];
    private Label? _indirectCall;

    /// <summary>The type id that an indirect call found, for <see cref="IndirectCall"/>.</summary>
    public LocalBuilder FoundTypeId => field ??= il.DeclareLocal(typeof(int));

    public Label For(TrapCode code)
    {
        if (!_labels.TryGetValue(code, out var label))
            _labels.Add(code, label = il.DefineLabel());
        return label;
    }

    public Label IndirectCall() => _indirectCall ??= il.DefineLabel();

    public void Emit()
    {
        foreach (var (code, label) in _labels)
        {
            il.MarkLabel(label);
            il.Emit(OpCodes.Ldc_I4, (int)code);
            PureOperations.EmitCall(il, typeof(RuntimeCalls), nameof(RuntimeCalls.Trap), typeof(int));
            il.Emit(OpCodes.Throw);
        }
        if (_indirectCall is { } indirectCall)
        {
            il.MarkLabel(indirectCall);
            il.Emit(OpCodes.Ldloc, FoundTypeId);
            PureOperations.EmitCall(il, typeof(RuntimeCalls), nameof(RuntimeCalls.IndirectCallTrap), typeof(int));
            il.Emit(OpCodes.Throw);
        }
    }
}
