using System.Diagnostics.CodeAnalysis;
using System.Text;
using LazyOC.Tui.Terminal;

namespace LazyOC.Tui.Widgets;

/// <summary>
/// A line of text that is being edited, with the keys of a shell's line. It holds only what it shows: characters that
/// are never drawn do not get in, so what the user confirms is what the user read. Immutable.
/// </summary>
/// <param name="Text">What has been typed, at most <see cref="TuiLimits.FieldCharacters"/>.</param>
/// <param name="Cursor">Index in <paramref name="Text"/>, where a grapheme begins or the text ends.</param>
internal sealed record TextField(string Text = "", int Cursor = 0)
{
    /// <summary>A field with a text and the cursor behind it.</summary>
    public static TextField Of(string text) => new TextField().Insert(text);

    /// <summary>Whether the text is hidden (a secret).</summary>
    public bool Masked { get; init; }

    /// <summary>The field after an event; itself when the event is not for it.</summary>
    public TextField Handle(TerminalEvent input) => TryHandle(input, out var next) ? next : this;

    /// <summary>Takes typing, pasting and the editing keys; leaves enter, escape, tab and the vertical keys to the owner.</summary>
    /// <returns>False when the event is not for a field.</returns>
    public bool TryHandle(TerminalEvent input, [MaybeNullWhen(false)] out TextField next)
    {
        next = input switch
        {
            TerminalEvent.Pasted paste => Insert(paste.Text),
            TerminalEvent.KeyPressed { Press: var press } => press.Key == Key.Character ? Type(press) : Edit(press),
            _ => null,
        };
        return next is not null;
    }

    /// <summary>The field with more text at the cursor: line ends and tabs as spaces, without what is never drawn, cut at the limit.</summary>
    public TextField Insert(string text)
    {
        var room = TuiLimits.Default.FieldCharacters - Text.Length;
        var clean = new StringBuilder();
        foreach (var rune in text.EnumerateRunes())
        {
            var shown = CharacterWidths.ClassOf(rune) switch
            {
                CharacterClass.Dropped or CharacterClass.Invalid => "",
                CharacterClass.Space => " ",
                _ => rune.ToString(),
            };
            if (clean.Length + shown.Length > room)
                break;
            clean.Append(shown);
        }
        return this with { Text = Text.Insert(Cursor, clean.ToString()), Cursor = Cursor + clean.Length };
    }

    /// <summary>The field with the cursor on the cell at <paramref name="x"/> of a field that is drawn <paramref name="width"/> cells wide.</summary>
    public TextField At(int x, int width, bool focused)
    {
        if (Masked)
            return this with { Cursor = Text.Length };
        var start = focused ? FirstShown(Text, Cursor, width) : 0;
        return this with { Cursor = start + CellText.Fit(Text.AsSpan(start), Math.Max(0, x)).Length };
    }

    /// <summary>Draws the field into one row; a long text is scrolled so that the cursor is in sight.</summary>
    public void Draw(Canvas canvas, int x, int y, int width, bool focused)
    {
        if (width <= 0)
            return;
        var field = canvas.Part(new Rect(x, y, width, 1));
        field.Fill(Style.Plain.On(Surface.Field));
        var (text, cursor) = Masked ? Mask() : (Text, Cursor);
        var start = focused ? FirstShown(text, cursor, width) : 0;
        field.Write(0, 0, width, text.AsSpan(start), Style.Plain.On(Surface.Field));
        if (start > 0)
            field.Write(0, 0, "…", Style.Muted.On(Surface.Field));
        if (focused)
            DrawCursor(field, text, start, cursor);
    }

    private static void DrawCursor(Canvas field, string text, int start, int cursor)
    {
        var x = CellText.WidthOf(text.AsSpan(start, cursor - start));
        var under = text.AsSpan(cursor, Next(text, cursor) - cursor);
        if (under.IsEmpty || under is " ")
            field.Write(x, 0, "█", new Style(Tone.Focus, Surface.Field)); // seen without colour, too
        else
            field.Write(x, 0, under, new Style(Tone.Focus, Surface.Selected, TextAttributes.Bold | TextAttributes.Underline));
    }

