namespace LazyOC.Wasm;

/// <summary>
/// A module and what was offered to it, or an export and how the host wanted to use it, do not fit together.
/// The message names both sides.
/// </summary>
public sealed class WasmLinkException : Exception
{
    /// <summary>Creates the refusal.</summary>
    public WasmLinkException(string message)
        : base(message)
    {
    }
}
