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

/// <summary>
/// A module was refused before any of its code ran. The message begins with the specification's wording and says where
/// the defect is. A <see cref="WasmValidationException"/> when the module is well-formed but invalid.
/// </summary>
public class WasmFormatException : Exception
{
    private readonly string _what;

    /// <summary>Creates the refusal of a module.</summary>
    /// <param name="error">The class of the defect.</param>
    /// <param name="offset">Where it is, in bytes from the start of the module.</param>
    /// <param name="message">What it is, without the place.</param>
    public WasmFormatException(WasmFormatError error, int offset, string message)
        : this(error, offset, message, function: null)
    {
    }

    private protected WasmFormatException(WasmFormatError error, int offset, string message, int? function)
        : base($"{message} (at byte 0x{offset:x}{(function is null ? "" : $", function {function}")})")
    {
        _what = message;
        Error = error;
        Offset = offset;
        Function = function;
    }

    /// <summary>The class of the defect.</summary>
    public WasmFormatError Error { get; }

    /// <summary>Where the defect is, in bytes from the start of the module.</summary>
    public int Offset { get; }

    /// <summary>The function whose body has the defect, in the function index space; <see langword="null"/> when it is elsewhere.</summary>
    public int? Function { get; }

    internal static WasmFormatException Malformed(int offset, string message) =>
        new(WasmFormatError.Malformed, offset, message);

    internal static WasmFormatException Invalid(int offset, string message) => new WasmValidationException(offset, message);

    internal static WasmFormatException Unsupported(int offset, string message) =>
        new(WasmFormatError.Unsupported, offset, message);

    internal static WasmFormatException LimitExceeded(int offset, string what, ulong count, ulong limit) =>
        new(WasmFormatError.LimitExceeded, offset, $"{what}: {count} exceeds the limit of {limit}");

    /// <summary>The same refusal with the function whose body is at fault.</summary>
    internal WasmFormatException In(int function) => Error == WasmFormatError.Invalid
        ? new WasmValidationException(Offset, _what, function)
        : new WasmFormatException(Error, Offset, _what, function);
}

/// <summary>A module that is well-formed breaks a validation rule. Source: WebAssembly 2.0, §3.</summary>
public sealed class WasmValidationException : WasmFormatException
{
    /// <summary>Creates the refusal of a module.</summary>
    /// <param name="offset">Where the defect is, in bytes from the start of the module.</param>
    /// <param name="message">What it is, without the place.</param>
    /// <param name="function">The function whose body has it, if it is in one.</param>
    public WasmValidationException(int offset, string message, int? function = null)
        : base(WasmFormatError.Invalid, offset, message, function)
    {
    }
}