    /// <summary>The first character shown, so that all up to the cursor and the cursor's own cells fit.</summary>
    private static int FirstShown(string text, int cursor, int width)
    {
        var under = Math.Max(1, CellText.WidthOf(text.AsSpan(cursor, Next(text, cursor) - cursor)));
        var wide = CellText.WidthOf(text.AsSpan(0, cursor)) + under;
        var start = 0;
        while (wide > width && start < cursor)
        {
            var next = Next(text, start);
            wide -= CellText.WidthOf(text.AsSpan(start, next - start));
            start = next;
        }
        return start;
    }

    /// <summary>A dot a grapheme, so that the cursor moves as it does over the text.</summary>
    private (string Text, int Cursor) Mask()
    {
        var before = 0;
        var all = 0;
        for (var i = 0; i < Text.Length; i = Next(Text, i))
        {
            before += i < Cursor ? 1 : 0;
            all++;
        }
        return (new string('•', all), before);
    }

    private TextField? Type(KeyPress press) => (press.Modifiers, press.Rune.Value) switch
    {
        (KeyModifiers.None or KeyModifiers.Shift, _) => Insert(press.Rune.ToString()),
        (KeyModifiers.Control, 'a') => this with { Cursor = 0 },
        (KeyModifiers.Control, 'e') => this with { Cursor = Text.Length },
        (KeyModifiers.Control, 'u') => Cut(0, Cursor),
        (KeyModifiers.Control, 'k') => Cut(Cursor, Text.Length),
        (KeyModifiers.Control, 'w') => Cut(WordBefore(), Cursor),
        (KeyModifiers.Alt, 'b') => this with { Cursor = WordBefore() },
        (KeyModifiers.Alt, 'f') => this with { Cursor = WordAfter() },
        _ => null,
    };

    private TextField? Edit(KeyPress press) => (press.Key, press.Modifiers) switch
    {
        (Key.Left, KeyModifiers.None) => this with { Cursor = Previous() },
        (Key.Right, KeyModifiers.None) => this with { Cursor = Next(Text, Cursor) },
        (Key.Left, KeyModifiers.Control or KeyModifiers.Alt) => this with { Cursor = WordBefore() },
        (Key.Right, KeyModifiers.Control or KeyModifiers.Alt) => this with { Cursor = WordAfter() },
        (Key.Home, _) => this with { Cursor = 0 },
        (Key.End, _) => this with { Cursor = Text.Length },
        (Key.Backspace, KeyModifiers.None or KeyModifiers.Shift) => Cut(Previous(), Cursor),
        (Key.Backspace, _) => Cut(WordBefore(), Cursor),
        (Key.Delete, _) => Cut(Cursor, Next(Text, Cursor)),
        _ => null,
    };

    private TextField Cut(int from, int to) => this with { Text = Text.Remove(from, to - from), Cursor = from };

    private static int Next(string text, int from)
    {
        var reader = new GraphemeReader(text.AsSpan(from));
        return reader.Read() ? text.Length - reader.Remaining : text.Length;
    }

    private int Previous()
    {
        var previous = 0;
        for (var next = Next(Text, 0); next < Cursor; next = Next(Text, next))
            previous = next;
        return previous;
    }

    private int WordBefore()
    {
        var at = Text.AsSpan(0, Cursor).TrimEnd(' ');
        return at.LastIndexOf(' ') + 1;
    }

    private int WordAfter()
    {
        var rest = Text.AsSpan(Cursor);
        var word = rest.IndexOfAnyExcept(' ');
        if (word < 0)
            return Text.Length;
        var end = rest[word..].IndexOf(' ');
        return end < 0 ? Text.Length : Cursor + word + end;
    }
}
