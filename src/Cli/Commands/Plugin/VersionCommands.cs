using System.CommandLine;
using LazyOC.Cli.Commands.Market;
using LazyOC.Cli.Installing;
using LazyOC.Marketplace.Protocol.Api;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Contracts.Versions;

namespace LazyOC.Cli.Commands.Plugin;

/// <summary><c>plugin approve|appeal|unpublish|deprecate</c>: what its publisher does with what was published.</summary>
internal static class VersionCommands
{
    public static IEnumerable<Command> Create()
    {
        yield return Approve();
        yield return Appeal();
        yield return Unpublish();
        yield return Deprecate();
    }

    private static Command Approve() => OfVersion(
        "approve",
        """
        Lets a version go live that another owner has published and that waits for you.

        Example:
          lazyoc plugin approve acme.demo 1.1.0
        """,
        [],
        async (client, _, plugin, version, cancellationToken) =>
        {
            var submission = (await client.ApproveAsync(plugin, version, cancellationToken)).OrThrow();
            Console.WriteLine(Output.Printable($"{plugin} {version} is {submission.State.ToString().ToLowerInvariant()}"));
            foreach (var reason in submission.Reasons) Console.WriteLine(Output.Printable($"  {reason}"));
        });

    private static Command Appeal()
    {
        var text = new Option<string>("--text") { Description = "Which rule is wrong about it, and why", HelpName = "TEXT", Required = true };
        return OfVersion(
            "appeal",
            """
            Asks for a person to look at a version that the checks hold or reject, once for each.

            Example:
              lazyoc plugin appeal acme.demo 1.1.0 --text "js-obfuscated: the table is of Unicode blocks"
            """,
            [text],
            async (client, parsed, plugin, version, cancellationToken) =>
            {
                (await client.AppealAsync(plugin, version, new NewAppeal { Text = parsed.GetRequiredValue(text) }, cancellationToken)).OrThrow();
                Console.WriteLine($"a moderator will look at {plugin} {version}");
            });
    }

    private static Command Unpublish() => OfVersion(
        "unpublish",
        """
        Takes a version back that went live lately and that nothing depends on, or one that is not live yet. Its number stays used
        up. `plugin yank` withdraws one that has been there for longer.

        Example:
          lazyoc plugin unpublish acme.demo 1.1.0
        """,
        [],
        async (client, _, plugin, version, cancellationToken) =>
        {
            (await client.UnpublishAsync(plugin, version, cancellationToken)).OrThrow();
            Console.WriteLine($"{plugin} {version} is taken back");
        });

    private static Command Deprecate()
    {
        var id = PluginCommand.IdArgument();
        var reason = new Option<string?>("--reason") { Description = "Shown to everybody who has it", HelpName = "TEXT" };
        var successor = new Option<string?>("--successor") { Description = "The plugin that takes its place", HelpName = "ID" };
        var undo = new Option<bool>("--undo") { Description = "Take it back" };
        var command = new Command(
            "deprecate",
            """
            Says that nobody looks after a plugin any more, and which one takes its place.

            Examples:
              lazyoc plugin deprecate acme.demo --reason "acme.next does more" --successor acme.next
              lazyoc plugin deprecate acme.demo --undo
            """) { id, reason, successor, undo }.ForMarket();
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var plugin = parsed.GetRequiredValue(id);
            if (parsed.GetValue(undo) == parsed.GetValue(reason) is not null) throw new UserError(ExitCode.Usage, "say why with `--reason`, or take it back with `--undo`");
            PluginId? next = null;
            if (parsed.GetValue(successor) is { } named) next = PluginId.TryParse(named, out var known) ? known : throw new UserError(ExitCode.Usage, $"`{named}` is not a plugin id such as acme.prometheus");
            using var market = await MarketCommand.OpenAsync(parsed, cancellationToken);
            if (parsed.GetValue(reason) is { } why) (await market.Client.DeprecateAsync(plugin, new NewDeprecation { Reason = why, Successor = next }, cancellationToken)).OrThrow();
            else (await market.Client.UndeprecateAsync(plugin, cancellationToken)).OrThrow();
            Console.WriteLine(parsed.GetValue(undo) ? $"{plugin} is looked after again" : $"{plugin} is deprecated");
            return ExitCode.Ok;
        });
        return command;
    }

    private static Command OfVersion(string verb, string description, Option[] options, Func<MarketClient, ParseResult, PluginId, SemanticVersion, CancellationToken, Task> act)
    {
        var id = PluginCommand.IdArgument();
        var version = new Argument<string>("VERSION");
        var command = new Command(verb, description) { id, version }.ForMarket();
        foreach (var option in options) command.Options.Add(option);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            if (!SemanticVersion.TryParse(parsed.GetRequiredValue(version), out var which)) throw new UserError(ExitCode.Usage, $"`{parsed.GetRequiredValue(version)}` is no version such as 1.1.0");
            using var market = await MarketCommand.OpenAsync(parsed, cancellationToken);
            await act(market.Client, parsed, parsed.GetRequiredValue(id), which, cancellationToken);
            return ExitCode.Ok;
        });
        return command;
    }
}
