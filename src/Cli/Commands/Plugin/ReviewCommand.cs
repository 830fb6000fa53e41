using System.CommandLine;
using LazyOC.Cli.Commands.Market;
using LazyOC.Cli.Installing;
using LazyOC.Marketplace.Protocol.Api;

namespace LazyOC.Cli.Commands.Plugin;

/// <summary><c>plugin review</c>: says on the marketplace what one thinks of a plugin.</summary>
internal static class ReviewCommand
{
    public static Command Create()
    {
        var id = PluginCommand.IdArgument();
        var stars = new Option<int?>("--stars") { Description = "1 to 5", HelpName = "N" };
        var text = new Option<string>("--text") { Description = "What you think of it", HelpName = "TEXT", DefaultValueFactory = _ => "" };
        var withdraw = new Option<bool>("--withdraw") { Description = "Take your review back" };
        var output = Output.Option();
        var command = new Command(
            "review",
            """
            Reviews a plugin on the marketplace that you installed it from while signed in. Another review takes the place of the
            first; what it was before stays to be seen.

            Examples:
              lazyoc plugin review acme.prometheus --stars 5 --text "Does what it says."
              lazyoc plugin review acme.prometheus --withdraw
            """) { id, stars, text, withdraw, output }.ForMarket();
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var plugin = parsed.GetRequiredValue(id);
            if (parsed.GetValue(withdraw) == parsed.GetValue(stars) is not null) throw new UserError(ExitCode.Usage, "say what you think with `--stars`, or take it back with `--withdraw`");
            using var market = await MarketCommand.OpenAsync(parsed, cancellationToken);
            if (parsed.GetValue(stars) is not { } given)
            {
                (await market.Client.WithdrawReviewAsync(plugin, cancellationToken)).OrThrow();
                Console.WriteLine($"your review of {plugin} is taken back");
                return ExitCode.Ok;
            }
            var review = (await market.Client.ReviewAsync(plugin, new NewReview { Stars = given, Text = parsed.GetRequiredValue(text) }, cancellationToken)).OrThrow();
            if (parsed.GetValue(output) == OutputFormat.Json) Output.Json(review, ApiJson.Default.Review);
            else Console.WriteLine(Output.Printable($"{plugin} {review.Version} has {review.Stars} of 5 stars from {review.Author}"));
            return ExitCode.Ok;
        });
        return command;
    }
}
