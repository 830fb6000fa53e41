using System.CommandLine;
using LazyOC.Cli.Commands.Plugin;
using LazyOC.Cli.Installing;
using LazyOC.Marketplace.Protocol.Api;

namespace LazyOC.Cli.Commands.Market;

/// <summary>One's account on a marketplace. The session is kept as the registry's token, readable by its user only.</summary>
internal static class AccountCommands
{
    public static Command Register() => WithPassword(
        "register",
        """
        Makes an account on a marketplace and signs in. The password is asked for, or read from standard input.

        Examples:
          lazyoc market register anna
          lazyoc market register anna --registry corp < password
        """,
        static (client, credentials, cancellationToken) => client.RegisterAsync(credentials, cancellationToken),
        "is registered");

    public static Command Login()
    {
        var code = new Option<string?>("--code") { Description = "Of your second factor, or a recovery code; asked for when it takes one and there is a terminal", HelpName = "CODE" };
        return WithPassword(
            "login",
            """
            Signs in to a marketplace. The password is asked for, or read from standard input.

            Examples:
              lazyoc market login anna
              lazyoc market login anna --code 492039 < password
            """,
            static async (client, credentials, cancellationToken) =>
            {
                var session = await client.SignInAsync(credentials, cancellationToken);
                if (credentials.Code is not null || session.Problem?.Kind != ProblemTypes.SecondFactor || Console.IsInputRedirected) return session;
                var typed = await SecretInput.ReadAsync("Code of your second factor", isSecret: false, cancellationToken);
                return await client.SignInAsync(credentials with { Code = typed }, cancellationToken);
            },
            "is signed in",
            code);
    }

    public static Command Logout()
    {
        var command = new Command("logout", "Ends the session, and forgets it").ForMarket();
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var market = await MarketCommand.OpenAsync(parsed, cancellationToken);
            RequireKnown(market);
            var ended = await market.Client.SignOutAsync(cancellationToken);
            Registries.Here().KeepToken(market.Name, null);
            // One that has expired is as good as ended.
            if (!ended.TryGet(out _, out var problem) && problem.Kind != ProblemTypes.Unauthenticated) ended.OrThrow();
            Console.WriteLine($"signed out of {Output.Printable(market.Name)}");
            return ExitCode.Ok;
        });
        return command;
    }

    public static Command WhoAmI()
    {
        var output = Output.Option();
        var command = new Command("whoami", "Shows the account that is signed in, and the publishers it works for") { output }.ForMarket();
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var market = await MarketCommand.OpenAsync(parsed, cancellationToken);
            var account = (await market.Client.AccountAsync(cancellationToken)).OrThrow();
            if (parsed.GetValue(output) == OutputFormat.Json) Output.Json(account, ApiJson.Default.AccountInfo);
            else
            {
                Console.WriteLine(Output.Printable($"{account.Name} on {market.Name}{(account.Role == SiteRole.User ? "" : $", {account.Role.ToString().ToLowerInvariant()}")}"));
                foreach (var publisher in account.Publishers) Console.WriteLine(Output.Printable($"  {publisher.Publisher}: {publisher.Role.ToString().ToLowerInvariant()}"));
            }
            return ExitCode.Ok;
        });
        return command;
    }

    /// <summary>A session is kept under a registry's name.</summary>
    private static void RequireKnown(Markets.Market market)
    {
        if (Registries.Here().Read().Registries.All(entry => entry.Name != market.Name))
            throw new UserError(ExitCode.Refused, $"{market.Name} is not among your registries, so no session can be kept for it", $"`lazyoc registry add {market.Name} --fingerprint …` adds it");
    }

    private static Command WithPassword(string verb, string description, Func<MarketClient, Credentials, CancellationToken, Task<ApiResult<Session>>> ask, string done, Option<string?>? code = null)
    {
        var name = new Argument<string>("NAME") { Description = "Name of the account" };
        var command = new Command(verb, description) { name }.ForMarket();
        if (code is not null) command.Options.Add(code);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var market = await MarketCommand.OpenAsync(parsed, cancellationToken);
            RequireKnown(market);
            var password = await SecretInput.ReadAsync("Password", isSecret: true, cancellationToken);
            var session = (await ask(market.Client, new Credentials { Name = parsed.GetRequiredValue(name), Password = password, Code = code is null ? null : parsed.GetValue(code) }, cancellationToken)).OrThrow();
            Registries.Here().KeepToken(market.Name, session.Token);
            Console.WriteLine(Output.Printable($"{session.Account.Name} {done} on {market.Name}, until {session.Expires.ToLocalTime():yyyy-MM-dd}"));
            return ExitCode.Ok;
        });
        return command;
    }
}
