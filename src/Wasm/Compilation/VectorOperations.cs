using System.Collections.Concurrent;
using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.Intrinsics;
using LazyOC.Wasm.Binary;
using LazyOC.Wasm.Execution;

namespace LazyOC.Wasm.Compilation;

/// <summary>The method that carries out a vector instruction.</summary>
/// <param name="Method">Of <see cref="Vector128"/> or an operator, or of <see cref="VectorNumerics"/> where there is none.</param>
/// <param name="ComparesWithZero">Whether it is given a zero vector as its second argument.</param>
/// <param name="IsNegated">Whether its result is to be negated.</param>
/// <param name="CountMask">Of a shift: the bits of the count that matter; else 0.</param>
internal sealed record VectorCall(MethodInfo Method, bool ComparesWithZero = false, bool IsNegated = false, int CountMask = 0)
{
    public Type[] Parameters { get; } = [.. Method.GetParameters().Select(parameter => parameter.ParameterType)];
}

/// <summary>How vector instructions correspond to methods; the just-in-time compiler makes single instructions of most.</summary>
internal static class VectorOperations
{
    private static readonly Type[] Signed = [typeof(sbyte), typeof(short), typeof(int), typeof(long)];
    private static readonly Type[] Unsigned = [typeof(byte), typeof(ushort), typeof(uint), typeof(ulong)];

    private static readonly VectorCall?[] Calls = new VectorCall?[256];
    private static readonly ConcurrentDictionary<(Type From, Type To), MethodInfo> Casts = new();

    /// <summary>The call for a vector instruction that neither traps nor accesses memory, but for <c>i8x16.shuffle</c>.</summary>
    public static VectorCall Of(Opcode opcode) => Calls[(int)opcode & 0xFF] ??= Resolve(opcode);

    /// <summary>Loads a vector from an address on the CIL stack.</summary>
    public static void EmitLoad(ILGenerator il)
    {
        il.Emit(OpCodes.Unaligned, (byte)1);
        il.Emit(OpCodes.Ldobj, typeof(Vector128<byte>));
    }

    /// <summary>Stores a vector; address and vector are on the CIL stack.</summary>
    public static void EmitStore(ILGenerator il)
    {
        il.Emit(OpCodes.Unaligned, (byte)1);
        il.Emit(OpCodes.Stobj, typeof(Vector128<byte>));
    }

    /// <summary>Leaves a vector of bytes on the CIL stack.</summary>
    public static void EmitConstant(ILGenerator il, long low, long high)
    {
        if (low == 0 && high == 0)
        {
            EmitZero(il, typeof(Vector128<byte>));
            return;
        }
        il.Emit(OpCodes.Ldc_I8, low);
        if (low == high)
        {
            PureOperations.EmitCall(il, typeof(Vector128), nameof(Vector128.Create), typeof(long));
        }
        else
        {
            il.Emit(OpCodes.Ldc_I8, high);
            PureOperations.EmitCall(il, typeof(Vector128), nameof(Vector128.Create), typeof(long), typeof(long));
        }
        EmitCast(il, typeof(Vector128<long>), typeof(Vector128<byte>));
    }

    public static void EmitZero(ILGenerator il, Type vector) => il.Emit(OpCodes.Call, vector.GetProperty(nameof(Vector128<>.Zero))!.GetMethod!);

    /// <summary>Makes what is on the CIL stack another type: vectors keep their bits, integers are cut to the lane.</summary>
    public static void EmitCast(ILGenerator il, Type from, Type to)
    {
        if (from == to)
            return;
        if (to.IsGenericType)
            il.Emit(OpCodes.Call, Casts.GetOrAdd((from, to), static pair => Generic(nameof(Vector128.As), [pair.From], LaneOf(pair.From), LaneOf(pair.To))));
        else if (to == typeof(byte) || to == typeof(sbyte))
            il.Emit(to == typeof(byte) ? OpCodes.Conv_U1 : OpCodes.Conv_I1);
        else if (to == typeof(ushort) || to == typeof(short))
            il.Emit(to == typeof(ushort) ? OpCodes.Conv_U2 : OpCodes.Conv_I2);
    }

    public static Type LaneOf(Type vector) => vector.GetGenericArguments()[0];

    public static Type VectorOf(Type lane) => typeof(Vector128<>).MakeGenericType(lane);

