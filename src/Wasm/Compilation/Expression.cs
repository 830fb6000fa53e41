using System.Reflection.Emit;
using LazyOC.Wasm.Binary;

namespace LazyOC.Wasm.Compilation;

internal enum ExpressionKind : byte
{
    Constant,

    /// <summary>A local or parameter of the WebAssembly function.</summary>
    Local,

    /// <summary>A value that was computed into a CIL local.</summary>
    Temporary,

    /// <summary>A numeric or vector instruction that neither traps nor has an effect.</summary>
    Operation,
}

/// <summary>
/// A value of the operand stack that is not computed yet: a pure tree, so that when and whether it is evaluated
/// does not matter as long as the locals in it keep their values.
/// </summary>
/// <remarks>Each is evaluated once; a temporary in it is then free for another use.</remarks>
internal sealed class Expression
{
    private Expression(ExpressionKind kind, ValType type)
    {
        Kind = kind;
        Type = type;
    }

    public ExpressionKind Kind { get; }

    public ValType Type { get; }

    /// <summary>A constant's bits, of a vector the lower half; a reference constant is null.</summary>
    public long Bits { get; private init; }

    /// <summary>The upper half of a vector constant.</summary>
    public long HighBits { get; private init; }

    public int Local { get; private init; }

    public LocalBuilder? Temporary { get; private init; }

    /// <summary>Whether evaluation frees <see cref="Temporary"/>.</summary>
    public bool OwnsTemporary { get; private init; }

    public Opcode Opcode { get; private init; }

    public Expression? Left { get; private init; }

    public Expression? Right { get; private init; }

    public Expression? Third { get; private init; }

    /// <summary>The lane that an instruction on one lane of a vector names.</summary>
    public int Lane { get; private init; }

    /// <summary>Number of nodes.</summary>
    public int Size { get; private init; } = 1;

    /// <summary>Bit i is set when a local whose index is i modulo 64 occurs.</summary>
    public ulong LocalsMask { get; private init; }

    /// <summary>Whether it may be evaluated at any time later, and cheaply more than once.</summary>
    public bool IsSettled => Kind is ExpressionKind.Constant or ExpressionKind.Temporary;

    public bool IsSimple => Kind != ExpressionKind.Operation;

    public static Expression Constant(ValType type, long bits, long highBits = 0) =>
        new(ExpressionKind.Constant, type) { Bits = bits, HighBits = highBits };

    public static Expression OfLocal(ValType type, int local) =>
        new(ExpressionKind.Local, type) { Local = local, LocalsMask = Bit(local) };

    public static Expression OfTemporary(ValType type, LocalBuilder temporary, bool owned = true) =>
        new(ExpressionKind.Temporary, type) { Temporary = temporary, OwnsTemporary = owned };

    public static Expression Operation(
        Opcode opcode, ValType type, Expression left, Expression? right = null, Expression? third = null, int lane = 0) =>
        new(ExpressionKind.Operation, type)
        {
            Opcode = opcode,
            Left = left,
            Right = right,
            Third = third,
            Lane = lane,
            Size = 1 + left.Size + (right?.Size ?? 0) + (third?.Size ?? 0),
            LocalsMask = left.LocalsMask | (right?.LocalsMask ?? 0) | (third?.LocalsMask ?? 0),
        };

    public bool Mentions(int local) =>
        (LocalsMask & Bit(local)) != 0
        && (Kind == ExpressionKind.Local
            ? Local == local
            : Left!.Mentions(local) || (Right?.Mentions(local) ?? false) || (Third?.Mentions(local) ?? false));

    private static ulong Bit(int local) => 1UL << (local & 63);
}
