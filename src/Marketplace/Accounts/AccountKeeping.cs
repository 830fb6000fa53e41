using System.CommandLine;
using LazyOC.Marketplace.Data;
using LazyOC.Plugins.Contracts;

namespace LazyOC.Marketplace.Accounts;

/// <summary>What those who keep a marketplace do for accounts, on its data folder.</summary>
internal static class AccountKeeping
{
    public static Command ForgetSecondFactor(Func<ParseResult, MarketOptions> place)
    {
        var account = new Argument<string>("ACCOUNT") { Description = "Name of an account" };
        var command = new Command("forget-second-factor", "Turns the second factor off of somebody who has lost it and the recovery codes; see first that it is he who asks") { account };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            if (!Database.Open(place(parsed), MarketLimits.Default).TryGet(out var database, out var problems))
            {
                await Console.Error.WriteLineAsync($"error: {Problem.Join(problems)}");
                return 1;
            }
            using var open = database;
            await Migration.ApplyAsync(database, TimeProvider.System, cancellationToken);
            if (await SecondFactors.ForgetAsync(database, TimeProvider.System, parsed.GetRequiredValue(account), cancellationToken)) return 0;
            await Console.Error.WriteLineAsync($"error: there is no account `{parsed.GetRequiredValue(account)}` with a second factor");
            return 1;
        });
        return command;
    }
}
