namespace LazyOC.Tui.Terminal;

/// <summary>A control sequence that was read (ECMA-48 §5.4): what stands between its introducer and its last byte, and that byte.</summary>
internal readonly ref struct ControlSequence(ReadOnlySpan<byte> body, char final)
{
    /// <summary>Above every number that means anything.</summary>
    private const int MaxNumber = 1_000_000_000;

    private readonly ReadOnlySpan<byte> _body = body;

    public char Final { get; } = final;

    /// <summary>The private marker, one of <c>&lt; = &gt; ?</c>, or NUL.</summary>
    public char Prefix => !_body.IsEmpty && _body[0] is >= (byte)'<' and <= (byte)'?' ? (char)_body[0] : '\0';

    public bool HasIntermediates => _body.ContainsAnyInRange((byte)0x20, (byte)0x2f);

    public bool IsBare => _body.IsEmpty;

    /// <summary>A parameter, or 0 when it is left out; of sub-parameters (<c>a:b</c>) the first.</summary>
    public int this[int index] => Number(index, 0);

    /// <summary>A sub-parameter, or 0.</summary>
    public int Number(int index, int sub)
    {
        var rest = Prefix == '\0' ? _body : _body[1..];
        for (; index > 0; index--)
            rest = After(rest, (byte)';');
        var end = rest.IndexOf((byte)';');
        rest = end < 0 ? rest : rest[..end];
        for (; sub > 0; sub--)
            rest = After(rest, (byte)':');
        long value = 0;
        foreach (var digit in rest)
        {
            if (digit is < (byte)'0' or > (byte)'9')
                break;
            value = Math.Min(value * 10 + digit - '0', MaxNumber);
        }
        return (int)value;
    }

    private static ReadOnlySpan<byte> After(ReadOnlySpan<byte> text, byte separator)
    {
        var at = text.IndexOf(separator);
        return at < 0 ? default : text[(at + 1)..];
    }
}
