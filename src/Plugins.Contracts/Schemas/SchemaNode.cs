using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace LazyOC.Plugins.Contracts.Schemas;

/// <summary>One schema of a document, read and found sound. What is absent holds every value.</summary>
internal sealed record SchemaNode
{
    /// <summary>The schema that every value satisfies.</summary>
    public static SchemaNode Anything { get; } = new();

    /// <summary>The schema <c>false</c>: no value satisfies it.</summary>
    public bool IsNothing { get; init; }

    public ImmutableArray<string> Types { get; init; } = [];
    public ImmutableArray<JsonElement> Enum { get; init; } = [];

    /// <summary>The identities of <see cref="Enum"/>, or of <c>const</c>; null when neither is there.</summary>
    public FrozenSet<string>? Allowed { get; init; }

    /// <summary>In the order of the document.</summary>
    public ImmutableArray<KeyValuePair<string, SchemaNode>> Properties { get; init; } = [];
    public ImmutableArray<string> Required { get; init; } = [];
    public SchemaNode? AdditionalProperties { get; init; }

    public SchemaNode? Items { get; init; }
    public ImmutableArray<SchemaNode> PrefixItems { get; init; } = [];
    public int? MinItems { get; init; }
    public int? MaxItems { get; init; }
    public bool UniqueItems { get; init; }

    public Bound? Minimum { get; init; }
    public Bound? Maximum { get; init; }
    public Bound? ExclusiveMinimum { get; init; }
    public Bound? ExclusiveMaximum { get; init; }
    public Bound? MultipleOf { get; init; }

    public int? MinLength { get; init; }
    public int? MaxLength { get; init; }
    public Regex? Pattern { get; init; }

    /// <summary>The pattern as its author wrote it.</summary>
    public string? PatternText { get; init; }
    public string? Format { get; init; }

    public ImmutableArray<SchemaNode> AllOf { get; init; } = [];
    public ImmutableArray<SchemaNode> AnyOf { get; init; } = [];
    public ImmutableArray<SchemaNode> OneOf { get; init; } = [];
    public SchemaNode? Not { get; init; }

    /// <summary>Name of the definition that also holds; null for none.</summary>
    public string? Reference { get; init; }

    public JsonElement? Default { get; init; }
    public string? Title { get; init; }
    public string? Description { get; init; }

    /// <summary>The schemas directly within.</summary>
    public IEnumerable<SchemaNode> Children =>
        Properties.Select(p => p.Value).Concat(PrefixItems).Concat(InPlace).Concat(new[] { AdditionalProperties, Items }.OfType<SchemaNode>());

    /// <summary>The schemas directly within that are about the same value.</summary>
    public IEnumerable<SchemaNode> InPlace => AllOf.Concat(AnyOf).Concat(OneOf).Concat(Not is null ? [] : [Not]);

    /// <summary>A number as it is written, and its value.</summary>
    internal readonly record struct Bound(string Text, ExactNumber Value)
    {
        public override string ToString() => Text;
    }
}
