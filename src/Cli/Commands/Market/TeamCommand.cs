using System.Collections.Immutable;
using System.CommandLine;
using LazyOC.Cli.Installing;
using LazyOC.Marketplace.Protocol.Api;
using LazyOC.Plugins.Contracts;

namespace LazyOC.Cli.Commands.Market;

/// <summary><c>market team</c> and <c>market visibility</c>: who sees what not everybody sees.</summary>
internal static class TeamCommand
{
    public static Command Create()
    {
        var command = new Command("team", "Makes teams, and says who is in them; for administrators of a marketplace");
        command.Subcommands.Add(List());
        command.Subcommands.Add(Change("new", "Makes a team", "is there", static (client, team, cancellationToken) => client.CreateTeamAsync(team, cancellationToken)));
        command.Subcommands.Add(Change("delete", "Removes a team; what was kept for it alone is seen by the members of its publisher only", "is removed", static (client, team, cancellationToken) => client.DeleteTeamAsync(team, cancellationToken)));
        command.Subcommands.Add(Member("add", "Puts an account into a team", "is in", static (client, team, account, cancellationToken) => client.AddTeamMemberAsync(team, account, cancellationToken)));
        command.Subcommands.Add(Member("remove", "Takes an account out of a team", "is not in", static (client, team, account, cancellationToken) => client.RemoveTeamMemberAsync(team, account, cancellationToken)));
        return command;
    }

    public static Command Visibility()
    {
        var subject = new Argument<string>("PUBLISHER|ID") { Description = "A publisher with all of its plugins, or one plugin, which need not be published yet" };
        var teams = new Option<string[]>("--team") { Description = "Only this team and the members of the publisher see it; may be given more than once", HelpName = "TEAM" };
        var members = new Option<bool>("--members") { Description = "Only the members of the publisher see it" };
        var everybody = new Option<bool>("--everybody") { Description = "Everybody sees it" };
        var output = Output.Option();
        var command = new Command(
            "visibility",
            """
            Shows or sets who sees a publisher or a plugin. To all others it is as if it were not there.

            Examples:
              lazyoc market visibility acme.payroll --team finance
              lazyoc market visibility acme --members
              lazyoc market visibility acme.payroll --everybody
            """) { subject, teams, members, everybody, output }.ForMarket();
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var (name, named) = (parsed.GetRequiredValue(subject), parsed.GetValue(teams) ?? []);
            var asked = (named.Length > 0 ? 1 : 0) + (parsed.GetValue(members) ? 1 : 0) + (parsed.GetValue(everybody) ? 1 : 0);
            if (asked > 1) throw new UserError(ExitCode.Usage, "`--team`, `--members` and `--everybody` exclude each other");
            using var market = await MarketCommand.OpenAsync(parsed, cancellationToken);
            var to = new NewVisibility { Teams = parsed.GetValue(everybody) ? null : [.. named] };
            var visibility = (PluginId.TryParse(name, out var id)
                ? await (asked == 0 ? market.Client.PluginVisibilityAsync(id, cancellationToken) : market.Client.SetPluginVisibilityAsync(id, to, cancellationToken))
                : await (asked == 0 ? market.Client.PublisherVisibilityAsync(name, cancellationToken) : market.Client.SetPublisherVisibilityAsync(name, to, cancellationToken))).OrThrow();
            if (parsed.GetValue(output) == OutputFormat.Json) Output.Json(visibility, ApiJson.Default.Visibility);
            else Console.WriteLine(Output.Printable($"{visibility.Subject} is seen by {Words(visibility.Teams)}"));
            return ExitCode.Ok;
        });
        return command;
    }

    private static string Words(ImmutableArray<string>? teams) => teams is not { } some ? "everybody" : some.IsEmpty ? "the members of its publisher" : $"the members of its publisher and {string.Join(", ", some)}";

    private static Command List()
    {
        var output = Output.Option();
        var command = new Command("list", "Shows your teams; all of them to administrators") { output }.ForMarket();
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var market = await MarketCommand.OpenAsync(parsed, cancellationToken);
            var list = (await market.Client.TeamsAsync(cancellationToken)).OrThrow();
            if (parsed.GetValue(output) == OutputFormat.Json) Output.Json(list, ApiJson.Default.TeamList);
            else if (list.Teams.IsEmpty) Console.Error.WriteLine("You are in no team.");
            else Output.Rows(["TEAM", "MEMBERS"], list.Teams.Select(team => (string[])[team.Name, string.Join(", ", team.Members)]));
            return ExitCode.Ok;
        });
        return command;
    }

    private static Command Change(string verb, string what, string done, Func<MarketClient, string, CancellationToken, Task<ApiResult<Done>>> ask)
    {
        var team = new Argument<string>("TEAM");
        var command = new Command(verb, what) { team }.ForMarket();
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var market = await MarketCommand.OpenAsync(parsed, cancellationToken);
            (await ask(market.Client, parsed.GetRequiredValue(team), cancellationToken)).OrThrow();
            Console.WriteLine(Output.Printable($"the team {parsed.GetRequiredValue(team)} {done}"));
            return ExitCode.Ok;
        });
        return command;
    }

    private static Command Member(string verb, string what, string done, Func<MarketClient, string, string, CancellationToken, Task<ApiResult<Done>>> ask)
    {
        var team = new Argument<string>("TEAM");
        var account = new Argument<string>("ACCOUNT");
        var command = new Command(verb, what) { team, account }.ForMarket();
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var market = await MarketCommand.OpenAsync(parsed, cancellationToken);
            (await ask(market.Client, parsed.GetRequiredValue(team), parsed.GetRequiredValue(account), cancellationToken)).OrThrow();
            Console.WriteLine(Output.Printable($"{parsed.GetRequiredValue(account)} {done} the team {parsed.GetRequiredValue(team)}"));
            return ExitCode.Ok;
        });
        return command;
    }
}
