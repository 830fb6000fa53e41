using System.Buffers;
using System.Text;

namespace LazyOC.Tui.Terminal;

/// <summary>
/// Gathers a bracketed paste. Pasted text may hold the end mark itself, to have its rest taken for keys; so an end counts
/// only when no other end follows until it is quiet. What comes after the last end was typed.
/// </summary>
internal sealed class PasteReader(TerminalLimits limits)
{
    private readonly ArrayBufferWriter<byte> _bytes = new();
    private int _matched;
    private int _text;

    private static ReadOnlySpan<byte> Start => "\x1b[200~"u8;

    private static ReadOnlySpan<byte> Stop => "\x1b[201~"u8;

    /// <summary>Whether nothing but the start of another paste came after the last end.</summary>
    public bool HasNext => _matched == 0 && _bytes.WrittenSpan[_text..].SequenceEqual(Start);

    public void Begin()
    {
        _bytes.ResetWrittenCount();
        _matched = 0;
        _text = 0;
    }

    /// <summary>Takes a byte; true when it completes an end.</summary>
    public bool Take(byte value)
    {
        if (value == Stop[_matched])
        {
            if (++_matched < Stop.Length)
                return false;
            _matched = 0;
            _text = _bytes.WrittenCount;
            return true;
        }
        Keep(Stop[.._matched]);
        _matched = value == Stop[0] ? 1 : 0;
        if (_matched == 0)
            Keep([value]);
        return false;
    }

    /// <summary>Ends the paste; the bytes that were typed after it, to be read as input.</summary>
    public byte[] End(out string text)
    {
        Keep(Stop[.._matched]);
        text = Clean(Encoding.UTF8.GetString(_bytes.WrittenSpan[.._text]));
        var typed = _bytes.WrittenSpan[_text..].ToArray();
        _bytes.Clear();
        return typed;
    }

    /// <summary>Line ends become <c>\n</c>; of the other control characters only tabs stay.</summary>
    private static string Clean(string text)
    {
        var clean = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            var character = text[i];
            if (character == '\r')
            {
                clean.Append('\n');
                if (i + 1 < text.Length && text[i + 1] == '\n')
                    i++;
            }
            else if (character is '\n' or '\t' || !char.IsControl(character))
            {
                clean.Append(character);
            }
        }
        return clean.ToString();
    }

    private void Keep(ReadOnlySpan<byte> bytes)
    {
        var room = limits.PasteBytes - _bytes.WrittenCount;
        _bytes.Write(bytes[..Math.Clamp(room, 0, bytes.Length)]);
    }
}
