using System.CommandLine;

namespace LazyOC.Cli.Commands.Market;

/// <summary><c>lazyoc market</c>: running a registry of one's own.</summary>
internal static class MarketCommand
{
    public static Command Create()
    {
        var command = new Command("market", "Makes registries that plugins are installed from");
        command.Subcommands.Add(ExportStaticCommand.Create());
        return command;
    }
}
