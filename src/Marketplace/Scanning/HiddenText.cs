using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace LazyOC.Marketplace.Scanning;

/// <summary>Characters that change what a reader sees without being seen: directions of writing and invisible ones.</summary>
/// <remarks>Source: Unicode Standard Annex 9 and Technical Report 36; https://trojansource.codes for what they are used for.</remarks>
internal static class HiddenText
{
    public static readonly ScanRule Bidi = new("text-bidi", Verdict.Reject, "A character in code or data changes the direction of writing: what runs is not what is read");
    public static readonly ScanRule BidiProse = new("text-bidi-prose", Verdict.Hold, "A character in a text for people changes the direction of writing");
    public static readonly ScanRule Invisible = new("text-invisible", Verdict.Hold, "An invisible character in code or data");
    public static readonly ScanRule Run = new("text-hidden-run", Verdict.Reject, "Many invisible characters in a row, which can only be there to hide something");

    public static ImmutableArray<ScanRule> Rules { get; } = [Bidi, BidiProse, Invisible, Run];

    /// <summary>Looks for them in one file.</summary>
    public static void Find(TextFile file, ScannerLimits limits, FindingList findings)
    {
        var (at, run) = (0, 0);
        var before = default(Rune);
        foreach (var rune in file.Text.EnumerateRunes())
        {
            var isBidi = IsBidi(rune.Value);
            var isInvisible = isBidi || IsInvisible(rune.Value);
            if (isBidi)
            {
                findings.Add(file.IsCode ? Bidi : BidiProse, file.Path, file.LineOf(at), $"has {Name(rune)}, which changes the direction of writing", "write it as an escape");
            }
            else if (isInvisible && file.IsCode && !(at == 0 && rune.Value == 0xfeff) && !JoinsSymbols(before, rune))
            {
                findings.Add(Invisible, file.Path, file.LineOf(at), $"has {Name(rune)}, which nobody sees", "take it out, or write it as an escape");
            }
            run = isInvisible ? run + 1 : 0;
            if (run == limits.InvisibleRun) findings.Add(Run, file.Path, file.LineOf(at), $"has {run} or more invisible characters in a row");
            before = rune;
            at += rune.Utf16SequenceLength;
        }
    }

    /// <summary>Whether a text has any of them, joined symbols aside.</summary>
    public static bool IsIn(string text)
    {
        var before = default(Rune);
        foreach (var rune in text.EnumerateRunes())
        {
            if (IsBidi(rune.Value) || (IsInvisible(rune.Value) && !JoinsSymbols(before, rune))) return true;
            before = rune;
        }
        return false;
    }

    private static string Name(Rune rune) => string.Create(CultureInfo.InvariantCulture, $"U+{rune.Value:X4}");

    /// <summary>Embeddings, overrides, isolates and their ends.</summary>
    private static bool IsBidi(int c) => c is (>= 0x202a and <= 0x202e) or (>= 0x2066 and <= 0x2069);

    private static bool IsInvisible(int c) => c is 0xad or 0x34f or 0x61c or 0x115f or 0x1160 or 0x17b4 or 0x17b5 or (>= 0x180b and <= 0x180f)
        or (>= 0x200b and <= 0x200f) or (>= 0x2060 and <= 0x206f) or 0x3164 or (>= 0xfe00 and <= 0xfe0f) or 0xfeff or 0xffa0
        or (>= 0xe0000 and <= 0xe0fff) or (>= 0x1d173 and <= 0x1d17a);

    /// <summary>Emoji are joined by U+200D and given their look by U+FE0E and U+FE0F; scripts of South Asia and Iran use U+200C and U+200D.</summary>
    private static bool JoinsSymbols(Rune before, Rune rune) => rune.Value is 0x200c or 0x200d or 0xfe0e or 0xfe0f
        && (before.Value == 0xfe0f || (!IsInvisible(before.Value) && (before.Value is > 0x2000 or (>= 0x600 and <= 0xfff) or (>= '0' and <= '9') or '#' or '*' or 0xa9 or 0xae)));
}
