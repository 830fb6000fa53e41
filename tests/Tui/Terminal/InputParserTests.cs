using System.Text;
using LazyOC.Tui.Terminal;

namespace LazyOC.Tui.Tests.Terminal;

public sealed class InputParserTests
{
    [Theory]
    [InlineData("a", "a")]
    [InlineData("G", "G")]
    [InlineData(" ", "space")]
    [InlineData("é字👍", "é 字 👍")]
    [InlineData("\r\t\x7f\b", "enter tab backspace backspace")]
    [InlineData("\x01\x12\x1a\0\x1d", "ctrl-a ctrl-r ctrl-z ctrl-space ctrl-]")]
    [InlineData("\n", "ctrl-j")]
    [InlineData("\x1bx\x1bX.", "alt-x")] // ESC X opens a string, whose rest is swallowed
    [InlineData("\x1b\r\x1b\x7f\x1bé", "alt-enter alt-backspace alt-é")]
    [InlineData("\x1b[A\x1bOB\x1b[C\x1b[D\x1b[H\x1b[F", "up down right left home end")]
    [InlineData("\x1b[1;5C\x1b[1;2A\x1b[1;3B\x1b[1;6D", "ctrl-right shift-up alt-down ctrl-shift-left")]
    [InlineData("\x1b\x1b[A", "alt-up")]
    [InlineData("\x1b[Z", "shift-tab")]
    [InlineData("\x1b[2~\x1b[3~\x1b[5~\x1b[6~\x1b[1~\x1b[4~\x1b[3;5~", "insert delete pageup pagedown home end ctrl-delete")]
    [InlineData("\x1bOP\x1b[15~\x1b[17~\x1b[21~\x1b[23~\x1b[24~\x1b[1;2R\x1b[[C", "f1 f5 f6 f10 f11 f12 shift-f3 f3")]
    [InlineData("\x1bOM\x1bOj\x1bOy", "enter * 9")]
    [InlineData("\x1b[27u\x1b[13;2u\x1b[9;2u\x1b[127;5u\x1b[32;2u", "escape shift-enter shift-tab ctrl-backspace space")]
    [InlineData("\x1b[114;5u\x1b[97;6u\x1b[105;5u\x1b[233;3u", "ctrl-r ctrl-A ctrl-i alt-é")]
    [InlineData("\x1b[57414u\x1b[57399u\x1b[57417u\x1b[97;5:1u\x1b[97;69u", "enter 0 left ctrl-a ctrl-a")] // num lock is on in the last
    [InlineData("\x1b[27;5;114~", "ctrl-r")]
    public void Feed_Keys_GivesThem(string input, string keys) => Assert.Equal(keys, Keys(Parse(input)));

    /// <summary>Each is a whole sequence or string that means nothing here; the <c>z</c> after it is a key.</summary>
    [Theory]
    [InlineData("\x1b[99z")]
    [InlineData("\x1b[12;34R")]
    [InlineData("\x1b[>1;2c")]
    [InlineData("\x1b[?64;1;9c")]
    [InlineData("\x1b[?2026;2$y")]
    [InlineData("\x1b[?1u")]
    [InlineData("\x1b[3$y")]
    [InlineData("\x1b[97;9u")]
    [InlineData("\x1b[57441u")]
    [InlineData("\x1b[97;1:3u")]
    [InlineData("\x1b[M !!")]
    [InlineData("\x1b]11;rgb:ffff/ffff/ffff\x07")]
    [InlineData("\x1b]52;c;bHMK\x1b\\")]
    [InlineData("\x1bP1$r0m\x1b\\")]
    [InlineData("\x1b_Gi=31;OK\x1b\\")]
    [InlineData("\x1b[<2;4;4M")]
    [InlineData("\x1b[<35;4;4M")]
    [InlineData("\x1b[<66;4;4M")]
    [InlineData("\x1b[<0;0;4M")]
    [InlineData("\x1b[201~")]
    [InlineData("\x1b[1;2\x18")]
    [InlineData("\x1bO9999\x18")]
    [InlineData("\xff\xfe")]
    public void Feed_WhatMeansNothing_IsSwallowedWhole(string sequence)
    {
        Assert.Equal("z", Keys(Parse([.. Encoding.Latin1.GetBytes(sequence), (byte)'z'])));
    }

    [Fact]
    public void Feed_SequenceLongerThanItsLimit_IsSwallowedWhole()
    {
        Assert.Equal("z", Keys(Parse("\x1b[" + new string('1', 100_000) + "Az")));
        Assert.Equal("z", Keys(Parse("\x1b]" + new string('d', 100_000) + "\x07z")));
    }

