using System.CommandLine;
using System.Globalization;

namespace LazyOC.Cli.Commands.Market;

/// <summary><c>market serve</c>.</summary>
internal static class ServeCommand
{
    public static Command Create()
    {
        var port = new Option<int?>("--port", "-p") { Description = "Port on the loopback interface; 7420 when absent, 0 for any that is free", HelpName = "P" };
        var data = new Option<DirectoryInfo?>("--data", "-d") { Description = "Folder for records, packages and the registry's key; market-data when absent", HelpName = "DIR" };
        var (database, storage) = (PlaceOptions.Database(), PlaceOptions.Storage());
        var nodes = new Option<int?>("--nodes") { Description = "How many nodes there are: each lets its part of the requests through that one may make; 1 when absent", HelpName = "N" };
        var name = new Option<string?>("--name") { Description = "What the registry is called", HelpName = "NAME" };
        var isPrivate = new Option<bool>("--private") { Description = "Reading takes a token, too" };
        var noCooldown = new Option<bool>("--no-cooldown") { Description = "Updates that may do much are chosen at once" };
        var privateWebhooks = new Option<bool>("--allow-private-webhooks") { Description = "Webhooks may go to private networks and this machine, and without TLS" };
        var advisories = new Option<DirectoryInfo?>("--advisories") { Description = "Folder of advisories in the OSV format, which dependencies of packages are held against", HelpName = "DIR" };
        var oauth = new Option<FileInfo?>("--oauth") { Description = "File that names where else people may sign in: GitHub, OpenShift or another provider", HelpName = "FILE" };
        var seed = new Option<bool>("--seed-demo") { Description = "Publish the demo's plugins there first, to have something to look at" };
        var command = new Command(
            "serve",
            """
            Runs a marketplace: accounts, publishing with checks, search, reviews, and a registry that plugins are installed from.
            It prints its address and the fingerprint of its key. Put a proxy with TLS before it where others are to reach it.

            Examples:
              lazyoc market serve --seed-demo
              lazyoc market serve --port 8080 --data /srv/market --name "Our plugins" --private
              lazyoc market serve --data /srv/market --database postgres://market@db.example.com/market --storage "s3://plugins?endpoint=https://s3.example.com"
            """) { port, data, database, storage, nodes, name, isPrivate, noCooldown, privateWebhooks, advisories, oauth, seed };
        command.SetAction((parsed, cancellationToken) =>
        {
            var arguments = new List<string>();
            Add("--port", parsed.GetValue(port)?.ToString(CultureInfo.InvariantCulture));
            Add("--data", parsed.GetValue(data)?.FullName);
            Add("--database", parsed.GetValue(database));
            Add("--storage", parsed.GetValue(storage));
            Add("--nodes", parsed.GetValue(nodes)?.ToString(CultureInfo.InvariantCulture));
            Add("--name", parsed.GetValue(name));
            Add("--advisories", parsed.GetValue(advisories)?.FullName);
            Add("--oauth", parsed.GetValue(oauth)?.FullName);
            if (parsed.GetValue(isPrivate)) arguments.Add("--private");
            if (parsed.GetValue(noCooldown)) arguments.Add("--no-cooldown");
            if (parsed.GetValue(privateWebhooks)) arguments.Add("--allow-private-webhooks");
            if (parsed.GetValue(seed)) Add("--seed", Path.Combine(AppContext.BaseDirectory, "demo-plugins"));
            return MarketProgram.RunAsync(arguments, cancellationToken);

            void Add(string option, string? value)
            {
                if (value is not null) arguments.AddRange([option, value]);
            }
        });
        return command;
    }
}
