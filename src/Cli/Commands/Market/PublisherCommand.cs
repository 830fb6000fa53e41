using System.CommandLine;
using LazyOC.Cli.Commands.Keys;
using LazyOC.Cli.Installing;
using LazyOC.Marketplace.Protocol.Api;

namespace LazyOC.Cli.Commands.Market;

/// <summary><c>market publisher</c>: the name before the dot of one's plugins, who works for it, and the keys it signs with.</summary>
internal static class PublisherCommand
{
    public static Command Create()
    {
        var command = new Command("publisher", "Makes publishers, and says who works for them and which keys they sign with");
        command.Subcommands.Add(New());
        command.Subcommands.Add(Show());
        command.Subcommands.Add(AddKey());
        command.Subcommands.Add(RevokeKey());
        command.Subcommands.Add(Member());
        command.Subcommands.Add(InvitationCommands.Invite());
        command.Subcommands.Add(InvitationCommands.Uninvite());
        command.Subcommands.Add(DomainCommand.Create());
        command.Subcommands.Add(ApprovalCommand.Create());
        return command;
    }

    private static Argument<string> NameArgument() => new("PUBLISHER") { Description = "The part of plugin ids before the dot, such as acme" };

    private static Command New()
    {
        var name = NameArgument();
        var display = new Option<string?>("--display-name") { Description = "What people see; the name when absent", HelpName = "TEXT" };
        var output = Output.Option();
        var command = new Command(
            "new",
            """
            Takes a publisher's name; you are its owner.

            Example:
              lazyoc market publisher new acme --display-name "Acme Corp"
            """) { name, display, output }.ForMarket();
        command.SetAction((parsed, cancellationToken) => ChangeAsync(
            parsed, output, client => client.CreatePublisherAsync(new NewPublisher { Name = parsed.GetRequiredValue(name), DisplayName = parsed.GetValue(display) }, cancellationToken), cancellationToken));
        return command;
    }

    private static Command Show()
    {
        var name = NameArgument();
        var output = Output.Option();
        var command = new Command("show", "Shows a publisher: its members, keys and plugins") { name, output }.ForMarket();
        command.SetAction((parsed, cancellationToken) => ChangeAsync(parsed, output, client => client.PublisherAsync(parsed.GetRequiredValue(name), cancellationToken), cancellationToken));
        return command;
    }

    private static Command AddKey()
    {
        var name = NameArgument();
        var key = new Argument<string>("KEY") { Description = "Its name in `lazyoc keys list`" };
        var output = Output.Option();
        var command = new Command(
            "add-key",
            """
            Lets a publisher's packages be signed with a key. Its public half goes to the marketplace, which lists it for everybody.

            Example:
              lazyoc market publisher add-key acme default
            """) { name, key, output }.ForMarket();
        command.SetAction((parsed, cancellationToken) =>
        {
            var stored = KeysCommand.Find(KeysCommand.Files(), parsed.GetRequiredValue(key));
            return ChangeAsync(parsed, output, client => client.AddKeyAsync(parsed.GetRequiredValue(name), new NewAuthorKey { Key = stored.PublicKey, Comment = stored.Name }, cancellationToken), cancellationToken);
        });
        return command;
    }

    private static Command RevokeKey()
    {
        var name = NameArgument();
        var key = new Argument<string>("KEY") { Description = "Its name in `lazyoc keys list`" };
        var reason = new Option<string>("--reason") { Description = "Shown to everybody who has trusted it", HelpName = "TEXT", Required = true };
        var output = Output.Option();
        var command = new Command(
            "revoke-key",
            """
            Says that a key is not to be trusted any more. Plugins that were signed with it stop running everywhere; it is not taken
            back.

            Example:
              lazyoc market publisher revoke-key acme laptop --reason "the laptop was stolen"
            """) { name, key, reason, output }.ForMarket();
        command.SetAction((parsed, cancellationToken) =>
        {
            var stored = KeysCommand.Find(KeysCommand.Files(), parsed.GetRequiredValue(key));
            return ChangeAsync(parsed, output, client => client.RevokeKeyAsync(parsed.GetRequiredValue(name), stored.PublicKey.Id, new Reason { Text = parsed.GetRequiredValue(reason) }, cancellationToken), cancellationToken);
        });
        return command;
    }

    private static Command Member()
    {
        var name = NameArgument();
        var account = new Argument<string>("ACCOUNT");
        var role = new Argument<string>("ROLE") { Description = "`owner`, `maintainer`, `reviewer`, or `none`" };
        role.AcceptOnlyFromAmong("owner", "maintainer", "reviewer", "none");
        var output = Output.Option();
        var command = new Command(
            "member",
            """
            Gives a member another role, or none: owners decide about members and keys, maintainers publish, reviewers see what is not
            public yet and answer reviews. `invite` asks somebody to become one.

            Examples:
              lazyoc market publisher member acme bert maintainer
              lazyoc market publisher member acme bert none
            """) { name, account, role, output }.ForMarket();
        command.SetAction((parsed, cancellationToken) => ChangeAsync(parsed, output, async client =>
        {
            var (publisher, who) = (parsed.GetRequiredValue(name), parsed.GetRequiredValue(account));
            if (parsed.GetRequiredValue(role) != "none") return await client.SetMemberAsync(publisher, who, new MemberRole { Role = Enum.Parse<PublisherRole>(parsed.GetRequiredValue(role), ignoreCase: true) }, cancellationToken);
            (await client.RemoveMemberAsync(publisher, who, cancellationToken)).OrThrow();
            return await client.PublisherAsync(publisher, cancellationToken);
        }, cancellationToken));
        return command;
    }

    private static async Task<int> ChangeAsync(ParseResult parsed, Option<OutputFormat> output, Func<MarketClient, Task<ApiResult<PublisherInfo>>> ask, CancellationToken cancellationToken)
    {
        using var market = await MarketCommand.OpenAsync(parsed, cancellationToken);
        var publisher = (await ask(market.Client)).OrThrow();
        if (parsed.GetValue(output) == OutputFormat.Json) Output.Json(publisher, ApiJson.Default.PublisherInfo);
        else foreach (var line in Lines(publisher)) Console.WriteLine(Output.Printable(line));
        return ExitCode.Ok;
    }

    private static IEnumerable<string> Lines(PublisherInfo publisher)
    {
        yield return publisher.DisplayName == publisher.Name ? publisher.Name : $"{publisher.Name}: {publisher.DisplayName}";
        if (publisher.NeedsApproval) yield return "  versions wait for a second owner";
        foreach (var member in publisher.Members) yield return $"  {member.Account}, {member.Role.ToString().ToLowerInvariant()}";
        foreach (var key in publisher.Keys) yield return $"  key {key.Fingerprint}{(key.Comment.Length > 0 ? $" ({key.Comment})" : "")}{(key.Revoked is { } reason ? $", revoked: {reason}" : key.ReplacedBy is null ? "" : ", replaced")}";
        foreach (var plugin in publisher.Plugins) yield return $"  {plugin.Id} {plugin.Version}";
    }
}
