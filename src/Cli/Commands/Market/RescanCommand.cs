using System.CommandLine;
using LazyOC.Cli.Installing;
using LazyOC.Marketplace.Protocol.Api;

namespace LazyOC.Cli.Commands.Market;

/// <summary><c>market rescan</c>: has live versions looked at again, by those who moderate.</summary>
internal static class RescanCommand
{
    public static Command Create()
    {
        var all = new Option<bool>("--all") { Description = "All, as after new advisories; only those that the present rules have not seen when absent" };
        var output = Output.Option();
        var command = new Command(
            "rescan",
            """
            Has the marketplace look at live versions again; what new rules or advisories reject is held back. For moderators.

            Examples:
              lazyoc market rescan
              lazyoc market rescan --all
            """) { all, output }.ForMarket();
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var market = await MarketCommand.OpenAsync(parsed, cancellationToken);
            var result = (await market.Client.RescanAsync(new NewRescan { IsOfAll = parsed.GetValue(all) }, cancellationToken)).OrThrow();
            if (parsed.GetValue(output) == OutputFormat.Json) Output.Json(result, ApiJson.Default.RescanResult);
            else Console.WriteLine($"{result.Versions} versions will be looked at");
            return ExitCode.Ok;
        });
        return command;
    }
}
