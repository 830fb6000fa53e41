namespace LazyOC.Plugins.Packages;

/// <summary>Bits from the lowest of each byte on.</summary>
internal sealed class BitWriter
{
    private readonly List<byte> _bytes = [];
    private ulong _bits;
    private int _count;

    public void Write(int value, int bits)
    {
        _bits |= (ulong)(uint)value << _count;
        _count += bits;
        while (_count >= 8)
        {
            _bytes.Add((byte)_bits);
            _bits >>= 8;
            _count -= 8;
        }
    }

    public byte[] ToArray()
    {
        if (_count > 0) _bytes.Add((byte)_bits);
        return [.. _bytes];
    }
}
