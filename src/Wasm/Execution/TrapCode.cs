namespace LazyOC.Wasm;

/// <summary>Why guest code was stopped.</summary>
/// <remarks>The first group are the traps of the specification (WebAssembly 2.0, §4.4), the second the engine's own.</remarks>
public enum TrapCode
{
    /// <summary>The guest executed <c>unreachable</c>.</summary>
    Unreachable,

    /// <summary>A load, store or bulk operation reached beyond the end of a linear memory.</summary>
    MemoryOutOfBounds,

    /// <summary>An index reached beyond the end of a table or element segment.</summary>
    TableOutOfBounds,

    /// <summary>An indirect call met a null reference.</summary>
    UninitializedElement,

    /// <summary>An indirect call met a function of another type.</summary>
    IndirectCallTypeMismatch,

    /// <summary>Integer division by zero.</summary>
    IntegerDivideByZero,

    /// <summary>The result of a division or conversion does not fit its type.</summary>
    IntegerOverflow,

    /// <summary>A NaN was converted to an integer.</summary>
    InvalidConversionToInteger,

    /// <summary>The guest's calls are nested too deeply.</summary>
    StackExhausted,

    /// <summary>The host called <see cref="WasmInstance.Interrupt"/>.</summary>
    Interrupted,

    /// <summary>The instance used up its <see cref="WasmInstance.Fuel"/>.</summary>
    FuelExhausted,

    /// <summary>The code of a function that was called could not be made within <see cref="WasmLimits"/>.</summary>
    TranslationLimit,
}
