using System.Collections.Immutable;
using System.CommandLine;
using LazyOC.Cli.Installing;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Contracts.Versions;
using LazyOC.Plugins.Packages;

namespace LazyOC.Cli.Commands.Plugin;

/// <summary><c>plugin update</c>: replaces installed plugins by later versions, asking only when one is to have more rights.</summary>
internal static class UpdateCommand
{
    public static Command Create()
    {
        var plugins = new Argument<string[]>("PLUGIN") { Description = "Ids of installed plugins, or packages of them, FILE.lzp; all when none is named", Arity = ArgumentArity.ZeroOrMore };
        var automatic = new Option<bool>("--auto") { Description = "Only what `lazyoc plugin auto` lets be updated without asking, and nothing that widens anything" };
        var command = new Command(
            "update",
            """
            Replaces installed plugins by later versions, within the versions that were asked for. Every LazyOC that is open swaps
            them and keeps their state; when one cannot, the installed versions stay.

            Examples:
              lazyoc plugin update
              lazyoc plugin update acme.prometheus --dry-run
              lazyoc plugin update acme.prometheus-1.5.0.lzp
            """) { plugins, automatic };
        InstallOptions.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var home = PluginCommand.HomeOf(parsed);
            var store = InstalledPlugins.StoreOf(home);
            var current = store.Current().OrThrow(ExitCode.Failed);
            if (parsed.GetValue(automatic)) return await new AutomaticUpdate(home, store, InstallOptions.Of(parsed)).RunAsync(cancellationToken);

            var named = InstallCommand.GoalOf(parsed.GetValue(plugins) ?? []);
            foreach (var id in named.Wanted.Keys.Concat(named.Files.Keys))
                if (current.Find(id) is null) throw new UserError(ExitCode.NotFound, $"{id} is not installed", $"`lazyoc plugin install {id}` installs it") { Help = HelpPage.NotInstalled };
            if (named.Wanted.FirstOrDefault(pair => pair.Value is not null) is { Value: not null } ranged)
                throw new UserError(ExitCode.Usage, "`update` stays within the versions that were asked for", $"`lazyoc plugin install {ranged.Key}@{ranged.Value}` asks for others");
            ImmutableArray<PluginId> ids = named.Wanted.IsEmpty && named.Files.IsEmpty ? [.. current.Plugins.Select(entry => entry.Id)] : [.. named.Wanted.Keys];
            var goal = new InstallGoal { Cause = $"update {string.Join(' ', named.Wanted.Keys.Concat(named.Files.Keys).Order())}".TrimEnd(), Files = named.Files, Update = [.. ids] };
            return await new Installer(home, store, InstallOptions.Of(parsed)).RunAsync(goal, ids.Length == 1 ? $"{ids[0]} {current.Find(ids[0])!.Version} is the latest that fits" : "all plugins are the latest that fit", cancellationToken);
        });
        return command;
    }

    /// <summary>Whether a version may take the place of another without asking.</summary>
    public static bool Allows(AutomaticUpdates auto, InstalledEntry before, SemanticVersion after) => auto switch
    {
        AutomaticUpdates.All => true,
        AutomaticUpdates.Minor => after.Major == before.Version.Major,
        AutomaticUpdates.Patch => after.Major == before.Version.Major && after.Minor == before.Version.Minor,
        _ => false,
    };
}
