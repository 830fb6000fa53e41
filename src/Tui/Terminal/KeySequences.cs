using System.Text;

namespace LazyOC.Tui.Terminal;

/// <summary>
/// Which key or mouse action a byte or sequence is; null for those that mean nothing here. Sources: xterm's control
/// sequences (PC-style keys, SGR mouse 1006), the Kitty keyboard protocol, the Linux console.
/// </summary>
internal static class KeySequences
{
    /// <summary>A C0 control character or DEL as the key that sends it.</summary>
    public static KeyPress? OfControl(byte value) => value switch
    {
        0x00 => KeyPress.Of(' ', KeyModifiers.Control),
        0x08 or 0x7f => new KeyPress(Key.Backspace),
        0x09 => new KeyPress(Key.Tab),
        0x0d => new KeyPress(Key.Enter),
        <= 0x1a => KeyPress.Of((char)('a' + value - 1), KeyModifiers.Control),
        _ => KeyPress.Of((char)(value + 0x40), KeyModifiers.Control),
    };

    /// <summary>The Linux console's F1 to F5: <c>ESC [ [ A</c> …</summary>
    public static KeyPress? OfLinuxConsole(byte final) => final is >= (byte)'A' and <= (byte)'E' ? new KeyPress(Key.F1 + (byte)(final - 'A')) : null;

    /// <summary><c>ESC O …</c>: application cursor keys, F1 to F4, the keypad.</summary>
    public static KeyPress? OfSingleShift(ControlSequence sequence)
    {
        if (ByLetter(sequence.Final) is { } key)
            return With(key, sequence.IsBare ? 1 : sequence[0]);
        return sequence.Final switch
        {
            'M' => new KeyPress(Key.Enter),
            'I' => new KeyPress(Key.Tab),
            'X' => KeyPress.Of('='),
            >= 'j' and <= 'y' => KeyPress.Of((char)(sequence.Final - 'j' + '*')),
            _ => null,
        };
    }

    /// <summary><c>CSI …</c> without a private marker.</summary>
    public static KeyPress? OfControlSequence(ControlSequence sequence)
    {
        const int Released = 3;
        if (sequence.Number(1, 1) == Released)
            return null;
        return sequence.Final switch
        {
            'u' => OfCode(sequence[0], sequence[1]),
            '~' when sequence[0] == 27 => OfCode(sequence[2], sequence[1]), // xterm's modifyOtherKeys
            '~' => ByNumber(sequence[0]) is { } key ? With(key, sequence[1]) : null,
            'Z' => With(Key.Tab, sequence[1]) is { } tab ? tab with { Modifiers = tab.Modifiers | KeyModifiers.Shift } : null,
            'R' when sequence[0] > 1 => null, // a cursor position
            _ => ByLetter(sequence.Final) is { } key ? With(key, sequence[1]) : null,
        };
    }

    /// <summary><c>CSI &lt; buttons ; column ; row M</c>, or <c>m</c> for a release.</summary>
    public static TerminalEvent.Mouse? MouseOf(ControlSequence sequence)
    {
        const int Motion = 32, Wheel = 64, Others = 128 + 256;
        var (code, x, y) = (sequence[0], sequence[1], sequence[2]);
        if (x < 1 || y < 1 || (code & Others) != 0)
            return null;
        var button = code & 3;
        MouseAction? action = (code & (Motion | Wheel)) switch
        {
            Wheel when button == 0 => MouseAction.WheelUp,
            Wheel when button == 1 => MouseAction.WheelDown,
            Motion when button == 0 => MouseAction.Drag,
            0 when button == 0 => sequence.Final == 'M' ? MouseAction.Press : MouseAction.Release,
            _ => null,
        };
        var modifiers = (KeyModifiers)((code >> 2) & 7);
        return action is { } known ? new TerminalEvent.Mouse(known, x - 1, y - 1, modifiers) : null;
    }

    private static Key? ByLetter(char final) => final switch
    {
        'A' => Key.Up,
        'B' => Key.Down,
        'C' => Key.Right,
        'D' => Key.Left,
        'F' => Key.End,
        'H' => Key.Home,
        >= 'P' and <= 'S' => Key.F1 + (byte)(final - 'P'),
        _ => null,
    };

    private static Key? ByNumber(int number) => number switch
    {
        1 or 7 => Key.Home,
        2 => Key.Insert,
        3 => Key.Delete,
        4 or 8 => Key.End,
        5 => Key.PageUp,
        6 => Key.PageDown,
        >= 11 and <= 15 => Key.F1 + (byte)(number - 11),
        >= 17 and <= 21 => Key.F6 + (byte)(number - 17),
        23 or 24 => Key.F11 + (byte)(number - 23),
        _ => null,
    };

    /// <summary>A code of the Kitty protocol: a Unicode code point, or a key of the private use area.</summary>
    private static KeyPress? OfCode(int code, int modifiers)
    {
        const int KeypadZero = 57399, KeypadLeft = 57417;
        if (ModifiersOf(modifiers) is not { } held)
            return null;
        Key? key = code switch
        {
            13 or 57414 => Key.Enter,
            27 => Key.Escape,
            9 => Key.Tab,
            8 or 127 => Key.Backspace,
            >= KeypadLeft and <= 57426 => Keypad[code - KeypadLeft],
            _ => null,
        };
        if (key is { } named)
            return new KeyPress(named, default, held);
        if (code is >= KeypadZero and <= 57416)
            code = "0123456789./*-+\0=,"[code - KeypadZero];
        return code is < 0xe000 or > 0xf8ff && Rune.TryCreate(code, out var rune) && KeyPress.TryCharacter(rune, held, out var press) ? press : null;
    }

    private static readonly Key[] Keypad =
        [Key.Left, Key.Right, Key.Up, Key.Down, Key.PageUp, Key.PageDown, Key.Home, Key.End, Key.Insert, Key.Delete];

    private static KeyPress? With(Key key, int modifiers) => ModifiersOf(modifiers) is { } held ? new KeyPress(key, default, held) : null;

    /// <summary>Modifiers as terminals send them, plus one; null when Super, Hyper or Meta is among them. Locks do not count.</summary>
    private static KeyModifiers? ModifiersOf(int parameter)
    {
        const int SuperHyperMeta = 8 | 16 | 32;
        var bits = Math.Max(0, parameter - 1);
        return (bits & SuperHyperMeta) != 0 ? null : (KeyModifiers)(bits & 7);
    }
}