    private static VectorCall Resolve(Opcode opcode)
    {
        // What has no direct equal is there under the instruction's name.
        if (typeof(VectorNumerics).GetMethod(opcode.ToString()) is { } method)
            return new VectorCall(method);
        return opcode switch
        {
            >= Opcode.I8x16Splat and <= Opcode.F64x2ReplaceLane => Lane(opcode),
            >= Opcode.I8x16Eq and <= Opcode.I32x4GeU => IntegerComparison(opcode),
            >= Opcode.F32x4Eq and <= Opcode.F32x4Ge => Comparison(opcode - Opcode.F32x4Eq, typeof(float)),
            >= Opcode.F64x2Eq and <= Opcode.F64x2Ge => Comparison(opcode - Opcode.F64x2Eq, typeof(double)),
            >= Opcode.I64x2Eq and <= Opcode.I64x2GeS => Comparison(opcode - Opcode.I64x2Eq, typeof(long)),
            >= Opcode.V128Not and <= Opcode.V128AnyTrue => Bitwise(opcode),
            Opcode.F64x2PromoteLowF32x4 => Call(nameof(Vector128.WidenLower), typeof(float), 1),
            Opcode.F32x4Ceil or Opcode.F32x4Floor or Opcode.F32x4Trunc or Opcode.F32x4Nearest
                or (>= Opcode.F32x4Abs and <= Opcode.F32x4Pmax) => Float(opcode, typeof(float)),
            Opcode.F64x2Ceil or Opcode.F64x2Floor or Opcode.F64x2Trunc or Opcode.F64x2Nearest
                or (>= Opcode.F64x2Abs and <= Opcode.F64x2Pmax) => Float(opcode, typeof(double)),
            >= Opcode.I8x16Abs and < Opcode.F32x4Abs => Integer(opcode),
            Opcode.I32x4TruncSatF32x4S => Call(nameof(Vector128.ConvertToInt32), typeof(float), 1),
            Opcode.F32x4ConvertI32x4S => Call(nameof(Vector128.ConvertToSingle), typeof(int), 1),
            Opcode.F32x4ConvertI32x4U => Call(nameof(Vector128.ConvertToSingle), typeof(uint), 1),
            _ => throw Unknown(opcode),
        };
    }

    private static VectorCall Lane(Opcode opcode) => opcode switch
    {
        Opcode.I8x16Splat => Splat(typeof(byte)),
        Opcode.I16x8Splat => Splat(typeof(ushort)),
        Opcode.I32x4Splat => Splat(typeof(int)),
        Opcode.I64x2Splat => Splat(typeof(long)),
        Opcode.F32x4Splat => Splat(typeof(float)),
        Opcode.F64x2Splat => Splat(typeof(double)),
        Opcode.I8x16ExtractLaneS => Extract(typeof(sbyte)),
        Opcode.I8x16ExtractLaneU => Extract(typeof(byte)),
        Opcode.I16x8ExtractLaneS => Extract(typeof(short)),
        Opcode.I16x8ExtractLaneU => Extract(typeof(ushort)),
        Opcode.I32x4ExtractLane => Extract(typeof(int)),
        Opcode.I64x2ExtractLane => Extract(typeof(long)),
        Opcode.F32x4ExtractLane => Extract(typeof(float)),
        Opcode.F64x2ExtractLane => Extract(typeof(double)),
        Opcode.I8x16ReplaceLane => Replace(typeof(byte)),
        Opcode.I16x8ReplaceLane => Replace(typeof(ushort)),
        Opcode.I32x4ReplaceLane => Replace(typeof(int)),
        Opcode.I64x2ReplaceLane => Replace(typeof(long)),
        Opcode.F32x4ReplaceLane => Replace(typeof(float)),
        _ => Replace(typeof(double)),
    };

    public static VectorCall Splat(Type lane) => new(Static(nameof(Vector128.Create), lane));

    /// <summary>A vector of one lane and zeros.</summary>
    public static VectorCall Scalar(Type lane) => new(Static(nameof(Vector128.CreateScalar), lane));

    public static VectorCall Extract(Type lane) => new(Generic(nameof(Vector128.GetElement), [VectorOf(lane), typeof(int)], lane));

    public static VectorCall Replace(Type lane) => new(Generic(nameof(Vector128.WithElement), [VectorOf(lane), typeof(int), lane], lane));

