using System.IO.Enumeration;

namespace LazyOC.Plugins.Contracts.Manifest;

/// <summary>Reads a <see cref="When"/> by recursive descent: <c>||</c> binds weaker than <c>&amp;&amp;</c>, that weaker than <c>!</c>.</summary>
internal sealed class WhenParser(string text, WhenLimits limits)
{
    private const string Terms = "`api:`, `kind:`, `context:`, `namespace:`, `openshift` or `readonly`";

    private int _at;
    private int _depth;

    /// <summary>What was expected where; null when it was read.</summary>
    public string? Error { get; private set; }

    /// <summary>The predicate; null with an <see cref="Error"/>.</summary>
    public Predicate<WhenContext>? Parse()
    {
        if (text.Length > limits.MaxLength)
        {
            Error = $"expected at most {limits.MaxLength} characters";
            return null;
        }
        var holds = Any();
        if (holds is not null && !AtEnd()) holds = Expected("`&&`, `||` or the end");
        return holds;
    }

    private Predicate<WhenContext>? Any()
    {
        var left = All();
        while (left is not null && Take("||")) left = Or(left, All());
        return left;
    }

    private Predicate<WhenContext>? All()
    {
        var left = Unary();
        while (left is not null && Take("&&")) left = And(left, Unary());
        return left;
    }

    private Predicate<WhenContext>? Unary()
    {
        var start = _at;
        var negated = Take("!");
        if (!negated && !Take("(")) return Term();
        if (++_depth > limits.MaxDepth)
        {
            _at = start;
            return Expected($"at most {limits.MaxDepth} levels of nesting");
        }
        var inner = negated ? Unary() : Any();
        _depth--;
        if (inner is null) return null;
        if (negated) return context => !inner(context);
        return Take(")") ? inner : Expected("`)`");
    }

    private Predicate<WhenContext>? Term()
    {
        SkipSpace();
        var start = _at;
        while (_at < text.Length && !char.IsWhiteSpace(text[_at]) && text[_at] is not ('!' or '(' or ')' or '&' or '|')) _at++;
        var word = text[start.._at];
        var colon = word.IndexOf(':', StringComparison.Ordinal);
        var argument = word[(colon + 1)..];
        var term = (colon < 0 ? word : word[..colon]) switch
        {
            "openshift" when colon < 0 => context => context.IsOpenShift,
            "readonly" when colon < 0 => context => context.IsReadOnly,
            "api" when argument.Length > 0 => context => context.HasApi(argument),
            "kind" when argument.Contains('*', StringComparison.Ordinal) => context => context.Kind is { } kind && FileSystemName.MatchesSimpleExpression(argument, kind.ToString(), ignoreCase: false),
            "kind" when GroupKind.TryParse(argument, out var kind) => context => context.Kind == kind,
            "context" when argument.Length > 0 => context => FileSystemName.MatchesSimpleExpression(argument, context.Context, ignoreCase: false),
            "namespace" when argument.Length > 0 => context => context.Namespace is { } name && FileSystemName.MatchesSimpleExpression(argument, name, ignoreCase: false),
            _ => (Predicate<WhenContext>?)null,
        };
        if (term is not null) return term;
        _at = start;
        return Expected(Terms);
    }

    private static Predicate<WhenContext>? Or(Predicate<WhenContext> left, Predicate<WhenContext>? right) =>
        right is null ? null : context => left(context) || right(context);

    private static Predicate<WhenContext>? And(Predicate<WhenContext> left, Predicate<WhenContext>? right) =>
        right is null ? null : context => left(context) && right(context);

    private bool Take(string token)
    {
        SkipSpace();
        if (!text.AsSpan(_at).StartsWith(token, StringComparison.Ordinal)) return false;
        _at += token.Length;
        return true;
    }

    private bool AtEnd()
    {
        SkipSpace();
        return _at == text.Length;
    }

    private void SkipSpace()
    {
        while (_at < text.Length && char.IsWhiteSpace(text[_at])) _at++;
    }

    private Predicate<WhenContext>? Expected(string what)
    {
        SkipSpace();
        Error ??= $"expected {what} at character {_at + 1}";
        return null;
    }
}
