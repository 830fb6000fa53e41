using System.Buffers;
using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace LazyOC.Cli;

/// <summary>How a command prints what it found.</summary>
internal enum OutputFormat
{
    Table,
    Json,
}

/// <summary>The one place where commands print records: JSON for programs, a table for people.</summary>
internal static class Output
{
    private static readonly SearchValues<char> Steering = SearchValues.Create(
        [.. Enumerable.Range(0, 0x10000).Select(i => (char)i).Where(c => char.IsControl(c) || c is '\u061c' or '\u200e' or '\u200f' or (>= '\u202a' and <= '\u202e') or (>= '\u2066' and <= '\u2069'))]);

    /// <summary>The <c>--output</c> option of every reading verb.</summary>
    public static Option<OutputFormat> Option() => new("--output", "-o")
    {
        Description = "How to print",
        HelpName = "table|json",
        DefaultValueFactory = _ => OutputFormat.Table,
    };

    public static void Json<T>(T value, JsonTypeInfo<T> type) => Console.Out.WriteLine(JsonSerializer.Serialize(value, type));

    /// <summary>Prints rows under a header, one a line and never wrapped, so that the output pipes well.</summary>
    public static void Rows(string[] header, IEnumerable<string[]> rows)
    {
        string[][] lines = [header, .. rows.Select(row => row.Select(Printable).ToArray())];
        var widths = header.Select((_, column) => lines.Max(line => line[column].Length)).ToArray();
        foreach (var line in lines)
            Console.Out.WriteLine(string.Join("   ", line.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd());
    }

    /// <summary>
    /// Text of a plugin or a cluster without what steers: control characters, which would be instructions to the terminal, and
    /// marks of direction, with which a text can be shown in another order than it has.
    /// </summary>
    public static string Printable(string text) => text.AsSpan().ContainsAny(Steering) ? new string([.. text.Where(c => !Steering.Contains(c))]) : text;

    /// <summary>The same for text of several lines.</summary>
    public static string PrintableLines(string text) => string.Join('\n', text.Split('\n').Select(Printable));
}
