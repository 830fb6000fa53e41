using System.Reflection.Emit;
using LazyOC.Wasm.Binary;

namespace LazyOC.Wasm.Compilation;

/// <content>
/// Rotations. The just-in-time compiler of .NET 10 takes the zero flag for the result of comparing a rotated value with
/// zero, but the processor's rotations do not set it. So the instruction is left to it only where its result goes into
/// arithmetic that cannot be folded away; everywhere else a rotation is the sum of two shifts, which it does not take
/// for one.
/// </content>
internal sealed partial class FunctionCompiler
{
    private static bool IsRotation(Opcode opcode) =>
        opcode is Opcode.I32Rotl or Opcode.I32Rotr or Opcode.I64Rotl or Opcode.I64Rotr;

    /// <summary>Whether the operands of an instruction may be rotations that the code generator knows as such.</summary>
    private static bool KeepsRotations(Expression value) =>
        value.Opcode is Opcode.I32Add or Opcode.I32Sub or Opcode.I32Xor or Opcode.I32Or or Opcode.I32And
            or Opcode.I64Add or Opcode.I64Sub or Opcode.I64Xor or Opcode.I64Or or Opcode.I64And
        && value.Left!.Kind != ExpressionKind.Constant && value.Right!.Kind != ExpressionKind.Constant;

    /// <summary>Evaluates a rotation as <c>(x &lt;&lt; n) + ((x &gt;&gt;&gt; 1) &gt;&gt;&gt; (width − 1 − n))</c>, n being the count to the left modulo the width.</summary>
    private void EmitRotationByShifts(Expression value)
    {
        var isLeft = value.Opcode is Opcode.I32Rotl or Opcode.I64Rotl;
        var mask = value.Type == ValType.I32 ? 31 : 63;
        var operand = TakeTemporary(value.Type);
        var count = TakeTemporary(ValType.I32);
        Emit(value.Left!);
        _il.Emit(OpCodes.Stloc, operand);
        if (!isLeft)
            EmitI4(0);
        Emit(value.Right!);
        _il.Emit(OpCodes.Conv_I4);
        if (!isLeft)
            _il.Emit(OpCodes.Sub);
        EmitI4(mask);
        _il.Emit(OpCodes.And);
        _il.Emit(OpCodes.Stloc, count);

        _il.Emit(OpCodes.Ldloc, operand);
        _il.Emit(OpCodes.Ldloc, count);
        _il.Emit(OpCodes.Shl);
        _il.Emit(OpCodes.Ldloc, operand);
        EmitI4(1);
        _il.Emit(OpCodes.Shr_Un);
        _il.Emit(OpCodes.Ldloc, count);
        EmitI4(mask);
        _il.Emit(OpCodes.Xor);
        _il.Emit(OpCodes.Shr_Un);
        _il.Emit(OpCodes.Add);
        _temporaries.Return(operand);
        _temporaries.Return(count);
    }
}
