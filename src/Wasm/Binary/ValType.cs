namespace LazyOC.Wasm;

/// <summary>A value type. The numeric value is its byte in the binary format.</summary>
/// <remarks>Source: WebAssembly 2.0, §5.3.1–5.3.4.</remarks>
public enum ValType : byte
{
    /// <summary>32-bit integer.</summary>
    I32 = 0x7F,

    /// <summary>64-bit integer.</summary>
    I64 = 0x7E,

    /// <summary>32-bit IEEE 754 number.</summary>
    F32 = 0x7D,

    /// <summary>64-bit IEEE 754 number.</summary>
    F64 = 0x7C,

    /// <summary>128-bit vector.</summary>
    V128 = 0x7B,

    /// <summary>Nullable reference to a function.</summary>
    FuncRef = 0x70,

    /// <summary>Nullable reference to an object of the host.</summary>
    ExternRef = 0x6F,
}

internal static class ValTypes
{
    public static bool IsReference(this ValType type) => type is ValType.FuncRef or ValType.ExternRef;

    /// <summary>Whether the byte is a value type of WebAssembly 2.0.</summary>
    public static bool IsDefined(this ValType type) => type is >= ValType.V128 and <= ValType.I32 || type.IsReference();

    /// <summary>The name the text format gives the type.</summary>
    public static string Text(this ValType type) => type switch
    {
        ValType.I32 => "i32",
        ValType.I64 => "i64",
        ValType.F32 => "f32",
        ValType.F64 => "f64",
        ValType.V128 => "v128",
        ValType.FuncRef => "funcref",
        ValType.ExternRef => "externref",
        _ => "unknown",
    };
}
