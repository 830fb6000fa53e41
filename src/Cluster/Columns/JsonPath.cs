using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace LazyOC.Cluster.Columns;

/// <summary>
/// The JSONPath of printer columns and <c>kubectl -o jsonpath</c>, without templates: <c>.a.b</c>, <c>['x']</c>,
/// <c>[0]</c>, <c>[-1]</c>, <c>[1:3]</c>, <c>[*]</c>, <c>[0,2]</c>, <c>..name</c> and filters such as
/// <c>[?(@.type=="Ready")].status</c>; braces and a leading <c>$</c> or dot are optional, <c>\.</c> is a dot in a name.
/// Immutable.
/// </summary>
public sealed class JsonPath
{
    private readonly IReadOnlyList<PathStep> _steps;
    private readonly int _maxResults;

    internal JsonPath(string text, IReadOnlyList<PathStep> steps, int maxResults)
    {
        Text = text;
        _steps = steps;
        _maxResults = maxResults;
    }

    /// <summary>The path as written.</summary>
    public string Text { get; }

    /// <summary>Parses a path.</summary>
    /// <exception cref="FormatException">Not a path; the message says where.</exception>
    public static JsonPath Parse(string text) =>
        TryParse(text, out var path, out var error) ? path : throw new FormatException(error);

    /// <summary>Parses a path, or says what is wrong with it.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out JsonPath? path, [NotNullWhen(false)] out string? error)
    {
        var limits = ClusterLimits.Default;
        path = null;
        error = null;
        if (text.Length > limits.MaxJsonPathChars)
        {
            error = $"a JSONPath has at most {limits.MaxJsonPathChars} characters";
            return false;
        }

        try
        {
            path = new JsonPath(text, new JsonPathParser(text, limits.MaxJsonPathDepth).ParseAll(), limits.MaxJsonPathResults);
            return true;
        }
        catch (FormatException e)
        {
            error = e.Message;
            return false;
        }
    }

    /// <summary>Everything the path selects, in document order; empty when nothing is there, cut at
    /// <see cref="ClusterLimits.MaxJsonPathResults"/>.</summary>
    public IReadOnlyList<JsonElement> Select(JsonElement root) => PathStep.Run(_steps, root, _maxResults);

    /// <inheritdoc/>
    public override string ToString() => Text;
}
