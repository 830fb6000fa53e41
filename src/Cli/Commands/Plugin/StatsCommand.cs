using System.Collections.Immutable;
using System.CommandLine;
using System.Globalization;
using LazyOC.Cli.Commands.Market;
using LazyOC.Cli.Installing;
using LazyOC.Marketplace.Protocol.Api;

namespace LazyOC.Cli.Commands.Plugin;

/// <summary><c>plugin stats</c>: how often a plugin is downloaded.</summary>
internal static class StatsCommand
{
    private const int BarChars = 40;

    public static Command Create()
    {
        var id = PluginCommand.IdArgument();
        var days = new Option<int?>("--days") { Description = "Of so many days; 90 when absent", HelpName = "N" };
        var output = Output.Option();
        var command = new Command(
            "stats",
            """
            Shows how often a plugin is downloaded from a marketplace: by day and by version, and for members of its publisher by the
            version of LazyOC. An install is a user's first download of a version on a day.

            Examples:
              lazyoc plugin stats acme.prometheus --days 30
              lazyoc plugin stats acme.prometheus --output json
            """) { id, days, output }.ForMarket();
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var market = await MarketCommand.OpenAsync(parsed, cancellationToken);
            var stats = (await market.Client.PluginStatsAsync(parsed.GetRequiredValue(id), parsed.GetValue(days), cancellationToken)).OrThrow();
            if (parsed.GetValue(output) == OutputFormat.Json) Output.Json(stats, ApiJson.Default.PluginStats);
            else Print(stats);
            return ExitCode.Ok;
        });
        return command;
    }

    private static void Print(PluginStats stats)
    {
        var downloads = stats.Downloads;
        Console.WriteLine(Output.Printable($"{stats.Id}: {Count(downloads.Downloads, "download")}, {Count(downloads.Installs, "install")}, {downloads.From:yyyy-MM-dd} to {downloads.To:yyyy-MM-dd}"));
        if (downloads.Days.IsEmpty) return;
        var most = Math.Max(1, downloads.Days.Max(day => day.Downloads));
        Console.WriteLine();
        Output.Rows(["DAY", "DOWNLOADS", "INSTALLS", ""], downloads.Days.Select(day => (string[])
        [
            day.Day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), Number(day.Downloads), Number(day.Installs), new string('█', (int)Math.Max(day.Downloads > 0 ? 1 : 0, BarChars * day.Downloads / most)),
        ]));
        Print("VERSION", stats.Versions);
        if (stats.Clients is { } clients) Print("PROGRAM", clients);
        if (stats.Regions is { IsEmpty: false } regions) Print("REGION", regions);
    }

    private static void Print(string what, ImmutableArray<NamedDownloads> rows)
    {
        Console.WriteLine();
        Output.Rows([what, "DOWNLOADS", "INSTALLS"], rows.Select(row => (string[])[row.Name, Number(row.Downloads), Number(row.Installs)]));
    }

    private static string Count(long count, string what) => count == 1 ? $"1 {what}" : $"{Number(count)} {what}s";

    private static string Number(long number) => number.ToString("N0", CultureInfo.InvariantCulture);
}
