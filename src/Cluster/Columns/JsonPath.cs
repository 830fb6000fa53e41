using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace LazyOC.Cluster.Columns;

/// <summary>
/// The JSONPath of printer columns and <c>kubectl -o jsonpath</c>, without templates: <c>.a.b</c>, <c>['x']</c>,
/// <c>[0]</c>, <c>[-1]</c>, <c>[1:3]</c>, <c>[*]</c>, <c>..name</c> and filters such as
/// <c>[?(@.type=="Ready")].status</c>; braces and a leading <c>$</c> are optional. Immutable.
/// </summary>
public sealed class JsonPath
{
    /// <summary>The path as written.</summary>
    public string Text => throw new NotImplementedException();

    /// <summary>Parses a path.</summary>
    /// <exception cref="FormatException">Not a path; the message says where.</exception>
    public static JsonPath Parse(string text) => throw new NotImplementedException();

    /// <summary>Parses a path, or says what is wrong with it.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out JsonPath? path, [NotNullWhen(false)] out string? error) => throw new NotImplementedException();

    /// <summary>Everything the path selects, in document order; empty when nothing is there.</summary>
    public IReadOnlyList<JsonElement> Select(JsonElement root) => throw new NotImplementedException();

    /// <inheritdoc/>
    public override string ToString() => Text;
}
