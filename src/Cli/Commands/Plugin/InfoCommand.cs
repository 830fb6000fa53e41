using System.CommandLine;
using LazyOC.Cli.Commands.Market;
using LazyOC.Cli.Installing;
using LazyOC.Marketplace.Protocol.Api;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Contracts.Versions;

namespace LazyOC.Cli.Commands.Plugin;

/// <summary><c>plugin info</c>: what a marketplace says of a plugin, installed or not.</summary>
internal static class InfoCommand
{
    private const int VersionsShown = 8;

    public static Command Create()
    {
        var id = PluginCommand.IdArgument();
        var readme = new Option<bool>("--readme") { Description = "With its README" };
        var reviews = new Option<bool>("--reviews") { Description = "With the most helpful reviews" };
        var behaviour = new Option<bool>("--behaviour") { Description = "What it did when the marketplace tried it, instead" };
        var output = Output.Option();
        var command = new Command(
            "info",
            """
            Shows what a marketplace says of a plugin: what it may do, what its checks found, its versions and ratings.

            Examples:
              lazyoc plugin info acme.prometheus
              lazyoc plugin info acme.prometheus --readme --reviews
              lazyoc plugin info acme.prometheus --behaviour
            """) { id, readme, reviews, behaviour, output }.ForMarket();
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var market = await MarketCommand.OpenAsync(parsed, cancellationToken);
            var plugin = (await market.Client.PluginAsync(parsed.GetRequiredValue(id), cancellationToken)).OrThrow();
            if (parsed.GetValue(behaviour))
            {
                var observed = (await market.Client.BehaviourAsync(plugin.Summary.Id, SemanticVersion.Parse(plugin.Summary.Version), cancellationToken)).OrThrow();
                if (parsed.GetValue(output) == OutputFormat.Json) Output.Json(observed, ApiJson.Default.Behaviour);
                else foreach (var line in BehaviourText.Lines(plugin.Summary, observed)) Console.WriteLine(Output.Printable(line));
                return ExitCode.Ok;
            }
            if (parsed.GetValue(output) == OutputFormat.Json)
            {
                Output.Json(plugin, ApiJson.Default.PluginInfo);
                return ExitCode.Ok;
            }
            foreach (var line in Lines(plugin)) Console.WriteLine(Output.Printable(line));
            if (parsed.GetValue(reviews))
                foreach (var review in (await market.Client.ReviewsAsync(plugin.Summary.Id, null, cancellationToken)).OrThrow().Reviews)
                    foreach (var line in Lines(review)) Console.WriteLine(Output.Printable(line));
            if (parsed.GetValue(readme)) Console.WriteLine(plugin.Readme is { } text ? "\n" + Output.PrintableLines(text) : "\nIt has no README.");
            return ExitCode.Ok;
        });
        return command;
    }

    private static IEnumerable<string> Lines(PluginInfo plugin)
    {
        var summary = plugin.Summary;
        yield return $"{summary.DisplayName}  {summary.Id} {summary.Version}";
        if (summary.Description.Length > 0) yield return summary.Description;
        yield return $"{(SearchCommand.Stars(summary.Rating) is { Length: > 0 } stars ? stars + " · " : "")}{summary.Installs:N0} installs · {summary.License} · updated {summary.Updated.ToLocalTime():yyyy-MM-dd}{(plugin.Repository is { } repository ? $" · {repository}" : "")}";
        if (plugin.Deprecated is { } deprecated) yield return $"! is {deprecated}";
        if (plugin.Versions.FirstOrDefault(version => version.Version == summary.Version) is { } latest)
            foreach (var line in Lines(latest)) yield return line;
        yield return "Versions";
        foreach (var version in plugin.Versions.Take(VersionsShown)) yield return $"  {version.Version}  {version.Published.ToLocalTime():yyyy-MM-dd}  {ByteSize.Format(version.Size)}, host API {version.HostApi}{StateOf(version)}";
        if (plugin.Versions.Length > VersionsShown) yield return $"  and {plugin.Versions.Length - VersionsShown} before";
        if (!plugin.Dependents.IsEmpty) yield return $"Needed by {string.Join(", ", plugin.Dependents)}";
        yield return $"`lazyoc plugin install {summary.Id}` installs it";
    }

    private static IEnumerable<string> Lines(PluginVersion version)
    {
        yield return version.PermissionsInWords.IsEmpty ? "It asks for nothing." : "What it may do";
        foreach (var permission in version.PermissionsInWords) yield return $"  • {permission.Text}{(permission.Reason is { } reason ? $": {reason}" : "")}";
        foreach (var (id, range) in version.Dependencies) yield return $"  needs {id} {range}";
        yield return version.Scans.IsEmpty ? "It was not checked." : "Checks";
        foreach (var scan in version.Scans)
        {
            yield return $"  {scan.Scanner}: {scan.Verdict}";
            foreach (var finding in scan.Findings) yield return $"    {(finding.File is null ? "" : $"{finding.File}{(finding.Line is { } line ? $":{line}" : "")}: ")}{finding.Message}";
        }
    }

    private static string StateOf(PluginVersion version) => version switch
    {
        { Kill: { } reason } => $", must not run: {reason}",
        { Quarantined: { } reason } => $", held back: {reason}",
        { Yanked: { } reason } => $", withdrawn: {reason}",
        _ => "",
    };

    private static IEnumerable<string> Lines(Review review)
    {
        yield return "";
        yield return $"{SearchCommand.Stars(review.Stars)}  {review.Author}, {review.Written.ToLocalTime():yyyy-MM-dd}, of {review.Version}{(review.Hidden is { } why ? $" (hidden: {why})" : "")}";
        if (review.Text.Length > 0) yield return $"  {review.Text}";
        if (review.Reply is { } reply) yield return $"  its publisher: {reply.Text}";
    }
}
