using System.Collections.Immutable;
using System.CommandLine;
using System.Globalization;
using LazyOC.Marketplace.Accounts;
using LazyOC.Marketplace.Accounts.OAuth;
using LazyOC.Marketplace.Data;
using LazyOC.Marketplace.Generating;
using LazyOC.Marketplace.Mirror;
using LazyOC.Marketplace.Operations;
using LazyOC.Marketplace.Protocol;
using LazyOC.Marketplace.Protocol.Api;
using LazyOC.Marketplace.Publishing;
using LazyOC.Marketplace.Scanning;
using LazyOC.Marketplace.Scanning.Lookalikes;
using LazyOC.Marketplace.Scanning.Trials;
using LazyOC.Plugins.Contracts;

namespace LazyOC.Marketplace;

/// <summary>The command line of <c>lazyoc-market</c>.</summary>
internal static partial class MarketCommand
{
    private const int DefaultPort = 7420;

    private const int MaxNodes = 100;

    /// <summary>Opens a key that is encrypted; never an argument, which other users can see.</summary>
    private const string PassphraseVariable = "LAZYOC_MARKET_KEY_PASSPHRASE";

    /// <summary>The address of the database, which may have a password in it.</summary>
    private const string DatabaseVariable = "LAZYOC_MARKET_DATABASE";

    private const string StorageVariable = "LAZYOC_MARKET_STORAGE";

    public static RootCommand Create()
    {
        var port = new Option<int>("--port", "-p") { Description = "Port; 0 for any that is free", HelpName = "P", DefaultValueFactory = _ => DefaultPort };
        var data = new Option<DirectoryInfo>("--data", "-d") { Description = "Folder for records, packages and the registry's key; made when it is not there", HelpName = "DIR", DefaultValueFactory = _ => new DirectoryInfo("market-data"), Recursive = true };
        var database = new Option<string?>("--database") { Description = $"Address of a PostgreSQL database for the records, `postgres://USER@HOST/NAME`; else what {DatabaseVariable} says, else SQLite in the data folder", HelpName = "URL", Recursive = true };
        var storage = new Option<string?>("--storage") { Description = $"Address of a bucket for the packages, `s3://BUCKET/PREFIX?endpoint=URL&region=REGION`; else what {StorageVariable} says, else the data folder", HelpName = "URL", Recursive = true };
        var nodes = new Option<int>("--nodes") { Description = "How many nodes there are: each lets its part of the requests through that one may make", HelpName = "N", DefaultValueFactory = _ => 1 };
        nodes.Validators.Add(result =>
        {
            if (result.GetValue(nodes) is < 1 or > MaxNodes) result.AddError(string.Create(CultureInfo.InvariantCulture, $"--nodes is a number from 1 to {MaxNodes}"));
        });
        var name = new Option<string>("--name") { Description = "What the registry is called", HelpName = "NAME", DefaultValueFactory = _ => "LazyOC marketplace" };
        var isPrivate = new Option<bool>("--private") { Description = "Reading takes a token, too" };
        var noCooldown = new Option<bool>("--no-cooldown") { Description = "Updates that may do much are chosen at once" };
        var privateWebhooks = new Option<bool>("--allow-private-webhooks") { Description = "Webhooks may go to private networks and this machine, and without TLS" };
        var advisories = new Option<DirectoryInfo?>("--advisories") { Description = "Folder of advisories in the OSV format", HelpName = "DIR" };
        var oauth = new Option<FileInfo?>("--oauth") { Description = "File that names where else people may sign in", HelpName = "FILE" };
        var seed = new Option<DirectoryInfo?>("--seed") { Description = "Folder of packages to publish at the start, for a demonstration", HelpName = "DIR" };
        var unlimited = new Option<bool>("--no-rate-limits") { Description = "Counts no requests, for measurements on a machine of one's own", Hidden = true };
        var command = new RootCommand("Serves a marketplace of LazyOC plugins: accounts, publishing, checks, search, reviews") { port, data, database, storage, nodes, name, isPrivate, noCooldown, privateWebhooks, advisories, oauth, seed, unlimited };
        var policy = new Option<FileInfo?>("--policy") { Description = "What is laid down for users: which plugins they may install", HelpName = "FILE" };
        command.Options.Add(policy);
        MirrorCommands.AddTo(command);
        ServingOptions.AddTo(command);
        MarketOptions Place(ParseResult parsed) => new()
        {
            DataDirectory = parsed.GetRequiredValue(data).FullName,
            Database = parsed.GetValue(database) ?? Variable(DatabaseVariable),
            Storage = parsed.GetValue(storage) ?? Variable(StorageVariable),
        };
        command.SetAction((parsed, cancellationToken) => ServeAsync(
            ServingOptions.Read(parsed, parsed.GetValue(port), ReadPolicy(parsed.GetValue(policy), MirrorCommands.Read(parsed, Place(parsed) with
            {
                Nodes = parsed.GetValue(nodes),
                Name = parsed.GetRequiredValue(name),
                IsPrivate = parsed.GetValue(isPrivate),
                HasCooldown = !parsed.GetValue(noCooldown),
                AllowsPrivateWebhooks = parsed.GetValue(privateWebhooks),
                Advisories = parsed.GetValue(advisories)?.FullName,
                KeyPassphrase = Environment.GetEnvironmentVariable(PassphraseVariable),
            }))),
            parsed.GetValue(oauth),
            parsed.GetValue(unlimited) ? MarketLimits.Default.WithoutRates() : MarketLimits.Default,
            parsed.GetValue(seed),
            cancellationToken));
        command.Subcommands.Add(Account(Place));
        command.Subcommands.Add(Role(Place));
        command.Subcommands.Add(AccountKeeping.ForgetSecondFactor(Place));
        command.Subcommands.Add(BackupCommands.Backup(Place));
        command.Subcommands.Add(BackupCommands.Restore(Place));
        command.Subcommands.Add(BackupCommands.Verify(Place));
        command.Subcommands.Add(MirrorCommands.Import(parsed => Place(parsed) with { KeyPassphrase = Environment.GetEnvironmentVariable(PassphraseVariable) }));
        command.Subcommands.Add(GenerateCommand.Create(Place));
        command.Subcommands.Add(ScanCommand.Create());
        return command;
    }

