using System.Globalization;
using System.Text.Json;

namespace LazyOC.Marketplace.Scanning;

/// <summary>Where the values of a JSON document are: the line of each path, such as <c>permissions.kubernetes[0]</c>.</summary>
internal sealed class JsonLines
{
    private const int MaxDepth = 64;

    private readonly Dictionary<string, int> _lines = new(StringComparer.Ordinal);

    private JsonLines() { }

    /// <summary>Every text in the document, names of members aside, with its path.</summary>
    public List<(string Path, string Text)> Texts { get; } = [];

    /// <summary>Finds the lines of a document that was read before; of one that is not JSON none are known.</summary>
    public static JsonLines Of(ReadOnlySpan<byte> utf8)
    {
        var lines = new JsonLines();
        try
        {
            lines.Walk(utf8);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            // Findings have no lines then; whoever needs the document's content refuses it.
        }
        return lines;
    }

    /// <summary>The line of a path, or of the nearest value that holds it; null when there is none.</summary>
    public int? Find(string path)
    {
        while (path.Length > 0)
        {
            if (_lines.TryGetValue(path, out var line)) return line;
            path = path[..Math.Max(0, path.LastIndexOfAny(['.', '[']))];
        }
        return null;
    }

    private void Walk(ReadOnlySpan<byte> utf8)
    {
        var reader = new Utf8JsonReader(utf8, new JsonReaderOptions { MaxDepth = MaxDepth });
        var open = new Stack<(string Path, int Index)>();
        var (name, line, counted) = ("", 1, 0);
        while (reader.Read())
        {
            var at = (int)reader.TokenStartIndex;
            line += utf8[counted..at].Count((byte)'\n');
            counted = at;
            switch (reader.TokenType)
            {
                case JsonTokenType.PropertyName:
                    name = reader.GetString()!;
                    continue;
                case JsonTokenType.EndObject or JsonTokenType.EndArray:
                    open.Pop();
                    continue;
            }
            var path = "";
            if (open.TryPop(out var outer))
            {
                path = outer.Index >= 0 ? string.Create(CultureInfo.InvariantCulture, $"{outer.Path}[{outer.Index}]") : outer.Path.Length == 0 ? name : $"{outer.Path}.{name}";
                open.Push(outer.Index >= 0 ? (outer.Path, outer.Index + 1) : outer);
            }
            _lines.TryAdd(path, line);
            if (reader.TokenType == JsonTokenType.String) Texts.Add((path, reader.GetString()!));
            else if (reader.TokenType == JsonTokenType.StartObject) open.Push((path, -1));
            else if (reader.TokenType == JsonTokenType.StartArray) open.Push((path, 0));
        }
    }
}
