using System.CommandLine;
using LazyOC.Cli.Installing;
using LazyOC.Marketplace.Protocol.Api;

namespace LazyOC.Cli.Commands.Market;

/// <summary><c>market publisher approval</c>: whether versions wait for a second owner.</summary>
internal static class ApprovalCommand
{
    public static Command Create()
    {
        var name = new Argument<string>("PUBLISHER") { Description = "The part of plugin ids before the dot, such as acme" };
        var rule = new Argument<string>("RULE") { Description = "`on` or `off`" };
        rule.AcceptOnlyFromAmong("on", "off");
        var command = new Command(
            "approval",
            """
            Says whether what passes its checks waits for an owner other than who has published it. `lazyoc plugin approve` lets it
            go live.

            Example:
              lazyoc market publisher approval acme on
            """) { name, rule }.ForMarket();
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var market = await MarketCommand.OpenAsync(parsed, cancellationToken);
            var isNeeded = parsed.GetRequiredValue(rule) == "on";
            (await market.Client.SetApprovalAsync(parsed.GetRequiredValue(name), new ApprovalRule { IsNeeded = isNeeded }, cancellationToken)).OrThrow();
            Console.WriteLine(Output.Printable(isNeeded ? $"versions of {parsed.GetRequiredValue(name)} wait for a second owner" : $"versions of {parsed.GetRequiredValue(name)} go live by their checks"));
            return ExitCode.Ok;
        });
        return command;
    }
}
