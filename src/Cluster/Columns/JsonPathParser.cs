using System.Globalization;
using System.Text;
using System.Text.Json;

namespace LazyOC.Cluster.Columns;

/// <summary>Recursive descent over a JSONPath; every complaint names the position.</summary>
internal sealed class JsonPathParser(string text, int maxDepth)
{
    private static readonly string[] Operators = ["==", "!=", "<=", ">=", "<", ">"];

    private int _at;
    private int _depth;

    public IReadOnlyList<PathStep> ParseAll()
    {
        SkipSpaces();
        var braced = Take('{');
        SkipSpaces();
        var steps = new List<PathStep>();
        if (!Take('$') && _at < text.Length && Peek is not ('.' or '[' or '}'))
            steps.Add(Named());
        ParseSteps(steps);
        SkipSpaces();
        if (braced && !Take('}'))
            throw Wrong("expected `}`");
        SkipSpaces();
        if (_at < text.Length)
            throw Wrong($"unexpected `{text[_at]}`");
        return steps;
    }

    private char Peek => _at < text.Length ? text[_at] : '\0';

    private void ParseSteps(List<PathStep> steps)
    {
        while (true)
        {
            if (Take('.'))
            {
                if (Take('.'))
                {
                    steps.Add(new PathStep.Descendants());
                    if (Peek == '[')
                        continue;
                }

                if (Take('*'))
                    steps.Add(new PathStep.Wildcard());
                else if (Peek is not '[' && !AtEnd())
                    steps.Add(Named());
            }
            else if (Take('['))
            {
                steps.Add(Bracket());
            }
            else
            {
                return;
            }
        }
    }

    private bool AtEnd() => _at == text.Length || Peek is '}' or ')' or ' ';

    private PathStep.Name Named()
    {
        var name = new StringBuilder();
        while (_at < text.Length && Peek is not ('.' or '[' or ']' or '}' or ')' or '(' or ' ' or '=' or '!' or '<' or '>' or '?' or '*'))
        {
            if (Peek == '\\' && _at + 1 < text.Length)
                _at++;
            name.Append(text[_at++]);
        }

        return name.Length > 0 ? new PathStep.Name(name.ToString()) : throw Wrong("expected a name");
    }

    private PathStep Bracket()
    {
        SkipSpaces();
        if (Take('?'))
            return Filter();
        var parts = new List<PathStep>();
        do
        {
            SkipSpaces();
            parts.Add(Part());
            SkipSpaces();
        }
        while (Take(','));
        Expect(']');
        return parts.Count == 1 ? parts[0] : new PathStep.Union(parts);
    }

    private PathStep Part()
    {
        if (Take('*'))
            return new PathStep.Wildcard();
        if (Peek is '\'' or '"')
            return new PathStep.Name(Quoted());

        var start = Integer();
        if (!Take(':'))
            return new PathStep.Slice(start ?? throw Wrong("expected an index, a name in quotes, `*` or `?(`"), null, 1, IsIndex: true);
        var end = Integer();
        var step = Take(':') ? Integer() ?? 1 : 1;
        return step > 0 ? new PathStep.Slice(start, end, step, IsIndex: false) : throw Wrong("a step is at least 1");
    }

    private PathStep.Filter Filter()
    {
        if (++_depth > maxDepth)
            throw Wrong($"filters nest deeper than {maxDepth}");
        Expect('(');
        var left = Operand();
        SkipSpaces();
        string? op = null;
        PathStep.Operand? right = null;
        if (Peek != ')')
        {
            op = Operators.FirstOrDefault(o => string.CompareOrdinal(text, _at, o, 0, o.Length) == 0) ?? throw Wrong("expected an operator or `)`");
            _at += op.Length;
            right = Operand();
        }

        SkipSpaces();
        Expect(')');
        Expect(']');
        _depth--;
        return new PathStep.Filter(left, op, right);
    }

    private PathStep.Operand Operand()
    {
        SkipSpaces();
        if (Take('@'))
        {
            var steps = new List<PathStep>();
            ParseSteps(steps);
            return new PathStep.Operand(null, steps);
        }

        if (Peek is '\'' or '"')
            return new PathStep.Operand(Literal($"\"{JsonEncodedText.Encode(Quoted())}\""), []);
        var start = _at;
        while (_at < text.Length && (char.IsAsciiLetterOrDigit(Peek) || Peek is '-' or '+' or '.'))
            _at++;
        try
        {
            return new PathStep.Operand(Literal(text[start.._at]), []);
        }
        catch (JsonException)
        {
            _at = start;
            throw Wrong("expected `@`, a string in quotes, a number, `true` or `false`");
        }
    }

    private static JsonElement Literal(string json) => JsonElement.Parse(json);

    private string Quoted()
    {
        var quote = text[_at++];
        var value = new StringBuilder();
        while (_at < text.Length && Peek != quote)
        {
            if (Peek == '\\' && _at + 1 < text.Length)
                _at++;
            value.Append(text[_at++]);
        }

        Expect(quote);
        return value.ToString();
    }

    private int? Integer()
    {
        var start = _at;
        Take('-');
        while (char.IsAsciiDigit(Peek))
            _at++;
        if (_at == start)
            return null;
        return int.TryParse(text.AsSpan(start, _at - start), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : throw Wrong("not an index");
    }

    private void SkipSpaces()
    {
        while (Peek == ' ')
            _at++;
    }

    private bool Take(char expected)
    {
        if (Peek != expected || _at == text.Length)
            return false;
        _at++;
        return true;
    }

    private void Expect(char expected)
    {
        if (!Take(expected))
            throw Wrong($"expected `{expected}`");
    }

    private FormatException Wrong(string what) => new($"`{text}` is not a JSONPath: {what} at character {_at + 1}");
}