    public static VectorCall Shuffle(Type lane) => Call(nameof(Vector128.Shuffle), lane);

    /// <summary>The two first of a width are equality, then come pairs of signed and unsigned.</summary>
    private static VectorCall IntegerComparison(Opcode opcode)
    {
        const int perWidth = Opcode.I16x8Eq - Opcode.I8x16Eq;
        var (width, index) = Math.DivRem((int)(opcode - Opcode.I8x16Eq), perWidth);
        return index < 2
            ? Comparison(index, Signed[width])
            : Comparison(1 + (index / 2), index % 2 == 0 ? Signed[width] : Unsigned[width]);
    }

    private static VectorCall Comparison(int index, Type lane) => index switch
    {
        0 => Call(nameof(Vector128.Equals), lane),
        1 => Call(nameof(Vector128.Equals), lane) with { IsNegated = true },
        2 => Call(nameof(Vector128.LessThan), lane),
        3 => Call(nameof(Vector128.GreaterThan), lane),
        4 => Call(nameof(Vector128.LessThanOrEqual), lane),
        _ => Call(nameof(Vector128.GreaterThanOrEqual), lane),
    };

    private static VectorCall Bitwise(Opcode opcode) => opcode switch
    {
        Opcode.V128Not => Operator("op_OnesComplement", typeof(byte), 1),
        Opcode.V128And => Operator("op_BitwiseAnd", typeof(byte)),
        Opcode.V128Andnot => Call(nameof(Vector128.AndNot), typeof(byte)),
        Opcode.V128Or => Operator("op_BitwiseOr", typeof(byte)),
        Opcode.V128Xor => Operator("op_ExclusiveOr", typeof(byte)),
        Opcode.V128Bitselect => Call(nameof(Vector128.ConditionalSelect), typeof(byte), 3),
        Opcode.V128AnyTrue => Operator("op_Inequality", typeof(byte)) with { ComparesWithZero = true },
        _ => throw Unknown(opcode),
    };

    private static VectorCall Integer(Opcode opcode)
    {
        const int nextWidth = Opcode.I16x8Abs - Opcode.I8x16Abs;
        var width = (opcode - Opcode.I8x16Abs) / nextWidth;
        var (signed, unsigned) = (Signed[width], Unsigned[width]);
        // The instructions of each width are in the same order; those of 16 bits are the most complete.
        return (Opcode)((int)opcode - ((width - 1) * nextWidth)) switch
        {
            Opcode.I16x8Abs => Call(nameof(Vector128.Abs), signed, 1),
            Opcode.I16x8Neg => Operator("op_UnaryNegation", signed, 1),
            Opcode.I16x8AllTrue => Call(nameof(Vector128.EqualsAny), signed) with { ComparesWithZero = true, IsNegated = true },
            Opcode.I16x8Bitmask => Call(nameof(Vector128.ExtractMostSignificantBits), signed, 1),
            Opcode.I16x8NarrowI32x4S => Call(nameof(Vector128.NarrowWithSaturation), Signed[width + 1]),
            Opcode.I16x8ExtendLowI8x16S => Call(nameof(Vector128.WidenLower), Signed[width - 1], 1),
            Opcode.I16x8ExtendHighI8x16S => Call(nameof(Vector128.WidenUpper), Signed[width - 1], 1),
            Opcode.I16x8ExtendLowI8x16U => Call(nameof(Vector128.WidenLower), Unsigned[width - 1], 1),
            Opcode.I16x8ExtendHighI8x16U => Call(nameof(Vector128.WidenUpper), Unsigned[width - 1], 1),
            Opcode.I16x8Shl => Shift("op_LeftShift", signed, width),
            Opcode.I16x8ShrS => Shift("op_RightShift", signed, width),
            Opcode.I16x8ShrU => Shift("op_UnsignedRightShift", unsigned, width),
            Opcode.I16x8Add => Operator("op_Addition", signed),
            Opcode.I16x8AddSatS => Call(nameof(Vector128.AddSaturate), signed),
            Opcode.I16x8AddSatU => Call(nameof(Vector128.AddSaturate), unsigned),
            Opcode.I16x8Sub => Operator("op_Subtraction", signed),
            Opcode.I16x8SubSatS => Call(nameof(Vector128.SubtractSaturate), signed),
            Opcode.I16x8SubSatU => Call(nameof(Vector128.SubtractSaturate), unsigned),
            Opcode.I16x8Mul => Operator("op_Multiply", signed),
            Opcode.I16x8MinS => Call(nameof(Vector128.Min), signed),
            Opcode.I16x8MinU => Call(nameof(Vector128.Min), unsigned),
            Opcode.I16x8MaxS => Call(nameof(Vector128.Max), signed),
            Opcode.I16x8MaxU => Call(nameof(Vector128.Max), unsigned),
            _ => throw Unknown(opcode),
        };
    }

