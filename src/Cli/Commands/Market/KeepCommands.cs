using System.CommandLine;

namespace LazyOC.Cli.Commands.Market;

/// <summary>What who runs a marketplace does beside: <c>market backup|restore|verify</c>.</summary>
internal static class KeepCommands
{
    public static IEnumerable<Command> Create()
    {
        yield return Of(
            "backup", "DIR", "Where to; must not be there yet. It holds the registry's key: keep it as secret",
            """
            Copies a marketplace, which may be running meanwhile.

            Example:
              lazyoc market backup /backup/market-2026-11-27 --data /srv/market
            """);
        yield return Of(
            "restore", "DIR", "A backup",
            """
            Puts a backup in place, after a look at whether it is whole. Nothing may be there yet.

            Example:
              lazyoc market restore /backup/market-2026-11-27 --data /srv/market
            """);
        yield return Of(
            "verify", null, "",
            """
            Compares every package of a marketplace with its digest, and looks whether its records are whole.

            Example:
              lazyoc market verify --data /srv/market
            """);
    }

    /// <summary><c>market import</c>.</summary>
    public static Command Import()
    {
        var data = new Option<DirectoryInfo?>("--data", "-d") { Description = "The marketplace's folder; market-data when absent", HelpName = "DIR" };
        var folder = new Argument<DirectoryInfo>("DIR") { Description = "A registry's root, as `lazyoc market export-static` makes it" };
        var fingerprints = new Option<string[]>("--fingerprint") { Description = "Fingerprint of its key, from those who have made it; more than one when more have to have signed", HelpName = "FINGERPRINT", Required = true };
        var command = new Command(
            "import",
            """
            Takes a registry in that came as a folder, into a network that reaches no other. Everything in it is verified first; it is
            served with the marketplace's own signature beside the authors'.

            Example:
              lazyoc market import /media/disk/plugins --fingerprint 3f1a-… --data /srv/market
            """) { folder, fingerprints, data };
        command.SetAction((parsed, cancellationToken) =>
        {
            var arguments = new List<string>();
            if (parsed.GetValue(data) is { } given) arguments.AddRange(["--data", given.FullName]);
            arguments.AddRange(["import", parsed.GetRequiredValue(folder).FullName]);
            foreach (var fingerprint in parsed.GetRequiredValue(fingerprints)) arguments.AddRange(["--fingerprint", fingerprint]);
            return MarketProgram.RunAsync(arguments, cancellationToken);
        });
        return command;
    }

    private static Command Of(string verb, string? name, string what, string description)
    {
        var data = new Option<DirectoryInfo?>("--data", "-d") { Description = "The marketplace's folder; market-data when absent", HelpName = "DIR" };
        var (database, storage) = (PlaceOptions.Database(), PlaceOptions.Storage());
        var command = new Command(verb, description) { data, database, storage };
        var folder = name is null ? null : new Argument<DirectoryInfo>(name) { Description = what };
        if (folder is not null) command.Arguments.Add(folder);
        command.SetAction((parsed, cancellationToken) =>
        {
            var arguments = new List<string>();
            if (parsed.GetValue(data) is { } given) arguments.AddRange(["--data", given.FullName]);
            if (parsed.GetValue(database) is { } records) arguments.AddRange(["--database", records]);
            if (parsed.GetValue(storage) is { } packages) arguments.AddRange(["--storage", packages]);
            arguments.Add(verb);
            if (folder is not null) arguments.Add(parsed.GetRequiredValue(folder).FullName);
            return MarketProgram.RunAsync(arguments, cancellationToken);
        });
        return command;
    }
}
