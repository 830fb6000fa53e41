using System.CommandLine;
using LazyOC.Cli.Installing;
using LazyOC.Marketplace.Protocol.Api;

namespace LazyOC.Cli.Commands.Market;

/// <summary><c>market publisher domain</c>: domains that are shown to be a publisher's.</summary>
internal static class DomainCommand
{
    public static Command Create()
    {
        var command = new Command("domain", "Shows that a domain is a publisher's");
        command.Subcommands.Add(List());
        command.Subcommands.Add(Of("add", "Says what has to stand where on the domain's web site", async (client, publisher, domain, cancellationToken) =>
        {
            var added = (await client.AddDomainAsync(publisher, new NewDomain { Domain = domain }, cancellationToken)).OrThrow();
            Console.WriteLine(Output.Printable(added.Proof ?? ""));
            Console.Error.WriteLine(Output.Printable($"Put this line into the file at {added.ProofUrl}, then `lazyoc market publisher domain check {publisher} {domain}`."));
        }));
        command.Subcommands.Add(Of("check", "Has the marketplace look for it", async (client, publisher, domain, cancellationToken) =>
        {
            var found = (await client.CheckDomainAsync(publisher, domain, cancellationToken)).OrThrow();
            Console.WriteLine(Output.Printable($"{found.Domain} is verified"));
        }));
        command.Subcommands.Add(Of("remove", "Takes a domain back", async (client, publisher, domain, cancellationToken) =>
        {
            (await client.RemoveDomainAsync(publisher, domain, cancellationToken)).OrThrow();
            Console.WriteLine(Output.Printable($"{domain} is removed"));
        }));
        return command;
    }

    private static Argument<string> NameArgument() => new("PUBLISHER") { Description = "The part of plugin ids before the dot, such as acme" };

    private static Command List()
    {
        var name = NameArgument();
        var output = Output.Option();
        var command = new Command("list", "Shows the domains of a publisher") { name, output }.ForMarket();
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var market = await MarketCommand.OpenAsync(parsed, cancellationToken);
            var list = (await market.Client.DomainsAsync(parsed.GetRequiredValue(name), cancellationToken)).OrThrow();
            if (parsed.GetValue(output) == OutputFormat.Json) Output.Json(list, ApiJson.Default.DomainList);
            else if (list.Domains.IsEmpty) Console.Error.WriteLine("There is no domain.");
            else Output.Rows(["DOMAIN", "VERIFIED"], list.Domains.Select(domain => (string[])[domain.Domain, domain.Verified is { } at ? $"{at.ToLocalTime():yyyy-MM-dd}{(domain.IsVerified ? "" : ", to be checked again")}" : "no"]));
            return ExitCode.Ok;
        });
        return command;
    }

    private static Command Of(string verb, string description, Func<MarketClient, string, string, CancellationToken, Task> act)
    {
        var (name, domain) = (NameArgument(), new Argument<string>("DOMAIN") { Description = "Such as acme.example" });
        var command = new Command(verb, description) { name, domain }.ForMarket();
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var market = await MarketCommand.OpenAsync(parsed, cancellationToken);
            await act(market.Client, parsed.GetRequiredValue(name), parsed.GetRequiredValue(domain), cancellationToken);
            return ExitCode.Ok;
        });
        return command;
    }
}