    private static Outcome<MarketOptions> ReadPolicy(FileInfo? file, Outcome<MarketOptions> asked)
    {
        if (file is null || !asked.TryGet(out var options, out _)) return asked;
        if (!file.Exists || file.Length > RegistryLimits.Default.MaxPolicyBytes) return new Problem(file.FullName, file.Exists ? $"has {file.Length:N0} bytes; at most {RegistryLimits.Default.MaxPolicyBytes:N0} are allowed" : "is not there");
        return RegistryPolicy.Read(File.ReadAllBytes(file.FullName)).TryGet(out var policy, out var problems) ? options with { Policy = policy } : problems.Select(problem => problem.In(file.FullName)).ToImmutableArray();
    }

    private static Command Account(Func<ParseResult, MarketOptions> place)
    {
        var account = new Argument<string>("ACCOUNT") { Description = "Name of the account" };
        var command = new Command("account", "Makes an account; its password is read from standard input") { account };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            if (!Database.Open(place(parsed), MarketLimits.Default).TryGet(out var database, out var problems)) return Fail(problems);
            using var open = database;
            await Migration.ApplyAsync(database, TimeProvider.System, cancellationToken);
            var accounts = new AccountStore(database, TimeProvider.System, MarketLimits.Default);
            var password = await Console.In.ReadLineAsync(cancellationToken) ?? "";
            if ((await accounts.RegisterAsync(new Credentials { Name = parsed.GetRequiredValue(account), Password = password }, cancellationToken)).TryGet(out _, out var refusal)) return 0;
            await Console.Error.WriteLineAsync($"error: {refusal.Detail}");
            return 1;
        });
        return command;
    }

    private static Command Role(Func<ParseResult, MarketOptions> place)
    {
        var account = new Argument<string>("ACCOUNT") { Description = "Name of an account" };
        var role = new Argument<SiteRole>("ROLE") { Description = "`user`, `moderator` or `admin`" };
        var command = new Command("role", "Says what an account may do on the whole marketplace") { account, role };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            if (!Database.Open(place(parsed), MarketLimits.Default).TryGet(out var database, out var problems)) return Fail(problems);
            using var open = database;
            await Migration.ApplyAsync(database, TimeProvider.System, cancellationToken);
            var accounts = new AccountStore(database, TimeProvider.System, MarketLimits.Default);
            if (await accounts.SetRoleAsync(parsed.GetRequiredValue(account), parsed.GetValue(role), cancellationToken)) return 0;
            await Console.Error.WriteLineAsync($"error: there is no account `{parsed.GetRequiredValue(account)}`");
            return 1;
        });
        return command;
    }

    private static string? Variable(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;

    public static int Fail(ImmutableArray<Problem> problems)
    {
        Console.Error.WriteLine($"error: {Problem.Join(problems)}");
        return 1;
    }

    /// <summary>Says where it is and which key it signs with: to people, or in a log that programs read.</summary>
    private static void Announce(MarketOptions options, MarketServer server)
    {
        if (options.LogFormat == LogFormat.Json)
        {
            var log = server.Services.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(MarketCommand));
            var (url, fingerprint) = (server.Url, server.Key.Id.Fingerprint);
            LogStarted(log, options.Name, url, fingerprint);
            return;
        }
        Console.WriteLine($"{options.Name}: {server.Url}");
        Console.WriteLine($"key: {server.Key.Id.Fingerprint}");
        Console.WriteLine($"hint: `lazyoc registry add {server.Url} --fingerprint {server.Key.Id.Fingerprint}`");
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{Name} answers at {Url} and signs with the key {Fingerprint}")]
    private static partial void LogStarted(ILogger log, string name, Uri url, string fingerprint);

    private static async Task<int> ServeAsync(Outcome<MarketOptions> asked, FileInfo? oauth, MarketLimits limits, DirectoryInfo? seed, CancellationToken cancellationToken)
    {
        if (!asked.TryGet(out var options, out var wrong)) return Fail(wrong);
        try
        {
            if (oauth is not null)
            {
                if (!OAuthFile.Read(oauth.FullName).TryGet(out var elsewhere, out wrong)) return Fail(wrong);
                options = options with { OAuth = elsewhere };
            }
            var scanning = new ScannerOptions { Trial = new TrialOptions { Hidden = options.DataDirectory } };
            var scanners = new RequiredScanners(ScannerSet.Default(scanning), package => new PackageLooks(PluginLooks.SketchOf(package, scanning.Limits), PluginLooks.IconOf(package)));
            var started = await MarketServer.StartAsync(options, scanners, limits, cancellationToken: cancellationToken);
            if (!started.TryGet(out var server, out var problems)) return Fail(problems);
            await using (server)
            {
                Announce(options, server);
                if (seed is not null && (await DemoSeed.PublishAsync(server, seed, cancellationToken)) is { } problem) await Console.Error.WriteLineAsync($"warning: {problem}");
                await server.WaitAsync(cancellationToken);
            }
            return 0;
        }
        catch (IOException error)
        {
            await Console.Error.WriteLineAsync($"error: {error.Message}");
            return 1;
        }
    }
}
