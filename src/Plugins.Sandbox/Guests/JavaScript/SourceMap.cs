using System.Collections.Immutable;
using System.Text.Json;

namespace LazyOC.Plugins.Sandbox.Guests.JavaScript;

/// <summary>A place in a source file; line and column count from 1.</summary>
internal readonly record struct SourcePosition(string Source, int Line, int Column);

/// <summary>From places in a bundle to places in the files it was made of.</summary>
/// <remarks>Immutable, thread safe. Source: ECMA-426 (source map format), without index maps.</remarks>
internal sealed class SourceMap
{
    private const int MaxJsonDepth = 8;
    private const int MaxSourceNameLength = 1_024;

    private readonly ImmutableArray<string> _sources;

    /// <summary>Start of each generated line in <see cref="_mappings"/>, and the end of the last.</summary>
    private readonly int[] _lines;

    private readonly Mapping[] _mappings;

    private SourceMap(ImmutableArray<string> sources, int[] lines, Mapping[] mappings) =>
        (_sources, _lines, _mappings) = (sources, lines, mappings);

    private readonly record struct Mapping(int Column, int Source, int SourceLine, int SourceColumn);

    /// <summary>Reads a source map.</summary>
    /// <exception cref="FormatException">It is not a source map of version 3, or exceeds a bound; the message says where.</exception>
    public static SourceMap Parse(ReadOnlyMemory<byte> json)
    {
        if (json.Length > GuestBounds.SourceMapBytes)
            throw new FormatException($"the source map has {json.Length} bytes; at most {GuestBounds.SourceMapBytes} are read");
        try
        {
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = MaxJsonDepth });
            var root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("version", out var version) || version.GetRawText() != "3")
                throw new FormatException("the source map is not of version 3");
            var sources = ReadSources(root);
            if (!root.TryGetProperty("mappings", out var mappings) || mappings.ValueKind != JsonValueKind.String)
                throw new FormatException("the source map has no string `mappings`");
            return Decode(mappings.GetString()!, sources);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // InvalidOperationException: a string that is not valid UTF-16 once unescaped.
            throw new FormatException($"the source map is not valid JSON: {exception.Message}", exception);
        }
    }

    /// <summary>Where the code at a place in the bundle came from; null when the map does not say.</summary>
    public SourcePosition? Find(int line, int column)
    {
        if (line < 1 || line >= _lines.Length)
            return null;
        var (start, end) = (_lines[line - 1], _lines[line]);
        var index = Array.BinarySearch(_mappings, start, end - start, new Mapping(column - 1, 0, 0, 0), ByColumn);
        // Between two mappings, the earlier one holds.
        index = index < 0 ? ~index - 1 : index;
        if (index < start || _mappings[index].Source < 0)
            return null;
        var mapping = _mappings[index];
        return new SourcePosition(_sources[mapping.Source], mapping.SourceLine + 1, mapping.SourceColumn + 1);
    }

    private static readonly Comparer<Mapping> ByColumn = Comparer<Mapping>.Create((a, b) => a.Column.CompareTo(b.Column));

    private static ImmutableArray<string> ReadSources(JsonElement root)
    {
        if (!root.TryGetProperty("sources", out var sources) || sources.ValueKind != JsonValueKind.Array)
            throw new FormatException("the source map has no array `sources`");
        if (sources.GetArrayLength() > GuestBounds.SourceMapStrings)
            throw new FormatException($"the source map has {sources.GetArrayLength()} sources; at most {GuestBounds.SourceMapStrings} are read");
        var prefix = root.TryGetProperty("sourceRoot", out var sourceRoot) && sourceRoot.ValueKind == JsonValueKind.String ? sourceRoot.GetString() : "";
        return [.. sources.EnumerateArray().Select(source => source.ValueKind == JsonValueKind.String ? Shorten(prefix + source.GetString()) : "(unknown)")];
    }

    private static string Shorten(string name)
    {
        while (name.StartsWith("../", StringComparison.Ordinal) || name.StartsWith("./", StringComparison.Ordinal))
            name = name[(name.IndexOf('/', StringComparison.Ordinal) + 1)..];
        return name.Length <= MaxSourceNameLength ? name : name[..MaxSourceNameLength];
    }

    private static SourceMap Decode(string text, ImmutableArray<string> sources)
    {
        var lines = new List<int> { 0 };
        var mappings = new List<Mapping>();
        var reader = new MappingReader(text);
        int column = 0, source = 0, sourceLine = 0, sourceColumn = 0;
        while (!reader.IsAtEnd)
        {
            if (reader.TrySkip(';'))
            {
                SortLine(mappings, lines[^1]);
                lines.Add(mappings.Count);
                column = 0;
                continue;
            }
            if (reader.TrySkip(','))
                continue;
            if (mappings.Count == GuestBounds.SourceMapMappings)
                throw new FormatException($"the source map has more than {GuestBounds.SourceMapMappings} mappings");
            column = reader.ReadSum(column);
            if (reader.IsAtSegmentEnd)
            {
                mappings.Add(new Mapping(column, -1, 0, 0));
                continue;
            }
            source = reader.ReadSum(source);
            sourceLine = reader.ReadSum(sourceLine);
            sourceColumn = reader.ReadSum(sourceColumn);
            if (source >= sources.Length)
                throw new FormatException($"the source map's mappings name source {source} of {sources.Length}, at {reader.Position}");
            if (!reader.IsAtSegmentEnd)
                reader.ReadName();
            mappings.Add(new Mapping(column, source, sourceLine, sourceColumn));
        }
        SortLine(mappings, lines[^1]);
        lines.Add(mappings.Count);
        return new SourceMap(sources, [.. lines], [.. mappings]);
    }

    /// <summary>Most tools write a line's mappings in order; the format does not ask for it.</summary>
    private static void SortLine(List<Mapping> mappings, int start)
    {
        for (var i = start + 1; i < mappings.Count; i++)
        {
            if (mappings[i].Column < mappings[i - 1].Column)
            {
                mappings.Sort(start, mappings.Count - start, ByColumn);
                return;
            }
        }
    }

    /// <summary>Reads the base 64 variable-length quantities of <c>mappings</c>.</summary>
    private sealed class MappingReader(string text)
    {
        private const int ContinuationBit = 32;
        private const int DigitBits = 5;
        private const int MaxShift = 30;

        public int Position { get; private set; }

        public bool IsAtEnd => Position == text.Length;

        public bool IsAtSegmentEnd => IsAtEnd || text[Position] is ',' or ';';

        public bool TrySkip(char separator)
        {
            if (text[Position] != separator)
                return false;
            Position++;
            return true;
        }

        /// <summary>Reads a difference and adds it; the sum is never negative and fits an <see cref="int"/>.</summary>
        public int ReadSum(int before)
        {
            var sum = before + ReadQuantity();
            return sum is >= 0 and <= int.MaxValue - 1
                ? (int)sum
                : throw new FormatException($"the source map's mappings run out of range at {Position}");
        }

        /// <summary>Reads the index of a name, which nothing here uses.</summary>
        public void ReadName() => ReadQuantity();

        private long ReadQuantity()
        {
            var value = 0L;
            for (var shift = 0; shift <= MaxShift; shift += DigitBits)
            {
                var digit = IsAtEnd ? -1 : Digit(text[Position]);
                if (digit < 0)
                    break;
                Position++;
                value |= (long)(digit & (ContinuationBit - 1)) << shift;
                if (digit < ContinuationBit)
                    return (value & 1) == 0 ? value >> 1 : -(value >> 1);
            }
            throw new FormatException($"the source map's mappings are malformed at {Position}");
        }

        private static int Digit(char character) => character switch
        {
            >= 'A' and <= 'Z' => character - 'A',
            >= 'a' and <= 'z' => character - 'a' + 26,
            >= '0' and <= '9' => character - '0' + 52,
            '+' => 62,
            '/' => 63,
            _ => -1,
        };
    }
}
