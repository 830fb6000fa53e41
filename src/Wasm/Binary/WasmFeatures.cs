namespace LazyOC.Wasm;

/// <summary>What a module may use beyond WebAssembly 2.0.</summary>
/// <remarks>
/// Some modules that 2.0 calls invalid are valid with a feature, so a host that wants exactly 2.0 passes
/// <see cref="None"/>. Source: the proposals of these names in the WebAssembly organisation, all part of 3.0.
/// </remarks>
[Flags]
public enum WasmFeatures
{
    /// <summary>WebAssembly 2.0, fixed-width SIMD included, and nothing else.</summary>
    None = 0,

    /// <summary><c>return_call</c> and <c>return_call_indirect</c>.</summary>
    TailCalls = 1,

    /// <summary>Integer addition, subtraction and multiplication in constant expressions.</summary>
    ExtendedConstants = 2,

    /// <summary>Any number of memories in a module.</summary>
    MultipleMemories = 4,

    /// <summary>Everything the engine has.</summary>
    All = TailCalls | ExtendedConstants | MultipleMemories,
}
