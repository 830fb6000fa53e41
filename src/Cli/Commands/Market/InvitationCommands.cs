using System.CommandLine;
using LazyOC.Cli.Installing;
using LazyOC.Marketplace.Protocol.Api;

namespace LazyOC.Cli.Commands.Market;

/// <summary><c>market publisher invite|uninvite</c> and <c>market invitations</c>: who is asked to work for a publisher, and what he says to it.</summary>
internal static class InvitationCommands
{
    public static Command Invite()
    {
        var (name, account) = (NameArgument(), new Argument<string>("ACCOUNT"));
        var role = new Argument<string>("ROLE") { Description = "`owner`, `maintainer` or `reviewer`" };
        role.AcceptOnlyFromAmong("owner", "maintainer", "reviewer");
        var transfer = new Option<bool>("--transfer") { Description = "You leave the publisher when it is accepted" };
        var output = Output.Option();
        var command = new Command(
            "invite",
            """
            Invites an account to work for a publisher; it becomes a member by accepting. With --transfer it takes your place as an
            owner.

            Examples:
              lazyoc market publisher invite acme bert maintainer
              lazyoc market publisher invite acme carla owner --transfer
            """) { name, account, role, transfer, output }.ForMarket();
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var market = await MarketCommand.OpenAsync(parsed, cancellationToken);
            var asked = new NewInvitation { Account = parsed.GetRequiredValue(account), Role = Enum.Parse<PublisherRole>(parsed.GetRequiredValue(role), ignoreCase: true), IsTransfer = parsed.GetValue(transfer) };
            var invitation = (await market.Client.InviteAsync(parsed.GetRequiredValue(name), asked, cancellationToken)).OrThrow();
            if (parsed.GetValue(output) == OutputFormat.Json) Output.Json(invitation, ApiJson.Default.Invitation);
            else Console.WriteLine(Output.Printable($"{invitation.Account} is invited until {invitation.Expires.ToLocalTime():yyyy-MM-dd}"));
            return ExitCode.Ok;
        });
        return command;
    }

    public static Command Uninvite()
    {
        var (name, account) = (NameArgument(), new Argument<string>("ACCOUNT"));
        var command = new Command("uninvite", "Takes an invitation back that nobody has accepted") { name, account }.ForMarket();
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var market = await MarketCommand.OpenAsync(parsed, cancellationToken);
            (await market.Client.WithdrawInvitationAsync(parsed.GetRequiredValue(name), parsed.GetRequiredValue(account), cancellationToken)).OrThrow();
            Console.WriteLine(Output.Printable($"{parsed.GetRequiredValue(account)} is not invited any more"));
            return ExitCode.Ok;
        });
        return command;
    }

    public static Command Own()
    {
        var command = new Command("invitations", "Shows who invites you to work for a publisher, and says what you make of it");
        command.Subcommands.Add(List());
        command.Subcommands.Add(Answer("accept", "Becomes a member", async (client, id, cancellationToken) =>
        {
            var membership = (await client.AcceptInvitationAsync(id, cancellationToken)).OrThrow();
            Console.WriteLine(Output.Printable($"you are {membership.Role.ToString().ToLowerInvariant()} of {membership.Publisher}"));
        }));
        command.Subcommands.Add(Answer("decline", "Declines an invitation", async (client, id, cancellationToken) =>
        {
            (await client.DeclineInvitationAsync(id, cancellationToken)).OrThrow();
            Console.WriteLine("declined");
        }));
        return command;
    }

    private static Argument<string> NameArgument() => new("PUBLISHER") { Description = "The part of plugin ids before the dot, such as acme" };

    private static Command List()
    {
        var of = new Option<string?>("--publisher") { Description = "Those that a publisher of yours has made", HelpName = "PUBLISHER" };
        var output = Output.Option();
        var command = new Command("list", "Shows your invitations") { of, output }.ForMarket();
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var market = await MarketCommand.OpenAsync(parsed, cancellationToken);
            var list = (await (parsed.GetValue(of) is { } publisher ? market.Client.InvitedAsync(publisher, cancellationToken) : market.Client.InvitationsAsync(cancellationToken))).OrThrow();
            if (parsed.GetValue(output) == OutputFormat.Json) Output.Json(list, ApiJson.Default.InvitationList);
            else if (list.Invitations.IsEmpty) Console.Error.WriteLine("There is no invitation.");
            else Output.Rows(["ID", "PUBLISHER", "ACCOUNT", "ROLE", "INVITED BY", "EXPIRES"], list.Invitations.Select(invitation => (string[])
            [
                invitation.Id, invitation.Publisher, invitation.Account, invitation.Role.ToString().ToLowerInvariant() + (invitation.IsTransfer ? ", transfer" : ""), invitation.InvitedBy, $"{invitation.Expires.ToLocalTime():yyyy-MM-dd}",
            ]));
            return ExitCode.Ok;
        });
        return command;
    }

    private static Command Answer(string verb, string description, Func<MarketClient, string, CancellationToken, Task> act)
    {
        var id = new Argument<string>("ID") { Description = "As `lazyoc market invitations list` shows it" };
        var command = new Command(verb, description) { id }.ForMarket();
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var market = await MarketCommand.OpenAsync(parsed, cancellationToken);
            await act(market.Client, parsed.GetRequiredValue(id), cancellationToken);
            return ExitCode.Ok;
        });
        return command;
    }
}
