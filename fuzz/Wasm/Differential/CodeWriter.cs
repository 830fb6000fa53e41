namespace LazyOC.Fuzz.Wasm.Differential;

/// <summary>Writes parts of a module.</summary>
internal sealed class CodeWriter
{
    private readonly List<byte> _bytes = [];

    public void Byte(byte value) => _bytes.Add(value);

    public void Bytes(ReadOnlySpan<byte> values) => _bytes.AddRange(values);

    /// <summary>An unsigned number.</summary>
    public void Number(int value)
    {
        var rest = (uint)value;
        for (; rest > 0x7F; rest >>= 7)
            _bytes.Add((byte)(rest | 0x80));
        _bytes.Add((byte)rest);
    }

    /// <summary>Bytes behind their number.</summary>
    public void Sized(ReadOnlySpan<byte> content)
    {
        Number(content.Length);
        Bytes(content);
    }

    public byte[] ToArray() => [.. _bytes];
}
