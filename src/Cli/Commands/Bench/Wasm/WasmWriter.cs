using System.Text;

namespace LazyOC.Cli.Commands.Bench.Wasm;

/// <summary>Writes the pieces of a WebAssembly binary. Source: WebAssembly 2.0, §5.</summary>
internal sealed class WasmWriter
{
    private readonly List<byte> _bytes = [];

    public int Length => _bytes.Count;

    public byte[] ToArray() => [.. _bytes];

    public WasmWriter Byte(byte value)
    {
        _bytes.Add(value);
        return this;
    }

    public WasmWriter Bytes(ReadOnlySpan<byte> bytes)
    {
        _bytes.AddRange(bytes);
        return this;
    }

    /// <summary>An unsigned LEB128 number.</summary>
    public WasmWriter Unsigned(uint value)
    {
        for (; value >= 0x80; value >>= 7)
            _bytes.Add((byte)(value | 0x80));
        return Byte((byte)value);
    }

    /// <summary>A signed LEB128 number.</summary>
    public WasmWriter Signed(int value)
    {
        while (value is < -64 or > 63)
        {
            _bytes.Add((byte)(value | 0x80));
            value >>= 7;
        }
        return Byte((byte)(value & 0x7f));
    }

    /// <summary>Content behind its length in bytes.</summary>
    public WasmWriter Sized(WasmWriter content) => Unsigned((uint)content.Length).Bytes(content.ToArray());

    public WasmWriter Name(string name) => Unsigned((uint)Encoding.UTF8.GetByteCount(name)).Bytes(Encoding.UTF8.GetBytes(name));

    public WasmWriter Section(byte id, WasmWriter content) => Byte(id).Sized(content);
}
