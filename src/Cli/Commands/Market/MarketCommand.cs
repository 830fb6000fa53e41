using System.CommandLine;
using LazyOC.Cli.Installing;

namespace LazyOC.Cli.Commands.Market;

/// <summary><c>lazyoc market</c>: running a marketplace, and one's account there.</summary>
internal static class MarketCommand
{
    private static readonly Option<string?> RegistryOption = new("--registry") { Description = "Which marketplace, by the name of its registry or its address; the first one when absent", HelpName = "NAME|URL" };

    public static Command Create()
    {
        var command = new Command("market", "Runs marketplaces, and makes accounts, publishers and tokens there");
        command.Subcommands.Add(ServeCommand.Create());
        foreach (var keep in KeepCommands.Create()) command.Subcommands.Add(keep);
        command.Subcommands.Add(ExportStaticCommand.Create());
        command.Subcommands.Add(KeepCommands.Import());
        command.Subcommands.Add(AccountCommands.Register());
        command.Subcommands.Add(AccountCommands.Login());
        command.Subcommands.Add(AccountCommands.Logout());
        command.Subcommands.Add(AccountCommands.WhoAmI());
        command.Subcommands.Add(SecondFactorCommand.Create());
        command.Subcommands.Add(InvitationCommands.Own());
        command.Subcommands.Add(RescanCommand.Create());
        command.Subcommands.Add(PublisherCommand.Create());
        command.Subcommands.Add(TokenCommand.Create());
        command.Subcommands.Add(WebhookCommand.Create());
        command.Subcommands.Add(TeamCommand.Create());
        command.Subcommands.Add(TeamCommand.Visibility());
        return command;
    }

    /// <summary>Adds the option by which commands name a marketplace.</summary>
    public static Command ForMarket(this Command command)
    {
        command.Options.Add(RegistryOption);
        return command;
    }

    /// <summary>The marketplace that a command names.</summary>
    /// <exception cref="UserError">There is none, or it cannot be asked.</exception>
    public static Task<Markets.Market> OpenAsync(ParseResult parsed, CancellationToken cancellationToken) =>
        new Markets(Registries.Here()).OpenAsync(parsed.GetValue(RegistryOption), cancellationToken);
}
