using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace LazyOC.Plugins.Contracts.Manifest;

/// <summary>What a <see cref="When"/> is decided on: the session and what the user looks at. Equal when alike.</summary>
public sealed record WhenContext
{
    /// <summary>Whether the cluster serves an API group, <c>tekton.dev</c>, or one of its versions, <c>tekton.dev/v1</c>; pure.</summary>
    public Predicate<string> HasApi { get; init; } = static _ => false;

    /// <summary>The kind that is listed or detailed; null when there is none.</summary>
    public GroupKind? Kind { get; init; }

    /// <summary>Name of the kubeconfig context.</summary>
    public string Context { get; init; } = "";

    /// <summary>The namespace the user works in; null for all of them.</summary>
    public string? Namespace { get; init; }

    public bool IsOpenShift { get; init; }

    public bool IsReadOnly { get; init; }
}

/// <summary>Bounds of a <see cref="When"/>.</summary>
/// <param name="MaxLength">Characters.</param>
/// <param name="MaxDepth">Nesting of parentheses and negations.</param>
public sealed record WhenLimits(int MaxLength = 500, int MaxDepth = 16)
{
    public static WhenLimits Default { get; } = new();
}

/// <summary>
/// When a contribution is there: <c>api:tekton.dev/v1 &amp;&amp; !(readonly || context:prod-*)</c>. Terms are <c>api:GROUP/VERSION</c>,
/// <c>api:GROUP</c> in any version, <c>kind:Pod</c>, <c>kind:apps/Deployment</c>, <c>context:NAME</c> and <c>namespace:NAME</c>, these three with <c>*</c> for any text,
/// <c>openshift</c> and <c>readonly</c>. Immutable; equal when written alike.
/// </summary>
[JsonConverter(typeof(Converter))]
public sealed class When : IEquatable<When>
{
    private readonly string _text;
    private readonly Predicate<WhenContext> _holds;

    internal When(string text, Predicate<WhenContext> holds) => (_text, _holds) = (text, holds);

    /// <summary>Reads a predicate; false with what was expected and at which character.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out When? when, [NotNullWhen(false)] out string? error)
    {
        var parser = new WhenParser(text, WhenLimits.Default);
        when = parser.Parse() is { } holds ? new When(text, holds) : null;
        error = parser.Error;
        return when is not null;
    }

    /// <summary>Whether it holds.</summary>
    public bool Holds(WhenContext context) => _holds(context);

    public bool Equals(When? other) => other is not null && _text == other._text;

    public override bool Equals(object? obj) => Equals(obj as When);

    public override int GetHashCode() => _text.GetHashCode(StringComparison.Ordinal);

    /// <summary>As it was written.</summary>
    public override string ToString() => _text;

    /// <summary>Reads and writes it as a JSON string.</summary>
    public sealed class Converter : JsonConverter<When>
    {
        public override When Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            if (reader.TokenType != JsonTokenType.String) throw new JsonException("expected a predicate such as `api:tekton.dev/v1 && !readonly`");
            return TryParse(reader.GetString()!, out var when, out var error) ? when : throw new JsonException(error);
        }

        public override void Write(Utf8JsonWriter writer, When value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
    }
}
