using System.CommandLine;
using LazyOC.Cli.Commands.Plugin;
using LazyOC.Cli.Installing;
using LazyOC.Marketplace.Protocol.Api;

namespace LazyOC.Cli.Commands.Market;

/// <summary><c>market second-factor</c>: codes of an authenticator app, without which a stolen password signs nobody in.</summary>
internal static class SecondFactorCommand
{
    public static Command Create()
    {
        var command = new Command("second-factor", "Has signing in to your account take a code of an authenticator app, too");
        command.Subcommands.Add(Show());
        command.Subcommands.Add(On());
        command.Subcommands.Add(WithCode("confirm", "Turns it on with the first code of your app, and shows your recovery codes, once", ConfirmAsync));
        command.Subcommands.Add(WithCode("codes", "Makes new recovery codes in the place of the old ones", async (client, code, cancellationToken) => Print((await client.RenewRecoveryCodesAsync(code, cancellationToken)).OrThrow())));
        command.Subcommands.Add(WithCode("off", "Turns it off", async (client, code, cancellationToken) =>
        {
            (await client.RemoveSecondFactorAsync(code, cancellationToken)).OrThrow();
            Console.WriteLine("the second factor is off");
        }));
        return command;
    }

    private static Command Show()
    {
        var output = Output.Option();
        var command = new Command("show", "Says whether it is on, and how many recovery codes are left") { output }.ForMarket();
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var market = await MarketCommand.OpenAsync(parsed, cancellationToken);
            var info = (await market.Client.SecondFactorAsync(cancellationToken)).OrThrow();
            if (parsed.GetValue(output) == OutputFormat.Json) Output.Json(info, ApiJson.Default.SecondFactorInfo);
            else Console.WriteLine(info.Since is { } since ? $"on since {since.ToLocalTime():yyyy-MM-dd}, {info.RecoveryCodes} recovery codes left" : "off; `lazyoc market second-factor on` turns it on");
            return ExitCode.Ok;
        });
        return command;
    }

    private static Command On()
    {
        var command = new Command(
            "on",
            """
            Shows a secret for your authenticator app, and asks for the code that the app makes of it. Without a terminal, send the
            code with `confirm`.

            Example:
              lazyoc market second-factor on
            """).ForMarket();
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var market = await MarketCommand.OpenAsync(parsed, cancellationToken);
            var enrolment = (await market.Client.EnrolSecondFactorAsync(cancellationToken)).OrThrow();
            Console.WriteLine($"secret: {Output.Printable(enrolment.Secret)}");
            Console.WriteLine(Output.Printable(enrolment.Uri));
            if (Console.IsInputRedirected)
            {
                Console.Error.WriteLine("It is not on yet; `lazyoc market second-factor confirm CODE` turns it on.");
                return ExitCode.Ok;
            }
            var code = await SecretInput.ReadAsync("Code that your app shows", isSecret: false, cancellationToken);
            await ConfirmAsync(market.Client, new SecondFactorCode { Code = code }, cancellationToken);
            return ExitCode.Ok;
        });
        return command;
    }

    private static Command WithCode(string verb, string description, Func<MarketClient, SecondFactorCode, CancellationToken, Task> act)
    {
        var code = new Argument<string>("CODE") { Description = "Of your app, or a recovery code" };
        var command = new Command(verb, description) { code }.ForMarket();
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var market = await MarketCommand.OpenAsync(parsed, cancellationToken);
            await act(market.Client, new SecondFactorCode { Code = parsed.GetRequiredValue(code) }, cancellationToken);
            return ExitCode.Ok;
        });
        return command;
    }

    private static async Task ConfirmAsync(MarketClient client, SecondFactorCode code, CancellationToken cancellationToken)
    {
        Print((await client.ConfirmSecondFactorAsync(code, cancellationToken)).OrThrow());
        Console.Error.WriteLine("The second factor is on, and your other sessions are over. Keep these codes where you find them without your phone.");
    }

    private static void Print(RecoveryCodes codes)
    {
        foreach (var code in codes.Codes) Console.WriteLine(Output.Printable(code));
    }
}
