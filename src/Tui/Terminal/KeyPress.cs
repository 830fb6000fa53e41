using System.Buffers;
using System.Text;

namespace LazyOC.Tui.Terminal;

/// <summary>A key of the keyboard, as far as terminals tell them apart.</summary>
public enum Key : byte
{
    /// <summary>Types the character of <see cref="KeyPress.Rune"/>.</summary>
    Character,
    Enter,
    Escape,
    Tab,
    Backspace,
    Delete,
    Insert,
    Up,
    Down,
    Left,
    Right,
    Home,
    End,
    PageUp,
    PageDown,
    F1,
    F2,
    F3,
    F4,
    F5,
    F6,
    F7,
    F8,
    F9,
    F10,
    F11,
    F12,
}

/// <summary>Keys held down while another is pressed.</summary>
[Flags]
public enum KeyModifiers : byte
{
    None = 0,
    Shift = 1,
    Alt = 2,
    Control = 4,
}

/// <summary>
/// One key press. Its text form is what configuration and plugins write: <c>a</c>, <c>G</c>, <c>space</c>, <c>ctrl-r</c>,
/// <c>shift-tab</c>, <c>alt-x</c>, <c>enter</c>, <c>f5</c>, <c>pageup</c>.
/// </summary>
/// <param name="Key">Which key.</param>
/// <param name="Rune">The character of <see cref="Key.Character"/>, never a control character; default for every other key. A shifted letter is its capital.</param>
/// <param name="Modifiers">What was held; a character never has <see cref="KeyModifiers.Shift"/>, which is in the character.</param>
public readonly record struct KeyPress(Key Key, Rune Rune = default, KeyModifiers Modifiers = KeyModifiers.None)
{
    private static readonly (string Prefix, KeyModifiers Modifier)[] Prefixes =
        [("ctrl-", KeyModifiers.Control), ("alt-", KeyModifiers.Alt), ("shift-", KeyModifiers.Shift)];

    /// <summary>Names of the keys that are no characters, by <see cref="Terminal.Key"/>.</summary>
    private static readonly string[] Names = [.. Enum.GetNames<Key>().Select(name => name.ToLowerInvariant())];

    /// <summary>The press of a character's key.</summary>
    public static KeyPress Of(char character, KeyModifiers modifiers = KeyModifiers.None) => new(Key.Character, new Rune(character), modifiers);

    /// <summary>Whether this types a character into a field: one without Control or Alt.</summary>
    public bool IsText => Key == Key.Character && Modifiers == KeyModifiers.None;

    /// <summary>Reads the text form; modifiers in any order, names in any case.</summary>
    public static bool TryParse(string text, out KeyPress press)
    {
        press = default;
        ReadOnlySpan<char> rest = text;
        var modifiers = KeyModifiers.None;
        for (var i = 0; i < Prefixes.Length; i++)
        {
            var (prefix, modifier) = Prefixes[i];
            if (rest.Length <= prefix.Length || !rest.StartsWith(prefix, StringComparison.OrdinalIgnoreCase))
                continue;
            if (modifiers.HasFlag(modifier))
                return false;
            modifiers |= modifier;
            rest = rest[prefix.Length..];
            i = -1;
        }
        if (Rune.DecodeFromUtf16(rest, out var rune, out var length) == OperationStatus.Done && length == rest.Length)
            return TryCharacter(rune, modifiers, out press);
        if (rest.Equals("space", StringComparison.OrdinalIgnoreCase))
            return TryCharacter(new Rune(' '), modifiers, out press);
        var key = (Key)Array.FindIndex(Names, NameIs(rest.ToString()));
        press = new KeyPress(key, default, modifiers);
        return key is > Key.Character and <= Key.F12;

        static Predicate<string> NameIs(string wanted) => name => name.Equals(wanted, StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>The text form.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        foreach (var (prefix, modifier) in Prefixes)
        {
            if (Modifiers.HasFlag(modifier))
                text.Append(prefix);
        }
        if (Key != Key.Character)
            return text.Append(Names[(int)Key]).ToString();
        return Rune.Value == ' ' ? text.Append("space").ToString() : text.Append(Rune).ToString();
    }

    /// <summary>Shift goes into the character, as terminals send it.</summary>
    internal static bool TryCharacter(Rune rune, KeyModifiers modifiers, out KeyPress press)
    {
        if (modifiers.HasFlag(KeyModifiers.Shift))
            rune = Rune.ToUpperInvariant(rune);
        press = new KeyPress(Key.Character, rune, modifiers & ~KeyModifiers.Shift);
        return !Rune.IsControl(rune) && CharacterWidths.ClassOf(rune) is CharacterClass.Narrow or CharacterClass.Wide or CharacterClass.Space;
    }
}
