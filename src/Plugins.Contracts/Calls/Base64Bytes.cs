namespace LazyOC.Plugins.Contracts.Calls;

/// <summary>Bytes in JSON: <c>{"base64":"…"}</c>.</summary>
public sealed record Base64Bytes
{
    public required ReadOnlyMemory<byte> Base64 { get; init; }
}
