using System.Collections.Immutable;

namespace LazyOC.Marketplace.Scanning.Lookalikes;

/// <summary>
/// Sketches of texts by MinHash (Broder, "On the resemblance and containment of documents", 1997): the share of equal places in
/// two sketches estimates the share of five-word phrases that two texts have in common.
/// </summary>
/// <remarks>Deterministic on every machine: sketches are kept in the catalogue. Changing anything here makes those that are kept worthless.</remarks>
internal static class ReadmeSketch
{
    /// <summary>Numbers of a sketch.</summary>
    public const int Size = 64;

    private const int PhraseWords = 5;

    /// <summary>Phrases below which a text is too short to be a copy of anything.</summary>
    private const int LeastPhrases = 20;

    private const uint Offset = 2_166_136_261, Prime = 16_777_619;

    private static readonly ImmutableArray<(ulong Factor, ulong Summand)> Hashes = [.. Enumerable.Range(0, Size).Select(i => (Mix((ulong)(2 * i) + 1) | 1, Mix((ulong)(2 * i) + 2)))];

    /// <summary>The sketch of a text; empty when it is too short.</summary>
    public static ImmutableArray<uint> Of(ReadOnlySpan<char> text)
    {
        var words = new List<uint>();
        var (hash, isIn) = (Offset, false);
        foreach (var c in text)
        {
            if (char.IsLetterOrDigit(c))
            {
                hash = unchecked((hash ^ char.ToLowerInvariant(c)) * Prime);
                isIn = true;
            }
            else if (isIn)
            {
                words.Add(hash);
                (hash, isIn) = (Offset, false);
            }
        }
        if (isIn) words.Add(hash);
        if (words.Count - PhraseWords + 1 < LeastPhrases) return [];
        var least = new uint[Size];
        Array.Fill(least, uint.MaxValue);
        for (var at = 0; at + PhraseWords <= words.Count; at++)
        {
            var phrase = 0UL;
            for (var i = 0; i < PhraseWords; i++) phrase = Mix(unchecked((phrase * 31) + words[at + i]));
            for (var i = 0; i < Size; i++) least[i] = Math.Min(least[i], unchecked((uint)(((phrase * Hashes[i].Factor) + Hashes[i].Summand) >> 32)));
        }
        return [.. least];
    }

    /// <summary>How much two texts have in common, from 0 to 1; 0 when one has no sketch.</summary>
    public static double Likeness(ImmutableArray<uint> left, ImmutableArray<uint> right)
    {
        if (left.Length != Size || right.Length != Size) return 0;
        var same = 0;
        for (var i = 0; i < Size; i++)
            if (left[i] == right[i]) same++;
        return (double)same / Size;
    }

    /// <summary>SplitMix64's finaliser.</summary>
    private static ulong Mix(ulong value)
    {
        unchecked
        {
            value += 0x9e3779b97f4a7c15;
            value = (value ^ (value >> 30)) * 0xbf58476d1ce4e5b9;
            value = (value ^ (value >> 27)) * 0x94d049bb133111eb;
            return value ^ (value >> 31);
        }
    }
}
