namespace LazyOC.Wasm.Tests.Validation;

/// <summary>Makes damaged copies of modules; the same seed makes the same ones.</summary>
#pragma warning disable CA5394 // Reproducible, not secret.
internal sealed class ModuleMutator(int seed)
{
    /// <summary>Values at the edges of encodings: LEB128 continuations, opcodes of blocks, prefixes, types.</summary>
    private static readonly byte[] Interesting =
        [0x00, 0x01, 0x02, 0x03, 0x04, 0x05, 0x0B, 0x0E, 0x1C, 0x40, 0x60, 0x6F, 0x70, 0x7B, 0x7C, 0x7D, 0x7E, 0x7F, 0x80, 0xD0, 0xFC, 0xFD, 0xFF];

    private readonly Random _random = new(seed);

    public byte[] Mutate(byte[] module)
    {
        var bytes = module.ToList();
        for (var count = 1 + _random.Next(4); count > 0; count--)
            MutateOnce(bytes);
        return [.. bytes];
    }

    private void MutateOnce(List<byte> bytes)
    {
        if (bytes.Count < 10)
            return;
        // The first eight bytes are the magic and the version: nothing is learnt there.
        var at = _random.Next(8, bytes.Count);
        var length = 1 + _random.Next(Math.Min(16, bytes.Count - at));
        switch (_random.Next(7))
        {
            case 0:
                bytes[at] ^= (byte)(1 << _random.Next(8));
                break;
            case 1:
                bytes[at] = (byte)_random.Next(256);
                break;
            case 2 or 3:
                bytes[at] = Interesting[_random.Next(Interesting.Length)];
                break;
            case 4:
                bytes.Insert(at, Interesting[_random.Next(Interesting.Length)]);
                break;
            case 5:
                bytes.RemoveRange(at, length);
                break;
            default:
                bytes.InsertRange(_random.Next(8, bytes.Count), bytes.GetRange(at, length));
                break;
        }
    }
}