    [Theory]
    [InlineData("\x1b[<0;5;7M", MouseAction.Press, 4, 6, KeyModifiers.None)]
    [InlineData("\x1b[<0;5;7m", MouseAction.Release, 4, 6, KeyModifiers.None)]
    [InlineData("\x1b[<32;300;7M", MouseAction.Drag, 299, 6, KeyModifiers.None)]
    [InlineData("\x1b[<64;1;1M", MouseAction.WheelUp, 0, 0, KeyModifiers.None)]
    [InlineData("\x1b[<81;1;1M", MouseAction.WheelDown, 0, 0, KeyModifiers.Control)]
    [InlineData("\x1b[<12;2;2M", MouseAction.Press, 1, 1, KeyModifiers.Shift | KeyModifiers.Alt)]
    public void Feed_Mouse_GivesItFromZero(string input, MouseAction action, int x, int y, KeyModifiers modifiers) =>
        Assert.Equal([new TerminalEvent.Mouse(action, x, y, modifiers)], Parse(input));

    [Fact]
    public void Feed_Focus_IsTold() => Assert.Equal([new TerminalEvent.FocusChanged(true), new TerminalEvent.FocusChanged(false)], Parse("\x1b[I\x1b[O"));

    [Theory]
    [InlineData("\x1b[?2026;2$y", TerminalAnswers.SynchronizedOutput)]
    [InlineData("\x1b[?2026;1$y", TerminalAnswers.SynchronizedOutput)]
    [InlineData("\x1b[?2026;0$y", TerminalAnswers.None)]
    [InlineData("\x1b[?2026;4$y", TerminalAnswers.None)]
    [InlineData("\x1b[?2027;1$y", TerminalAnswers.None)]
    [InlineData("\x1b[?0u", TerminalAnswers.KittyKeyboard)]
    [InlineData("\x1b[?62;22c", TerminalAnswers.DeviceAttributes)]
    [InlineData("\x1b[?0u\x1b[?2026;2$y\x1b[?62c", TerminalAnswers.KittyKeyboard | TerminalAnswers.SynchronizedOutput | TerminalAnswers.DeviceAttributes)]
    public void Answers_OfATerminal_AreKept(string input, object answers)
    {
        var parser = new InputParser(TerminalLimits.Default, _ => Assert.Fail("an answer is no event"));
        parser.Feed(Encoding.ASCII.GetBytes(input));
        Assert.Equal(answers, parser.Answers);
    }

    [Theory]
    [InlineData("\x1b", "escape")]
    [InlineData("\x1b\x1b", "escape escape")]
    [InlineData("\x1b\x1b\x1b", "escape escape escape")]
    [InlineData("\x1b[", "alt-[")]
    [InlineData("\x1bO", "alt-O")]
    [InlineData("\x1b]", "alt-]")]
    [InlineData("\x1bX", "alt-X")]
    [InlineData("\x1b[1;", "")] // no key begins so: the rest is awaited
    public void Quiet_AfterAnEscape_TellsTheKeyThatWasPressed(string input, string keys)
    {
        var events = new List<TerminalEvent>();
        var parser = new InputParser(TerminalLimits.Default, events.Add);
        parser.Feed(Encoding.ASCII.GetBytes(input));
        Assert.DoesNotContain(events, e => e is TerminalEvent.KeyPressed { Press.Key: Key.Character });
        parser.Quiet();
        Assert.Equal(keys, Keys(events));
    }

    [Fact]
    public void Patience_IsShortForEscapeAndAbsentWhereNothingIsPending()
    {
        var limits = TerminalLimits.Default;
        Assert.Equal(limits.EscapeDelay, PatienceAfter("\x1b"));
        Assert.Equal(limits.EscapeDelay, PatienceAfter("\x1b["));
        Assert.Equal(limits.QuietTime, PatienceAfter("\x1b[200~x\x1b[201~"));
        Assert.Equal(limits.QuietTime, PatienceAfter("\x1b]11;"));
        Assert.Null(PatienceAfter("\x1b[1;5"));
        Assert.Null(PatienceAfter("\x1b[200~"));
        Assert.Null(PatienceAfter("a"));

        static TimeSpan? PatienceAfter(string input)
        {
            var parser = new InputParser(TerminalLimits.Default, _ => { });
            parser.Feed(Encoding.ASCII.GetBytes(input));
            return parser.Patience;
        }
    }

    [Fact]
    public void Feed_SplitAnywhere_GivesTheSame()
    {
        var input = Encoding.UTF8.GetBytes("jé字👍\x1b[1;5C\x1b[<0;5;7M\x1bOP\x1b[200~a\r\nü\x1b[31m\x1b[201~");
        var whole = Parse(input);
        Assert.Equal(8, whole.Count);
        for (var split = 0; split <= input.Length; split++)
        {
            var events = new List<TerminalEvent>();
            var parser = new InputParser(TerminalLimits.Default, events.Add);
            parser.Feed(input.AsSpan(0, split));
            parser.Feed(input.AsSpan(split));
            parser.Quiet();
            Assert.Equal(whole, events);
        }
    }

