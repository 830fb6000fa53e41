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

    /// <summary>Text of a plugin or a cluster without control characters, which would be instructions to the terminal.</summary>
    public static string Printable(string text) =>
        text.AsSpan().ContainsAnyInRange('\0', '\u001f') || text.AsSpan().ContainsAnyInRange('\u007f', '\u009f')
            ? new string([.. text.Where(c => !char.IsControl(c))])
            : text;

    /// <summary>The same for text of several lines.</summary>
    public static string PrintableLines(string text) => string.Join('\n', text.Split('\n').Select(Printable));
}
