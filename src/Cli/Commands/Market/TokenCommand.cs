using System.CommandLine;
using LazyOC.Cli.Installing;
using LazyOC.Marketplace.Protocol.Api;

namespace LazyOC.Cli.Commands.Market;

/// <summary><c>market token</c>: tokens for programs, each good for little.</summary>
internal static class TokenCommand
{
    public static Command Create()
    {
        var command = new Command("token", "Makes tokens for programs, such as a build that publishes");
        command.Subcommands.Add(New());
        command.Subcommands.Add(List());
        command.Subcommands.Add(Revoke());
        return command;
    }

    private static Command New()
    {
        var name = new Argument<string>("NAME") { Description = "What it is for" };
        var scopes = new Option<string[]>("--scope") { Description = "What it is good for: read, publish, yank, review, owner or moderate; may be given more than once", HelpName = "SCOPE", Required = true };
        scopes.AcceptOnlyFromAmong("read", "publish", "yank", "review", "owner", "moderate");
        var plugins = new Option<string>("--plugins") { Description = "The plugins it is for, a glob", HelpName = "GLOB", DefaultValueFactory = _ => "*" };
        var days = new Option<int?>("--days") { Description = "Days until it expires; the marketplace's longest time when absent", HelpName = "N" };
        var networks = new Option<string[]>("--network") { Description = "A network that it may be used from, in CIDR notation; everywhere when absent", HelpName = "CIDR" };
        var output = Output.Option();
        var command = new Command(
            "new",
            """
            Makes a token and prints it, once.

            Examples:
              lazyoc market token new ci --scope publish --plugins 'acme.*' --days 90
              lazyoc market token new readers --scope read --network 10.0.0.0/8
            """) { name, scopes, plugins, days, networks, output }.ForMarket();
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var market = await MarketCommand.OpenAsync(parsed, cancellationToken);
            var asked = new NewToken
            {
                Name = parsed.GetRequiredValue(name),
                Scopes = [.. parsed.GetRequiredValue(scopes).Distinct().Select(scope => Enum.Parse<TokenScope>(scope, ignoreCase: true))],
                Plugins = parsed.GetRequiredValue(plugins),
                Days = parsed.GetValue(days),
                Networks = [.. parsed.GetValue(networks) ?? []],
            };
            var created = (await market.Client.CreateTokenAsync(asked, cancellationToken)).OrThrow();
            if (parsed.GetValue(output) == OutputFormat.Json) Output.Json(created, ApiJson.Default.CreatedToken);
            else
            {
                Console.WriteLine(Output.Printable(created.Token));
                Console.Error.WriteLine(Output.Printable($"It is shown this once, and good until {created.Info.Expires.ToLocalTime():yyyy-MM-dd}. `LAZYOC_REGISTRY_TOKEN_{market.Name.Replace('-', '_').ToUpperInvariant()}` gives it to lazyoc."));
            }
            return ExitCode.Ok;
        });
        return command;
    }

    private static Command List()
    {
        var output = Output.Option();
        var command = new Command("list", "Shows your tokens, and when each was used last") { output }.ForMarket();
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var market = await MarketCommand.OpenAsync(parsed, cancellationToken);
            var list = (await market.Client.TokensAsync(cancellationToken)).OrThrow();
            if (parsed.GetValue(output) == OutputFormat.Json) Output.Json(list, ApiJson.Default.TokenList);
            else if (list.Tokens.IsEmpty) Console.Error.WriteLine("There is no token; `lazyoc market token new` makes one.");
            else Output.Rows(["ID", "NAME", "SCOPES", "PLUGINS", "NETWORKS", "EXPIRES", "LAST USED"], list.Tokens.Select(token => (string[])
            [
                token.Id, token.Name, string.Join(',', token.Scopes.Select(scope => scope.ToString().ToLowerInvariant())), token.Plugins, token.Networks.IsEmpty ? "any" : string.Join(',', token.Networks),
                $"{token.Expires.ToLocalTime():yyyy-MM-dd}", token.LastUsed is { } used ? $"{used.ToLocalTime():yyyy-MM-dd HH:mm}" : "never",
            ]));
            return ExitCode.Ok;
        });
        return command;
    }

    private static Command Revoke()
    {
        var id = new Argument<string>("ID") { Description = "As `lazyoc market token list` shows it" };
        var command = new Command("revoke", "Makes a token good for nothing, at once") { id }.ForMarket();
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var market = await MarketCommand.OpenAsync(parsed, cancellationToken);
            (await market.Client.RevokeTokenAsync(parsed.GetRequiredValue(id), cancellationToken)).OrThrow();
            Console.WriteLine($"{Output.Printable(parsed.GetRequiredValue(id))} is revoked");
            return ExitCode.Ok;
        });
        return command;
    }
}
