using LazyOC.Wasm;

namespace LazyOC.Fuzz.Wasm.Execution;

/// <summary>Words for traps in outcomes, the same for both engines, and where V8 tells less than we do.</summary>
internal static class TrapKinds
{
    public const string Prefix = "trap:";

    /// <summary>An outcome after which the state of the two engines may differ: how deep calls go is each engine's own.</summary>
    public const string Stack = Prefix + "stack";

    public static string Text(TrapCode code) => Prefix + code switch
    {
        TrapCode.Unreachable => "unreachable",
        TrapCode.MemoryOutOfBounds => "memory-bounds",
        TrapCode.TableOutOfBounds => "table-bounds",
        TrapCode.UninitializedElement => "null-element",
        TrapCode.IndirectCallTypeMismatch => "signature",
        TrapCode.IntegerDivideByZero => "divide-by-zero",
        TrapCode.IntegerOverflow => "overflow",
        TrapCode.InvalidConversionToInteger => "nan-conversion",
        TrapCode.StackExhausted => "stack",
        TrapCode.Interrupted => "interrupted",
        TrapCode.FuelExhausted => "fuel",
        _ => code.ToString(),
    };

    /// <summary>Whether two outcomes are the same. V8 has one message for each pair of causes below.</summary>
    public static bool Agree(string ours, string v8) =>
        string.Equals(ours, v8, StringComparison.Ordinal)
        || (IsTrap(v8, "null-or-signature") && (IsTrap(ours, "null-element") || IsTrap(ours, "signature")) && SameRest(ours, v8))
        || (IsTrap(v8, "conversion") && (IsTrap(ours, "overflow") || IsTrap(ours, "nan-conversion")) && SameRest(ours, v8));

    /// <summary>The word of a trap without what was logged before it.</summary>
    public static string Word(string outcome) => outcome.Split(' ')[0];

    private static bool IsTrap(string outcome, string kind) => string.Equals(Word(outcome), Prefix + kind, StringComparison.Ordinal);

    private static bool SameRest(string ours, string v8) =>
        ours.AsSpan(Word(ours).Length).SequenceEqual(v8.AsSpan(Word(v8).Length));
}
