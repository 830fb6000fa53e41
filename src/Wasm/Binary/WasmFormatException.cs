namespace LazyOC.Wasm;

/// <summary>Why a module was refused.</summary>
public enum WasmFormatError
{
    /// <summary>The bytes are not a module: the binary grammar is broken (WebAssembly 2.0, §5).</summary>
    Malformed,

    /// <summary>The module is well-formed but breaks a validation rule (WebAssembly 2.0, §3).</summary>
    Invalid,

    /// <summary>The module uses a feature this engine does not have.</summary>
    Unsupported,

    /// <summary>The module exceeds one of <see cref="WasmLimits"/>.</summary>
    LimitExceeded,
}

/// <summary>A module was refused before any of its code ran. The message says what is wrong and where.</summary>
public sealed class WasmFormatException : Exception
{
    /// <summary>Creates the refusal of a module.</summary>
    /// <param name="error">The class of the defect.</param>
    /// <param name="offset">Where it is, in bytes from the start of the module.</param>
    /// <param name="message">What it is, without the offset.</param>
    public WasmFormatException(WasmFormatError error, int offset, string message)
        : base($"{message} (at byte 0x{offset:x})")
    {
        Error = error;
        Offset = offset;
    }

    /// <summary>The class of the defect.</summary>
    public WasmFormatError Error { get; }

    /// <summary>Where the defect is, in bytes from the start of the module.</summary>
    public int Offset { get; }

    internal static WasmFormatException Malformed(int offset, string message) =>
        new(WasmFormatError.Malformed, offset, message);

    internal static WasmFormatException Invalid(int offset, string message) =>
        new(WasmFormatError.Invalid, offset, message);

    internal static WasmFormatException Unsupported(int offset, string message) =>
        new(WasmFormatError.Unsupported, offset, message);

    internal static WasmFormatException LimitExceeded(int offset, string what, ulong count, ulong limit) =>
        new(WasmFormatError.LimitExceeded, offset, $"{what}: {count} exceeds the limit of {limit}");
}
