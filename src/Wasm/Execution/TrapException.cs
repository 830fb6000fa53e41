using System.Collections.Immutable;
using System.Diagnostics;
using LazyOC.Wasm.Compilation;

namespace LazyOC.Wasm;

/// <summary>Guest code was stopped. The instance's state is what it was at that moment, its shadow stack included.</summary>
/// <remarks>
/// A toolchain's own stack pointer is not unwound by a trap, so an instance that trapped should be discarded.
/// Exceptions thrown by host functions are not traps: they pass through guest frames unchanged.
/// </remarks>
public sealed class TrapException : Exception
{
    private ImmutableArray<string> _guestStack;

    /// <summary>Creates a trap with the specification's wording for <paramref name="code"/>.</summary>
    public TrapException(TrapCode code)
        : base(Describe(code)) => Code = code;

    /// <summary>Creates a trap that says more than its code: a host function refuses an argument of the guest.</summary>
    public TrapException(TrapCode code, string detail)
        : base($"{Describe(code)}: {detail}") => Code = code;

    /// <summary>Why the guest was stopped.</summary>
    public TrapCode Code { get; }

    /// <summary>
    /// The guest functions that were running, innermost first, as <c>name</c> from the module's name section or
    /// <c>func[index]</c>; at most <see cref="MaxGuestFrames"/>. Functions the code generator inlined are missing.
    /// </summary>
    public ImmutableArray<string> GuestStack =>
        _guestStack.IsDefault ? _guestStack = GuestFunctions(new StackTrace(this)) : _guestStack;

    /// <summary>The most entries <see cref="GuestStack"/> has.</summary>
    public const int MaxGuestFrames = 64;

    internal static ImmutableArray<string> GuestFunctions(StackTrace stack)
    {
        var frames = ImmutableArray.CreateBuilder<string>();
        foreach (var frame in stack.GetFrames())
        {
            if (frame.GetMethod() is { } method && GuestMethodNames.TryRead(method, out var function))
                frames.Add(function);
            if (frames.Count == MaxGuestFrames)
                break;
        }
        return frames.ToImmutable();
    }

    private static string Describe(TrapCode code) => code switch
    {
        TrapCode.Unreachable => "unreachable",
        TrapCode.MemoryOutOfBounds => "out of bounds memory access",
        TrapCode.TableOutOfBounds => "out of bounds table access",
        TrapCode.UninitializedElement => "uninitialized element",
        TrapCode.IndirectCallTypeMismatch => "indirect call type mismatch",
        TrapCode.IntegerDivideByZero => "integer divide by zero",
        TrapCode.IntegerOverflow => "integer overflow",
        TrapCode.InvalidConversionToInteger => "invalid conversion to integer",
        TrapCode.StackExhausted => "call stack exhausted",
        TrapCode.Interrupted => "interrupted",
        TrapCode.FuelExhausted => "all fuel consumed",
        TrapCode.TranslationLimit => "translation limit exceeded",
        _ => throw new ArgumentOutOfRangeException(nameof(code)),
    };
}
