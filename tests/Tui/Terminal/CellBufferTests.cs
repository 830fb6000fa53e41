using System.Globalization;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using LazyOC.Tui.Terminal;

namespace LazyOC.Tui.Tests.Terminal;

public sealed class CellBufferTests
{
    /// <summary>Text as an attacker writes it: escapes, bidi overrides, joiners, marks, wide and broken characters among plain ones.</summary>
    private static readonly Gen<string> Hostile = Gen.Elements(
            "\x1b[2J", "\x1b]52;c;AAAA\x07", "\u009b31m", "\u202e", "\u2066", "\u200d", "\u200b", "\u00ad", "\ufeff", "\u0301", "\u0301\u0302\u0303\u0304", "é", "字", "한", "ᄀ",
            "ᅡ", "👩‍💻", "👍🏽", "🇩🇪", "\ud83d", "\udc00", "\t", "\r\n", "\0", "a", "Z", " ", "─", "█", "⠿", "\u3164", "\u2028", "\ue000", "❤️", "\U000E0041", "\uffff", "नि")
        .ListOf().Select(parts => string.Concat(parts));

    private static readonly Arbitrary<string> AnyText = Arb.ToArbitrary(Gen.OneOf(Hostile, ArbMap.Default.GeneratorFor<string>().Where(s => s is not null)));

    [Fact]
    public void Write_AnyText_StaysInsideItsClip() => Check(Prop.ForAll(AnyText, Arb.ToArbitrary(Gen.Choose(-5, 25)), (text, x) =>
    {
        var frame = new CellBuffer(20, 3);
        var clip = new Rect(4, 1, 9, 1);
        frame.Write(clip, x, 1, text, Style.Error);
        for (var y = 0; y < frame.Height; y++)
        {
            for (var column = 0; column < frame.Width; column++)
            {
                if (!clip.Contains(column, y) && frame.Row(y)[column] != Cell.Blank(Style.Plain))
                    return false;
            }
        }
        return true;
    }));

    [Fact]
    public void Write_AnyText_LeavesNothingThatMovesTheCursorOrReordersTheLine() => Check(Prop.ForAll(AnyText, text =>
    {
        var frame = new CellBuffer(60, 1);
        frame.Write(frame.Area, 0, 0, text, Style.Plain);
        return string.Concat(frame.Row(0).ToArray().Select(c => c.Grapheme)).EnumerateRunes().All(IsHarmless);
    }));

    [Fact]
    public void Write_AnyText_EveryRowStaysAsWideAsTheFrame() => Check(Prop.ForAll(AnyText, AnyText, Arb.ToArbitrary(Gen.Choose(-2, 20)), (first, second, x) =>
    {
        var frame = new CellBuffer(20, 1);
        frame.Write(frame.Area, 0, 0, first, Style.Plain);
        frame.Write(new Rect(3, 0, 11, 1), x, 0, second, Style.Accent); // cuts wide characters of the first in two
        var row = frame.Row(0);
        for (var i = 0; i < row.Length; i++)
        {
            var width = row[i].IsContinuation ? 0 : CellText.WidthOf(row[i].Grapheme);
            var followed = i + 1 < row.Length && row[i + 1].IsContinuation;
            if (row[i].IsContinuation ? i == 0 || CellText.WidthOf(row[i - 1].Grapheme) != 2 : width != (followed ? 2 : 1))
                return false;
        }
        return true;
    }));

    [Fact]
    public void Write_AnyText_TakesTheCellsThatWereMeasured() => Check(Prop.ForAll(AnyText, text =>
    {
        var frame = new CellBuffer(CellBuffer.MaxSize, 1);
        return frame.Write(frame.Area, 0, 0, text, Style.Plain) == CellText.WidthOf(text);
    }));

    [Fact]
    public void Fit_AnyText_NeverExceedsTheWidthAndTakesAllThatFits() => Check(Prop.ForAll(AnyText, Arb.ToArbitrary(Gen.Choose(0, 30)), (text, width) =>
    {
        var (length, used) = CellText.Fit(text, width);
        return used <= width && used == CellText.WidthOf(text.AsSpan(0, length)) && (CellText.WidthOf(text) > width || used == CellText.WidthOf(text));
    }));

    [Theory]
    [InlineData("plain", "plain", 5)]
    [InlineData("\x1b[31mred\x1b[0m", "[31mred[0m", 10)]
    [InlineData("a\u202eb\u2066c", "abc", 3)]
    [InlineData("zero\u200bwidth\u200d\ufeff", "zerowidth", 9)]
    [InlineData("e\u0301", "e\u0301", 1)]
    [InlineData("a\u0301\u0302\u0303\u0304b", "a\u0301\u0302b", 2)]
    [InlineData("\u0301x", "x", 1)]
    [InlineData("字体", "字体", 4)]
    [InlineData("👩‍💻", "👩💻", 4)]
    [InlineData("👍🏽", "👍", 2)]
    [InlineData("🇩🇪", "DE", 2)]
    [InlineData("one\ntwo\tthree", "one two three", 13)]
    public void Write_Text_DrawsWhatIsHarmlessOfIt(string text, string drawn, int width)
    {
        var frame = new CellBuffer(20, 1);
        Assert.Equal(width, frame.Write(frame.Area, 0, 0, text, Style.Plain));
        Assert.Equal(drawn, Golden.Text(frame).TrimEnd('\n'));
    }

    [Fact]
    public void Write_LoneSurrogate_IsReplaced()
    {
        var frame = new CellBuffer(4, 1);
        frame.Write(frame.Area, 0, 0, "a\ud83db", Style.Plain);
        Assert.Equal("a\ufffdb\n", Golden.Text(frame));
    }

    [Fact]
    public void Write_WideCharacterAtTheEdge_IsLeftOut()
    {
        var frame = new CellBuffer(3, 1);
        frame.Write(frame.Area, 0, 0, "ab字", Style.Plain);
        Assert.Equal("ab\n", Golden.Text(frame));
    }

    [Fact]
    public void Write_OverHalfOfAWideCharacter_BlanksTheOtherHalf()
    {
        var frame = new CellBuffer(6, 1);
        frame.Write(frame.Area, 0, 0, "字字字", Style.Plain);
        frame.Write(frame.Area, 1, 0, "x", Style.Plain);
        frame.Write(frame.Area, 4, 0, "y", Style.Plain);
        Assert.Equal(" x字y\n", Golden.Text(frame));
    }

    private static bool IsHarmless(Rune rune) =>
        Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator);

    private static void Check(Property property) => FsCheck.Check.One(Config.QuickThrowOnFailure.WithMaxTest(1_000), property);
}
