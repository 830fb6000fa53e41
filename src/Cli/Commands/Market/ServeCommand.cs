using System.CommandLine;
using System.Globalization;

namespace LazyOC.Cli.Commands.Market;

/// <summary><c>market serve</c>.</summary>
internal static class ServeCommand
{
    public static Command Create()
    {
        var port = new Option<int?>("--port", "-p") { Description = "Port; 7420 when absent, 0 for any that is free", HelpName = "P" };
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
        Option[] passedOn =
        [
            new Option<string?>("--policy") { Description = "What is laid down for users: which plugins they may install", HelpName = "FILE" },
            new Option<string?>("--listen") { Description = "Address that it listens on; this machine only when absent. In a container 0.0.0.0, behind something that speaks TLS", HelpName = "ADDRESS" },
            new Option<string[]>("--proxy") { Description = "Network of the proxies before it, in CIDR notation: what they say of who asks is believed", HelpName = "CIDR" },
            new Option<string?>("--log-format") { Description = "`text` or `json`", HelpName = "FORMAT" },
            new Option<string?>("--region") { Description = "Where this node is, such as `eu-west`: downloads are counted by it", HelpName = "REGION" },
            new Option<int?>("--drain") { Description = "How many seconds it goes on answering after it was asked to stop, and says that it is not ready", HelpName = "SECONDS" },
            new Option<string?>("--upstream") { Description = "Address of a registry whose plugins are passed on when they are asked for", HelpName = "URL" },
            new Option<string[]>("--upstream-fingerprint") { Description = "Fingerprint of the upstream's key, from those who keep it; more than one when more have to sign", HelpName = "FINGERPRINT" },
            new Option<string[]>("--upstream-allow") { Description = "Plugins that are passed on: acme, acme.charts, acme-*, acme.charts@^1.2; all when absent", HelpName = "PLUGINS" },
            new Option<string[]>("--upstream-deny") { Description = "Plugins that are not passed on, whatever is allowed", HelpName = "PLUGINS" },
            new Option<string[]>("--upstream-network") { Description = "A network that is not public and that the upstream may send the server to, in CIDR notation", HelpName = "CIDR" },
        ];
        var frozen = new Option<bool>("--upstream-frozen") { Description = "Do not ask the upstream: serve what is stored, and nothing else" };
        var command = new Command(
            "serve",
            """
            Runs a marketplace: accounts, publishing with checks, search, reviews, and a registry that plugins are installed from.
            It prints its address and the fingerprint of its key. Put a proxy with TLS before it where others are to reach it.

            Examples:
              lazyoc market serve --seed-demo
              lazyoc market serve --port 8080 --data /srv/market --name "Our plugins" --private
              lazyoc market serve --data /srv/market --database postgres://market@db.example.com/market --storage "s3://plugins?endpoint=https://s3.example.com"
              lazyoc market serve --upstream https://plugins.example.com --upstream-fingerprint 3f1a-… --upstream-allow 'acme-*'
            """) { port, data, database, storage, nodes, name, isPrivate, noCooldown, privateWebhooks, advisories, oauth, seed, frozen };
        foreach (var option in passedOn) command.Options.Add(option);
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
            foreach (var option in passedOn)
                foreach (var value in parsed.GetResult(option)?.Tokens ?? []) Add(option.Name, value.Value);
            if (parsed.GetValue(frozen)) arguments.Add("--upstream-frozen");
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
