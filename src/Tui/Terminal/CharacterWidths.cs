using System.Globalization;
using System.Text;

namespace LazyOC.Tui.Terminal;

/// <summary>How a character takes part in a line of cells.</summary>
internal enum CharacterClass : byte
{
    /// <summary>Never drawn: control, format and bidi characters, variation selectors, invisible fillers.</summary>
    Dropped,

    /// <summary>Drawn as one space: tabs, line ends, exotic spaces.</summary>
    Space,

    /// <summary>Drawn on the character before it.</summary>
    Combining,

    /// <summary>One cell.</summary>
    Narrow,

    /// <summary>Two cells.</summary>
    Wide,

    /// <summary>Not a character: drawn as U+FFFD.</summary>
    Invalid,
}

/// <summary>
/// Classes of characters, chosen so that the width of a line never depends on the terminal: whatever terminals disagree
/// about (joiners, emoji modifiers, variation selectors) is dropped. Source: Unicode 16 EastAsianWidth (W and F) and general categories.
/// </summary>
internal static class CharacterWidths
{
    private static readonly (int First, int Last)[] WideRanges =
    [
        (0x1100, 0x115E), (0x231A, 0x231B), (0x2329, 0x232A), (0x23E9, 0x23EC), (0x23F0, 0x23F0), (0x23F3, 0x23F3),
        (0x25FD, 0x25FE), (0x2614, 0x2615), (0x2630, 0x2637), (0x2648, 0x2653), (0x267F, 0x267F), (0x268A, 0x268F),
        (0x2693, 0x2693), (0x26A1, 0x26A1), (0x26AA, 0x26AB), (0x26BD, 0x26BE), (0x26C4, 0x26C5), (0x26CE, 0x26CE),
        (0x26D4, 0x26D4), (0x26EA, 0x26EA), (0x26F2, 0x26F3), (0x26F5, 0x26F5), (0x26FA, 0x26FA), (0x26FD, 0x26FD),
        (0x2705, 0x2705), (0x270A, 0x270B), (0x2728, 0x2728), (0x274C, 0x274C), (0x274E, 0x274E), (0x2753, 0x2755),
        (0x2757, 0x2757), (0x2795, 0x2797), (0x27B0, 0x27B0), (0x27BF, 0x27BF), (0x2B1B, 0x2B1C), (0x2B50, 0x2B50),
        (0x2B55, 0x2B55), (0x2E80, 0x303E), (0x3041, 0x33FF), (0x3400, 0x4DBF), (0x4DC0, 0x4DFF), (0x4E00, 0x9FFF),
        (0xA000, 0xA4CF), (0xA960, 0xA97F), (0xAC00, 0xD7A3), (0xF900, 0xFAFF), (0xFE10, 0xFE19), (0xFE30, 0xFE6F),
        (0xFF01, 0xFF60), (0xFFE0, 0xFFE6), (0x16FE0, 0x16FE4), (0x16FF0, 0x16FF1), (0x17000, 0x18CFF), (0x18CFF, 0x18D08),
        (0x1AFF0, 0x1AFFE), (0x1B000, 0x1B2FB), (0x1D300, 0x1D356), (0x1D360, 0x1D376), (0x1F004, 0x1F004), (0x1F0CF, 0x1F0CF),
        (0x1F18E, 0x1F18E), (0x1F191, 0x1F19A), (0x1F200, 0x1F320), (0x1F32D, 0x1F335), (0x1F337, 0x1F37C), (0x1F37E, 0x1F393),
        (0x1F3A0, 0x1F3CA), (0x1F3CF, 0x1F3D3), (0x1F3E0, 0x1F3F0), (0x1F3F4, 0x1F3F4), (0x1F3F8, 0x1F43E), (0x1F440, 0x1F440),
        (0x1F442, 0x1F4FC), (0x1F4FF, 0x1F53D), (0x1F54B, 0x1F54E), (0x1F550, 0x1F567), (0x1F57A, 0x1F57A), (0x1F595, 0x1F596),
        (0x1F5A4, 0x1F5A4), (0x1F5FB, 0x1F64F), (0x1F680, 0x1F6C5), (0x1F6CC, 0x1F6CC), (0x1F6D0, 0x1F6D2), (0x1F6D5, 0x1F6DF),
        (0x1F6EB, 0x1F6EC), (0x1F6F4, 0x1F6FC), (0x1F7E0, 0x1F7F0), (0x1F90C, 0x1F93A), (0x1F93C, 0x1F945), (0x1F947, 0x1F9FF),
        (0x1FA70, 0x1FAFF), (0x20000, 0x2FFFD), (0x30000, 0x3FFFD),
    ];

    public static CharacterClass ClassOf(Rune rune)
    {
        var value = rune.Value;
        if (value is >= 0x20 and < 0x7F)
            return CharacterClass.Narrow;
        if (value is '\t' or '\n' or '\r')
            return CharacterClass.Space;
        if (IsInvisible(value))
            return CharacterClass.Dropped;
        return Rune.GetUnicodeCategory(rune) switch
        {
            UnicodeCategory.Control or UnicodeCategory.Format => CharacterClass.Dropped,
            UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.SpaceSeparator => CharacterClass.Space,
            UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark => CharacterClass.Combining,
            UnicodeCategory.OtherNotAssigned or UnicodeCategory.Surrogate => CharacterClass.Invalid,
            _ => IsWide(value) ? CharacterClass.Wide : IsJamoTail(value) ? CharacterClass.Combining : CharacterClass.Narrow,
        };
    }

    private static bool IsInvisible(int value) => value is
        0x034F or 0x115F or 0x1160 or 0x17B4 or 0x17B5 or 0x3164 or 0xFFA0 // joiners and fillers without ink
        or (>= 0x180B and <= 0x180F) or (>= 0xFE00 and <= 0xFE0F) or (>= 0xE0000 and <= 0xE0FFF) // selectors, tags
        or (>= 0x1F3FB and <= 0x1F3FF); // emoji modifiers

    private static bool IsJamoTail(int value) => value is (>= 0x1161 and <= 0x11FF) or (>= 0xD7B0 and <= 0xD7FB);

    private static bool IsWide(int value)
    {
        if (value < WideRanges[0].First)
            return false;
        int low = 0, high = WideRanges.Length - 1;
        while (low <= high)
        {
            var middle = (low + high) / 2;
            if (value < WideRanges[middle].First)
                high = middle - 1;
            else if (value > WideRanges[middle].Last)
                low = middle + 1;
            else
                return true;
        }
        return false;
    }
}
