using LazyOC.Wasm.Binary;

namespace LazyOC.Wasm.Validation;

/// <content>Numeric instructions. Source: WebAssembly 2.0, §3.3.1.</content>
internal sealed partial class FunctionValidator
{
    private static readonly NumericSignature[] Signatures = BuildSignatures();

    private void CheckNumeric()
    {
        var opcode = _instruction.Opcode;
        if (opcode >= Opcode.I32TruncSatF32S)
        {
            CheckSaturatingTruncation(opcode);
            return;
        }
        var signature = Signatures[(int)opcode];
        if (signature.Result == Unknown)
            throw Invalid($"no rule for `{opcode.Text()}`");
        for (var i = 0; i < signature.OperandCount; i++)
            Pop(signature.Operand);
        Push(signature.Result);
    }

    private void CheckSaturatingTruncation(Opcode opcode)
    {
        if (opcode > Opcode.I64TruncSatF64U)
            throw Invalid($"no rule for `{opcode.Text()}`");
        Pop(opcode is Opcode.I32TruncSatF32S or Opcode.I32TruncSatF32U or Opcode.I64TruncSatF32S or Opcode.I64TruncSatF32U
            ? ValType.F32
            : ValType.F64);
        Push(opcode < Opcode.I64TruncSatF32S ? ValType.I32 : ValType.I64);
    }

    /// <summary>The signatures follow the order of the opcodes, run by run.</summary>
    private static NumericSignature[] BuildSignatures()
    {
        const ValType i32 = ValType.I32, i64 = ValType.I64, f32 = ValType.F32, f64 = ValType.F64;
        var table = new NumericSignature[256];
        void Set(Opcode first, Opcode last, int operands, ValType operand, ValType result) =>
            Array.Fill(table, new NumericSignature(operand, operands, result), (int)first, last - first + 1);

        Set(Opcode.I32Const, Opcode.I32Const, 0, Unknown, i32);
        Set(Opcode.I64Const, Opcode.I64Const, 0, Unknown, i64);
        Set(Opcode.F32Const, Opcode.F32Const, 0, Unknown, f32);
        Set(Opcode.F64Const, Opcode.F64Const, 0, Unknown, f64);

        Set(Opcode.I32Eqz, Opcode.I32Eqz, 1, i32, i32);
        Set(Opcode.I32Eq, Opcode.I32GeU, 2, i32, i32);
        Set(Opcode.I64Eqz, Opcode.I64Eqz, 1, i64, i32);
        Set(Opcode.I64Eq, Opcode.I64GeU, 2, i64, i32);
        Set(Opcode.F32Eq, Opcode.F32Ge, 2, f32, i32);
        Set(Opcode.F64Eq, Opcode.F64Ge, 2, f64, i32);

        Set(Opcode.I32Clz, Opcode.I32Popcnt, 1, i32, i32);
        Set(Opcode.I32Add, Opcode.I32Rotr, 2, i32, i32);
        Set(Opcode.I64Clz, Opcode.I64Popcnt, 1, i64, i64);
        Set(Opcode.I64Add, Opcode.I64Rotr, 2, i64, i64);
        Set(Opcode.F32Abs, Opcode.F32Sqrt, 1, f32, f32);
        Set(Opcode.F32Add, Opcode.F32Copysign, 2, f32, f32);
        Set(Opcode.F64Abs, Opcode.F64Sqrt, 1, f64, f64);
        Set(Opcode.F64Add, Opcode.F64Copysign, 2, f64, f64);

        Set(Opcode.I32WrapI64, Opcode.I32WrapI64, 1, i64, i32);
        Set(Opcode.I32TruncF32S, Opcode.I32TruncF32U, 1, f32, i32);
        Set(Opcode.I32TruncF64S, Opcode.I32TruncF64U, 1, f64, i32);
        Set(Opcode.I64ExtendI32S, Opcode.I64ExtendI32U, 1, i32, i64);
        Set(Opcode.I64TruncF32S, Opcode.I64TruncF32U, 1, f32, i64);
        Set(Opcode.I64TruncF64S, Opcode.I64TruncF64U, 1, f64, i64);
        Set(Opcode.F32ConvertI32S, Opcode.F32ConvertI32U, 1, i32, f32);
        Set(Opcode.F32ConvertI64S, Opcode.F32ConvertI64U, 1, i64, f32);
        Set(Opcode.F32DemoteF64, Opcode.F32DemoteF64, 1, f64, f32);
        Set(Opcode.F64ConvertI32S, Opcode.F64ConvertI32U, 1, i32, f64);
        Set(Opcode.F64ConvertI64S, Opcode.F64ConvertI64U, 1, i64, f64);
        Set(Opcode.F64PromoteF32, Opcode.F64PromoteF32, 1, f32, f64);
        Set(Opcode.I32ReinterpretF32, Opcode.I32ReinterpretF32, 1, f32, i32);
        Set(Opcode.I64ReinterpretF64, Opcode.I64ReinterpretF64, 1, f64, i64);
        Set(Opcode.F32ReinterpretI32, Opcode.F32ReinterpretI32, 1, i32, f32);
        Set(Opcode.F64ReinterpretI64, Opcode.F64ReinterpretI64, 1, i64, f64);
        Set(Opcode.I32Extend8S, Opcode.I32Extend16S, 1, i32, i32);
        Set(Opcode.I64Extend8S, Opcode.I64Extend32S, 1, i64, i64);
        return table;
    }

    /// <summary>A numeric instruction takes operands of one type only.</summary>
    private readonly record struct NumericSignature(ValType Operand, int OperandCount, ValType Result);
}
