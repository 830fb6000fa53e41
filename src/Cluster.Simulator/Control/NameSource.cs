using System.Text;

namespace LazyOC.Cluster.Simulator.Control;

/// <summary>Seeded names, UIDs and choices: the same calls in the same order give the same results. Not thread safe.</summary>
internal sealed class NameSource(int seed)
{
    // The alphabet of generated Kubernetes names: no vowels, nothing that reads like another character.
    private const string Alphabet = "bcdfghjklmnpqrstvwxz2456789";

    private readonly Random _random = new(seed);

    public string Suffix(int length = 5)
    {
        var name = new StringBuilder(length);
        for (int i = 0; i < length; i++)
            name.Append(Alphabet[_random.Next(Alphabet.Length)]);
        return name.ToString();
    }

    public string Uid()
    {
        Span<byte> bytes = stackalloc byte[16];
        _random.NextBytes(bytes);
        bytes[6] = (byte)((bytes[6] & 0x0f) | 0x40);
        bytes[8] = (byte)((bytes[8] & 0x3f) | 0x80);
        return new Guid(bytes, bigEndian: true).ToString();
    }

    public int Next(int below) => _random.Next(below);

    public double NextDouble() => _random.NextDouble();

    public T Choose<T>(IReadOnlyList<T> items) => items[_random.Next(items.Count)];

    /// <summary>A stable hash for names derived from content, such as a pod template's.</summary>
    public static string HashName(ReadOnlySpan<byte> content)
    {
        ulong hash = 14695981039346656037;
        foreach (byte b in content)
            hash = (hash ^ b) * 1099511628211;
        var name = new StringBuilder(10);
        for (int i = 0; i < 10; i++, hash /= (ulong)Alphabet.Length)
            name.Append(Alphabet[(int)(hash % (ulong)Alphabet.Length)]);
        return name.ToString();
    }
}
