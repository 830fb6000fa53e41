using System.CommandLine;
using LazyOC.Cli.Commands;
using LazyOC.Plugins.Contracts;

namespace LazyOC.Cli;

/// <summary>The composition root: what is <c>new</c>ed here is all there is.</summary>
internal static class Program
{
    /// <summary>How long a command may take to end when it is told to: plugins are told, too, and what is under way is finished.</summary>
    private static readonly TimeSpan Ending = TimeSpan.FromSeconds(10);

    public static async Task<int> Main(string[] args)
    {
        var root = LazyOcCommand.Create();
        var parsed = root.Parse(args);
        if (parsed.Errors.Count > 0)
        {
            foreach (var error in parsed.Errors) Console.Error.WriteLine($"lazyoc: {error.Message}");
            Console.Error.WriteLine($"hint: `{CommandLine(parsed.CommandResult)} --help` lists what is allowed");
            return ExitCode.Usage;
        }

        try
        {
            return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = Ending });
        }
        catch (Exception error) when (Failures.Explain(error) is { } known)
        {
            // A refusal may quote what it refuses.
            Console.Error.WriteLine($"lazyoc: {Output.PrintableLines(known.Message)}");
            if (known.Hint is not null) Console.Error.WriteLine($"hint: {Output.PrintableLines(known.Hint)}");
            if (known.Help is not null) Console.Error.WriteLine($"see: {HelpPage.Of(known.Help)}");
            return known.ExitCode;
        }
    }

    private static string CommandLine(System.CommandLine.Parsing.CommandResult result)
    {
        var words = new List<string>();
        for (System.CommandLine.Parsing.SymbolResult? at = result; at is not null; at = at.Parent)
            if (at is System.CommandLine.Parsing.CommandResult command) words.Insert(0, command.Command.Name);
        return string.Join(' ', words);
    }
}
