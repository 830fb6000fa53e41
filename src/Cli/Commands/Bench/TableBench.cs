using System.Diagnostics;
using System.Globalization;
using Spectre.Console;

namespace LazyOC.Cli.Commands.Bench;

/// <summary>The peer of the list: Spectre.Console's own table of the same rows and columns, rendered once.</summary>
internal static class TableBench
{
    public static (double Milliseconds, double AllocatedBytes) Render(int rows, int width)
    {
        var allocated = GC.GetAllocatedBytesForCurrentThread();
        var started = Stopwatch.GetTimestamp();
        using var output = new StringWriter(CultureInfo.InvariantCulture);
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.Yes, ColorSystem = ColorSystemSupport.TrueColor, Interactive = InteractionSupport.No, Out = new AnsiConsoleOutput(output) });
        console.Profile.Width = width;
        var table = new Table().AddColumns("NAMESPACE", "NAME", "READY", "STATUS", "RESTARTS", "IP", "NODE", "AGE");
        for (var i = 0; i < rows; i++)
        {
            table.AddRow(
                new Text($"team-{i % 100:D3}"), new Text($"service-{i / 10 % 10}-6c7f9d8b5-{i:D6}"), new Text("1/1"), new Text("Running", new Spectre.Console.Style(Color.Green)),
                new Text("0"), new Text($"10.0.{i / 256 % 256}.{i % 256}"), new Text($"worker-{i % 20}"), new Text("30h"));
        }
        console.Write(table);
        if (output.GetStringBuilder().Length == 0) throw new InvalidOperationException("Spectre.Console rendered nothing.");
        return (Stopwatch.GetElapsedTime(started).TotalMilliseconds, GC.GetAllocatedBytesForCurrentThread() - allocated);
    }
}
