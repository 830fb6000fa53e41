namespace LazyOC.Plugins.Contracts.Schemas;

/// <summary>What a JSON Schema of a plugin may hold at most, and what checking a value against it may cost.</summary>
/// <param name="MaxDepth">Nesting of schemas.</param>
/// <param name="MaxNodes">Schemas within the document, itself included.</param>
/// <param name="MaxProblems">How many problems are listed, of the schema and of a value.</param>
/// <param name="MaxTextLength">Characters of a title, a description or the name of a property.</param>
/// <param name="MaxPatternLength">Characters of a regular expression.</param>
/// <param name="MaxItems">Entries of an <c>enum</c>, of <c>required</c>, of <c>examples</c>, or of a list of schemas.</param>
/// <param name="MaxCheckDepth">Schemas within each other while one value is checked, references followed.</param>
/// <param name="MaxCheckSteps">Pairs of a value and a schema that are compared in one check.</param>
/// <param name="MaxNumberDigits">Digits of a number written out; one that has more is refused where numbers are compared.</param>
/// <param name="PatternTimeout">How long a text is held against a pattern. It grows with the text only, so this is for computers that are busy.</param>
public sealed record SchemaLimits(
    int MaxDepth = 24,
    int MaxNodes = 1_000,
    int MaxProblems = 20,
    int MaxTextLength = 1_000,
    int MaxPatternLength = 500,
    int MaxItems = 500,
    int MaxCheckDepth = 200,
    int MaxCheckSteps = 200_000,
    int MaxNumberDigits = 400,
    TimeSpan PatternTimeout = default)
{
    /// <summary>The bounds of every schema that a manifest holds.</summary>
    public static SchemaLimits Default { get; } = new(PatternTimeout: TimeSpan.FromSeconds(2));
}
