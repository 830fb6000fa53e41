using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Spectre.Console;

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
        Description = "How to print: table or json",
        DefaultValueFactory = _ => OutputFormat.Table,
    };

    public static void Json<T>(T value, JsonTypeInfo<T> type) => Console.Out.WriteLine(JsonSerializer.Serialize(value, type));

    /// <summary>Prints rows under a header, without borders, so that the output pipes well.</summary>
    public static void Rows(string[] header, IEnumerable<string[]> rows)
    {
        var table = new Table().NoBorder();
        foreach (var title in header) table.AddColumn(new TableColumn(new Text(title)).NoWrap().PadRight(2));
        foreach (var row in rows) table.AddRow(row.Select(cell => (Spectre.Console.Rendering.IRenderable)new Text(Printable(cell))).ToArray());
        AnsiConsole.Write(table);
    }

    /// <summary>Text of a plugin or a cluster without control characters, which would be instructions to the terminal.</summary>
    public static string Printable(string text) =>
        text.AsSpan().ContainsAnyInRange('\0', '\u001f') || text.AsSpan().ContainsAnyInRange('\u007f', '\u009f')
            ? new string([.. text.Where(c => !char.IsControl(c))])
            : text;
}
