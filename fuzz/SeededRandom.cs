namespace LazyOC.Fuzz;

/// <summary>Numbers that a seed decides, the same on every platform and in every version of .NET.</summary>
/// <param name="seed">What decides them.</param>
/// <param name="stream">Sequences of one seed that have nothing to do with each other.</param>
internal sealed class SeededRandom(long seed, int stream = 0)
{
    private const ulong Step = 0x9E37_79B9_7F4A_7C15;

    private ulong _state = Mix((ulong)seed + Step) + Mix((ulong)stream);

    public ulong Next() => Mix(_state += Step);

    /// <summary>A number from 0 to <paramref name="bound"/> − 1.</summary>
    public int Below(int bound) => (int)((UInt128)Next() * (uint)bound >> 64);

    public bool OneIn(int count) => Below(count) == 0;

    public T Of<T>(ReadOnlySpan<T> items) => items[Below(items.Length)];

    public byte[] Bytes(int count)
    {
        var bytes = new byte[count];
        for (var i = 0; i < count; i++)
            bytes[i] = (byte)Next();
        return bytes;
    }

    private static ulong Mix(ulong value)
    {
        value = (value ^ (value >> 30)) * 0xBF58_476D_1CE4_E5B9;
        value = (value ^ (value >> 27)) * 0x94D0_49BB_1331_11EB;
        return value ^ (value >> 31);
    }
}