    [Theory]
    [InlineData("hello", "hello")]
    [InlineData("a\rb\r\nc\nd\te", "a\nb\nc\nd\te")]
    [InlineData("\x1b[31mred\x1b]0;x\x07\0\x7f\u0085\u009b", "[31mred]0;x")]
    [InlineData("dd\ry\r:q\r", "dd\ny\n:q\n")]
    [InlineData("x\x1b[201~:q\r\x1b", "x:q\n")] // an end within the text: the terminal's own follows
    [InlineData("x\x1b[201~\x1b[201~dd\x1b[A", "xdd[A")]
    [InlineData("\x1b[20\x1b[20", "[20[20")]
    public void Feed_Paste_IsTextAndNeverKeys(string pasted, string text) =>
        Assert.Equal([new TerminalEvent.Pasted(text)], Parse("\x1b[200~" + pasted + "\x1b[201~"));

    [Fact]
    public void Feed_KeysAfterAPaste_AreKeysOnceItIsQuiet()
    {
        var events = new List<TerminalEvent>();
        var parser = new InputParser(TerminalLimits.Default, events.Add);
        parser.Feed("\x1b[200~text\x1b[201~j\x1b"u8);
        Assert.Empty(events);
        parser.Quiet();
        Assert.Equal(TerminalLimits.Default.EscapeDelay, parser.Patience);
        parser.Quiet();
        Assert.Equal([new TerminalEvent.Pasted("text"), Press("j"), Press("escape")], events);
    }

    [Fact]
    public void Feed_PasteAfterPaste_GivesBoth()
    {
        Assert.Equal([new TerminalEvent.Pasted("one"), new TerminalEvent.Pasted("two")], Parse("\x1b[200~one\x1b[201~\x1b[200~two\x1b[201~"));
    }

    [Fact]
    public void Feed_PasteLongerThanItsLimit_IsCut()
    {
        var events = new List<TerminalEvent>();
        var parser = new InputParser(new TerminalLimits { PasteBytes = 10 }, events.Add);
        parser.Feed("\x1b[200~0123456789dd\rj\x1b[201~:q\r\x1b[201~"u8);
        parser.Quiet();
        parser.Feed("k"u8);
        Assert.Equal([new TerminalEvent.Pasted("0123456789"), Press("k")], events);
    }

    /// <summary>Whatever comes, nothing throws, and quiet and three plain bytes later a key is a key again.</summary>
    [Fact]
    public void Feed_AnyBytes_NeverThrowsAndRecovers()
    {
        ReadOnlySpan<string> pieces = ["\x1b", "[", "\x1b[", "O", "<", ";", "0", "99999999999", "M", "m", "u", "~", "\x1b]", "\x1bP", "\x07", "\x1b\\", "\x1b[200~", "\x1b[201~", "?", "$", ":", "é", "字", "\0", "A"];
        for (var seed = 0; seed < 3_000; seed++)
        {
            var random = new Random(seed);
            var last = default(TerminalEvent);
            var parser = new InputParser(new TerminalLimits { PasteBytes = 64 }, e => last = e);
            for (var step = random.Next(60); step >= 0; step--)
            {
                if (random.Next(8) == 0)
                    parser.Quiet();
                else if (random.Next(3) == 0)
                    parser.Feed([(byte)random.Next(256), (byte)random.Next(256)]);
                else
                    parser.Feed(Encoding.UTF8.GetBytes(pieces[random.Next(pieces.Length)]));
            }
            parser.Feed("\x1b[201~"u8); // a paste that has begun ends some time
            while (parser.Patience is not null)
                parser.Quiet();
            parser.Feed("@@@z"u8);
            Assert.Equal(Press("z"), last);
        }
    }

    [Fact]
    public void Feed_EndlessHostileInput_KeepsMemoryBounded()
    {
        var parser = new InputParser(new TerminalLimits { PasteBytes = 1024 }, _ => { });
        var chunk = new byte[64 * 1024];
        new Random(1).NextBytes(chunk);
        chunk.AsSpan().Replace((byte)0x1b, (byte)'x');
        parser.Feed("\x1b[200~"u8);
        parser.Feed(chunk);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 20; i++)
            parser.Feed(chunk);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    private static TerminalEvent.KeyPressed Press(string key) => new(KeyPress.TryParse(key, out var press) ? press : throw new ArgumentException("not a key", nameof(key)));

    private static List<TerminalEvent> Parse(string input) => Parse(Encoding.UTF8.GetBytes(input));

    private static List<TerminalEvent> Parse(byte[] input)
    {
        var events = new List<TerminalEvent>();
        var parser = new InputParser(TerminalLimits.Default, events.Add);
        parser.Feed(input);
        if (parser.Patience == TerminalLimits.Default.QuietTime)
            parser.Quiet();
        return events;
    }

    private static string Keys(IEnumerable<TerminalEvent> events) => string.Join(' ', events.Select(e => Assert.IsType<TerminalEvent.KeyPressed>(e).Press));
}
