using System.CommandLine;
using LazyOC.Cli.Commands.Plugin.Dev;
using LazyOC.Cli.Commands.Plugin.New;
using LazyOC.Cli.Commands.Plugin.Test;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Packages;

namespace LazyOC.Cli.Commands.Plugin;

/// <summary><c>lazyoc plugin</c>: what is installed, and making packages of one's own.</summary>
internal static class PluginCommand
{
    private static readonly Option<bool> Demo = new("--demo") { Description = "The demo's plugins instead of your own", Recursive = true };

    public static Command Create()
    {
        var command = new Command("plugin", "Installs, lists and makes plugins") { Demo };
        command.Subcommands.Add(SearchCommand.Create());
        command.Subcommands.Add(InfoCommand.Create());
        command.Subcommands.Add(StatsCommand.Create());
        command.Subcommands.Add(InstallCommand.Create());
        command.Subcommands.Add(UpdateCommand.Create());
        command.Subcommands.Add(OutdatedCommand.Create());
        command.Subcommands.Add(AutoCommand.Create());
        command.Subcommands.Add(ListCommand.Create());
        command.Subcommands.Add(TreeCommand.CreateTree());
        command.Subcommands.Add(TreeCommand.CreateWhy());
        command.Subcommands.Add(HistoryCommand.Create());
        command.Subcommands.Add(RollbackCommand.Create());
        command.Subcommands.Add(GcCommand.Create());
        command.Subcommands.Add(LockCommand.Create());
        command.Subcommands.Add(SwitchCommand.Create("enable", "Lets an installed plugin run, and ends its quarantine", enabled: true));
        command.Subcommands.Add(SwitchCommand.Create("disable", "Keeps an installed plugin from running", enabled: false));
        command.Subcommands.Add(UninstallCommand.Create());
        command.Subcommands.Add(SettingsCommand.Create());
        command.Subcommands.Add(PermissionsCommand.Create());
        command.Subcommands.Add(LimitsCommand.Create());
        command.Subcommands.Add(ReviewCommand.Create());
        command.Subcommands.Add(TopCommand.Create());
        command.Subcommands.Add(ProfileCommand.Create());
        command.Subcommands.Add(LogsCommand.Create());
        command.Subcommands.Add(AuditCommand.Create());
        command.Subcommands.Add(ExportDataCommand.Create());
        command.Subcommands.Add(NewCommand.Create());
        command.Subcommands.Add(DevCommand.Create());
        command.Subcommands.Add(TestCommand.Create());
        command.Subcommands.Add(ValidateCommand.Create());
        command.Subcommands.Add(PackCommand.Create());
        command.Subcommands.Add(VerifyCommand.Create());
        command.Subcommands.Add(InspectCommand.Create());
        command.Subcommands.Add(PublishCommand.Create());
        command.Subcommands.Add(YankCommand.Create());
        foreach (var more in VersionCommands.Create()) command.Subcommands.Add(more);
        return command;
    }

    public static Home HomeOf(ParseResult parsed) => Home.Locate(Environment.GetEnvironmentVariable, parsed.GetValue(Demo));

    public static Argument<PluginId> IdArgument() => new("ID")
    {
        Description = "The plugin's id, such as acme.prometheus",
        CustomParser = result =>
        {
            if (PluginId.TryParse(result.Tokens[0].Value, out var id)) return id;
            result.AddError($"`{result.Tokens[0].Value}` is not a plugin id such as acme.prometheus");
            return default;
        },
    };

    public static Argument<PluginId[]> IdsArgument() => new("ID")
    {
        Description = "Ids of plugins, such as acme.prometheus",
        Arity = ArgumentArity.OneOrMore,
        CustomParser = result =>
        {
            var ids = new List<PluginId>();
            foreach (var token in result.Tokens)
            {
                if (PluginId.TryParse(token.Value, out var id)) ids.Add(id);
                else result.AddError($"`{token.Value}` is not a plugin id such as acme.prometheus");
            }
            return [.. ids.Distinct()];
        },
    };

    /// <summary>The entry of an installed plugin.</summary>
    /// <exception cref="UserError">It is not installed.</exception>
    public static InstalledEntry Installed(PluginStore store, PluginId id) =>
        store.Current().OrThrow(ExitCode.Failed).Find(id)
        ?? throw new UserError(ExitCode.NotFound, $"{id} is not installed", "`lazyoc plugin list` shows what is; the demo has plugins of its own, see `--demo`") { Help = HelpPage.NotInstalled };
}
