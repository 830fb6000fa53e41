using System.CommandLine;
using LazyOC.Cli.Commands.Market;
using LazyOC.Cli.Installing;
using LazyOC.Marketplace.Protocol.Api;
using LazyOC.Plugins.Contracts.Versions;

namespace LazyOC.Cli.Commands.Plugin;

/// <summary><c>plugin yank</c>: withdraws a version that was published.</summary>
internal static class YankCommand
{
    public static Command Create()
    {
        var id = PluginCommand.IdArgument();
        var version = new Argument<string>("VERSION");
        var reason = new Option<string?>("--reason") { Description = "Shown to everybody who has it", HelpName = "TEXT" };
        var undo = new Option<bool>("--undo") { Description = "Take it back" };
        var output = Output.Option();
        var command = new Command(
            "yank",
            """
            Withdraws a version of your plugin: nobody gets it anew. Where it is installed or locked it stays and goes on.

            Examples:
              lazyoc plugin yank acme.demo 1.1.0 --reason "loses settings"
              lazyoc plugin yank acme.demo 1.1.0 --undo
            """) { id, version, reason, undo, output }.ForMarket();
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var plugin = parsed.GetRequiredValue(id);
            if (!SemanticVersion.TryParse(parsed.GetRequiredValue(version), out var which)) throw new UserError(ExitCode.Usage, $"`{parsed.GetRequiredValue(version)}` is no version such as 1.1.0");
            if (parsed.GetValue(undo) == parsed.GetValue(reason) is not null) throw new UserError(ExitCode.Usage, "say why with `--reason`, or take it back with `--undo`");
            using var market = await MarketCommand.OpenAsync(parsed, cancellationToken);
            if (parsed.GetValue(reason) is not { } why)
            {
                (await market.Client.UnyankAsync(plugin, which, cancellationToken)).OrThrow();
                Console.WriteLine($"{plugin} {which} is offered again");
                return ExitCode.Ok;
            }
            var submission = (await market.Client.YankAsync(plugin, which, new Reason { Text = why }, cancellationToken)).OrThrow();
            if (parsed.GetValue(output) == OutputFormat.Json) Output.Json(submission, ApiJson.Default.Submission);
            else Console.WriteLine($"{plugin} {which} is withdrawn; whoever has it keeps it");
            return ExitCode.Ok;
        });
        return command;
    }
}