    private static VectorCall Float(Opcode opcode, Type lane) => opcode switch
    {
        Opcode.F32x4Ceil or Opcode.F64x2Ceil => Call(nameof(Vector128.Ceiling), lane, 1),
        Opcode.F32x4Floor or Opcode.F64x2Floor => Call(nameof(Vector128.Floor), lane, 1),
        Opcode.F32x4Trunc or Opcode.F64x2Trunc => Call(nameof(Vector128.Truncate), lane, 1),
        Opcode.F32x4Nearest or Opcode.F64x2Nearest => Call(nameof(Vector128.Round), lane, 1),
        Opcode.F32x4Abs or Opcode.F64x2Abs => Call(nameof(Vector128.Abs), lane, 1),
        Opcode.F32x4Neg or Opcode.F64x2Neg => Operator("op_UnaryNegation", lane, 1),
        Opcode.F32x4Sqrt or Opcode.F64x2Sqrt => Call(nameof(Vector128.Sqrt), lane, 1),
        Opcode.F32x4Add or Opcode.F64x2Add => Operator("op_Addition", lane),
        Opcode.F32x4Sub or Opcode.F64x2Sub => Operator("op_Subtraction", lane),
        Opcode.F32x4Mul or Opcode.F64x2Mul => Operator("op_Multiply", lane),
        Opcode.F32x4Div or Opcode.F64x2Div => Operator("op_Division", lane),
        _ => throw Unknown(opcode),
    };

    private static VectorCall Shift(string name, Type lane, int width) =>
        new(OperatorMethod(name, VectorOf(lane), typeof(int)), CountMask: (8 << width) - 1);

    /// <summary>
    /// An operator. The methods of <see cref="Vector128"/> of the same meaning call it, so that a function of many
    /// hundred instructions, in which nothing is inlined any more, would be a row of calls.
    /// </summary>
    private static VectorCall Operator(string name, Type lane, int vectors = 2) =>
        new(OperatorMethod(name, [.. Enumerable.Repeat(VectorOf(lane), vectors)]));

    private static MethodInfo OperatorMethod(string name, params Type[] parameters) =>
        parameters[0].GetMethod(name, BindingFlags.Static | BindingFlags.Public, parameters) ?? throw Missing(name, parameters);

    /// <summary>A method of <see cref="Vector128"/> that takes this many vectors of the lane; it is generic, or there is one for each lane.</summary>
    private static VectorCall Call(string name, Type lane, int vectors = 2)
    {
        Type[] parameters = [.. Enumerable.Repeat(VectorOf(lane), vectors)];
        return new VectorCall(typeof(Vector128).GetMethod(name, BindingFlags.Static | BindingFlags.Public, parameters) ?? Generic(name, parameters, lane));
    }

    private static MethodInfo Static(string name, params Type[] parameters) =>
        typeof(Vector128).GetMethod(name, BindingFlags.Static | BindingFlags.Public, parameters) ?? throw Missing(name, parameters);

    private static MethodInfo Generic(string name, Type[] parameters, params Type[] arguments)
    {
        foreach (var method in typeof(Vector128).GetMember(name, MemberTypes.Method, BindingFlags.Static | BindingFlags.Public).Cast<MethodInfo>())
        {
            if (!method.IsGenericMethodDefinition || method.GetGenericArguments().Length != arguments.Length)
                continue;
            var closed = method.MakeGenericMethod(arguments);
            if (closed.GetParameters().Select(parameter => parameter.ParameterType).SequenceEqual(parameters))
                return closed;
        }
        throw Missing(name, parameters);
    }

    private static InvalidOperationException Missing(string name, Type[] parameters) =>
        new($"vectors have no {name} of {string.Join(", ", parameters.Select(type => type.ToString()))}");

    private static InvalidOperationException Unknown(Opcode opcode) => new($"`{opcode.Text()}` is no operation on vectors");
}
