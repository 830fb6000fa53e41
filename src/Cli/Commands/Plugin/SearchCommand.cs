using System.CommandLine;
using LazyOC.Cli.Commands.Market;
using LazyOC.Cli.Installing;
using LazyOC.Marketplace.Protocol.Api;

namespace LazyOC.Cli.Commands.Plugin;

/// <summary><c>plugin search</c>: finds plugins on a marketplace.</summary>
internal static class SearchCommand
{
    private const int MostStars = 5;

    public static Command Create()
    {
        var words = new Argument<string[]>("WORD") { Description = "Words of a plugin's name, description, keywords or README; all plugins when absent", Arity = ArgumentArity.ZeroOrMore };
        var category = new Option<string?>("--category") { HelpName = "NAME" };
        var publisher = new Option<string?>("--publisher") { HelpName = "NAME" };
        var license = new Option<string?>("--license") { Description = "Such as Apache-2.0", HelpName = "SPDX" };
        var uses = new Option<string?>("--uses") { Description = "A permission that it asks for, such as network", HelpName = "PERMISSION" };
        var usesNot = new Option<string?>("--uses-not") { Description = "A permission that it does not ask for", HelpName = "PERMISSION" };
        var hostApi = new Option<string?>("--host-api") { Description = "A version of the host API that it runs on, such as 1.0.0", HelpName = "VERSION" };
        var since = new Option<DateOnly?>("--updated-since") { Description = "Updated on that day or later", HelpName = "YYYY-MM-DD" };
        var rating = new Option<double?>("--min-rating") { Description = "The least rating, 0 to 5, with a few reviews of three stars mixed in", HelpName = "STARS" };
        var verified = new Option<bool>("--verified") { Description = "Of publishers that the marketplace has verified" };
        var cursor = new Option<string?>("--cursor") { Description = "The next page, as the one before names it", HelpName = "CURSOR" };
        var sort = new Option<SearchSort>("--sort") { Description = "relevance, rating, installs or recent", HelpName = "ORDER" };
        var limit = new Option<int>("--limit") { Description = "How many", HelpName = "N", DefaultValueFactory = _ => 20 };
        var output = Output.Option();
        var command = new Command(
            "search",
            """
            Finds plugins on a marketplace. It needs no account, and no registry: `--registry` takes an address, too.

            Examples:
              lazyoc plugin search prometheus
              lazyoc plugin search logs --uses-not network --sort rating
              lazyoc plugin search --verified --min-rating 4 --updated-since 2026-01-01
              lazyoc plugin search --category security --registry https://plugins.example.com
            """) { words, category, publisher, license, uses, usesNot, hostApi, since, rating, verified, sort, limit, cursor, output }.ForMarket();
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var market = await MarketCommand.OpenAsync(parsed, cancellationToken);
            var query = new SearchQuery
            {
                Text = string.Join(' ', parsed.GetValue(words) ?? []),
                Category = parsed.GetValue(category),
                Publisher = parsed.GetValue(publisher),
                License = parsed.GetValue(license),
                Uses = parsed.GetValue(uses),
                UsesNot = parsed.GetValue(usesNot),
                HostApi = parsed.GetValue(hostApi),
                UpdatedSince = parsed.GetValue(since) is { } day ? new DateTimeOffset(day, TimeOnly.MinValue, TimeSpan.Zero) : null,
                MinRating = parsed.GetValue(rating),
                Verified = parsed.GetValue(verified),
                Sort = parsed.GetValue(sort),
                Cursor = parsed.GetValue(cursor),
                Limit = parsed.GetValue(limit),
            };
            var found = (await market.Client.SearchAsync(query, cancellationToken)).OrThrow();
            if (parsed.GetValue(output) == OutputFormat.Json) Output.Json(found, ApiJson.Default.SearchResults);
            else Print(found, query);
            return found.Plugins.IsEmpty ? ExitCode.NotFound : ExitCode.Ok;
        });
        return command;
    }

    /// <summary><c>★★★★☆ (12)</c>; empty when nobody has said anything.</summary>
    public static string Stars(Rating rating) => rating.Count == 0 ? "" : $"{Stars((int)Math.Round(rating.Average))} ({rating.Count})";

    /// <summary><c>★★★★☆</c>.</summary>
    public static string Stars(int given) => new string('★', given) + new string('☆', MostStars - given);

    private static void Print(SearchResults found, SearchQuery query)
    {
        if (found.Plugins.IsEmpty)
        {
            Console.Error.WriteLine("No plugin was found.");
            return;
        }
        if (found.IsFuzzy) Console.Error.WriteLine(Output.Printable($"Nothing has `{query.Text}`; these have something like it."));
        Output.Rows(["ID", "VERSION", "RATING", "INSTALLS", "WHAT IT IS"], found.Plugins.Select(plugin => (string[])
        [
            plugin.Id.ToString(), plugin.Version, Stars(plugin.Rating), $"{plugin.Installs:N0}", plugin.IsDeprecated ? $"(looked after no more) {plugin.Description}" : plugin.Description,
        ]));
        if (found.Total > found.Plugins.Length) Console.Error.WriteLine(Output.Printable($"{found.Plugins.Length} of {found.Total:N0}{(found.IsTotalLeast ? "+" : "")}; `--limit` shows more{(found.Next is { } next ? $", `--cursor {next}` the next" : "")}"));
    }
}
