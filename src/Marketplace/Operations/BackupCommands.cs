using System.CommandLine;
using LazyOC.Plugins.Contracts;

namespace LazyOC.Marketplace.Operations;

/// <summary><c>backup</c>, <c>restore</c> and <c>verify</c>.</summary>
internal static class BackupCommands
{
    public static Command Backup(Func<ParseResult, MarketOptions> place)
    {
        var target = new Argument<DirectoryInfo>("DIR") { Description = "Where to; must not be there yet. It holds the registry's key: keep it as secret" };
        var command = new Command("backup", "Copies the marketplace, which may be running meanwhile") { target };
        command.SetAction(async (parsed, cancellationToken) => Print(
            await Operations.Backup.MakeAsync(place(parsed), parsed.GetRequiredValue(target).FullName, cancellationToken), $"copied to {parsed.GetRequiredValue(target).FullName}"));
        return command;
    }

    public static Command Restore(Func<ParseResult, MarketOptions> place)
    {
        var source = new Argument<DirectoryInfo>("DIR") { Description = "A backup" };
        var command = new Command("restore", "Puts a backup in place, after a look at whether it is whole; the data folder must not be there yet, nor anything in the database") { source };
        command.SetAction(async (parsed, cancellationToken) => Print(
            await Operations.Backup.RestoreAsync(parsed.GetRequiredValue(source).FullName, place(parsed), cancellationToken), $"restored to {NameOf(place(parsed))}"));
        return command;
    }

    public static Command Verify(Func<ParseResult, MarketOptions> place)
    {
        var command = new Command("verify", "Compares every package with its digest in the records, and looks whether those are whole");
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var problems = await Operations.Backup.VerifyAsync(place(parsed), cancellationToken);
            if (problems.IsEmpty)
            {
                Console.WriteLine($"{NameOf(place(parsed))} is whole");
                return 0;
            }
            await Console.Error.WriteLineAsync($"error: {Problem.Join(problems)}");
            return 1;
        });
        return command;
    }

    /// <summary>What a marketplace is called that may have its records elsewhere; their address may have a password in it.</summary>
    private static string NameOf(MarketOptions market) => market is { Database: null, Storage: null } ? market.DataDirectory : $"the marketplace of {market.DataDirectory}";

    private static int Print(Outcome<BackupReport> outcome, string done)
    {
        if (outcome.TryGet(out var report, out var problems))
        {
            Console.WriteLine($"{report.Packages:N0} packages, {ByteSize.Format(report.Bytes)}, are {done}");
            return 0;
        }
        Console.Error.WriteLine($"error: {Problem.Join(problems)}");
        return 1;
    }
}
