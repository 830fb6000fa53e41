using System.Collections.Immutable;
using System.CommandLine;
using System.Net;
using LazyOC.Marketplace.Data;
using LazyOC.Marketplace.Registry;
using LazyOC.Marketplace.Storage;
using LazyOC.Plugins.Contracts;

namespace LazyOC.Marketplace.Mirror;

/// <summary>The upstream's options of the command line, and <c>import</c>.</summary>
internal static class MirrorCommands
{
    /// <summary>The token for an upstream that is private; never an argument, which other users can see.</summary>
    private const string TokenVariable = "LAZYOC_MARKET_UPSTREAM_TOKEN";

    private static readonly Option<Uri?> UrlOption = new("--upstream")
    {
        Description = "Address of a registry whose plugins are passed on when they are asked for",
        HelpName = "URL",
        CustomParser = result =>
        {
            if (Uri.TryCreate(result.Tokens[0].Value, UriKind.Absolute, out var url)) return url;
            result.AddError($"`{result.Tokens[0].Value}` is no address");
            return null;
        },
    };

    private static readonly Option<string[]> FingerprintOption = new("--upstream-fingerprint") { Description = "Fingerprint of the upstream's key, from those who keep it; more than one when more have to sign", HelpName = "FINGERPRINT" };
    private static readonly Option<string[]> AllowOption = new("--upstream-allow") { Description = "Plugins that are passed on: acme, acme.charts, acme-*, acme.charts@^1.2; all when absent", HelpName = "PLUGINS" };
    private static readonly Option<string[]> DenyOption = new("--upstream-deny") { Description = "Plugins that are not passed on, whatever is allowed", HelpName = "PLUGINS" };
    private static readonly Option<string[]> NetworkOption = new("--upstream-network") { Description = "A network that is not public and that the upstream may send this server to, in CIDR notation", HelpName = "CIDR" };
    private static readonly Option<bool> FrozenOption = new("--upstream-frozen") { Description = "Do not ask the upstream: serve what is stored, and nothing else" };

    public static void AddTo(Command command)
    {
        foreach (var option in new Option[] { UrlOption, FingerprintOption, AllowOption, DenyOption, NetworkOption, FrozenOption }) command.Options.Add(option);
    }

    /// <summary>The upstream that was asked for; null inside when there is none.</summary>
    public static Outcome<MarketOptions> Read(ParseResult parsed, MarketOptions options)
    {
        var fingerprints = parsed.GetValue(FingerprintOption) ?? [];
        if (parsed.GetValue(UrlOption) is not { } url) return fingerprints.Length == 0 ? options : new Problem("--upstream-fingerprint", "is of no upstream", "`--upstream URL` names it");
        if (!Protocol.Client.HttpRegistryFiles.IsAllowed(url)) return new Problem("--upstream", "is not an address of a registry", "it begins with `https://`; `http://` is for this machine only");
        if (fingerprints.Length == 0) return new Problem("--upstream", "is not believed without its key's fingerprint", "`--upstream-fingerprint FINGERPRINT`; those who keep it tell you");
        if (!Rules(parsed.GetValue(AllowOption)).TryGet(out var allow, out var problems) || !Rules(parsed.GetValue(DenyOption)).TryGet(out var deny, out problems)) return problems;
        var networks = ImmutableArray.CreateBuilder<IPNetwork>();
        foreach (var text in parsed.GetValue(NetworkOption) ?? [])
        {
            if (!IPNetwork.TryParse(text, out var network)) return new Problem("--upstream-network", $"`{text}` is no network in CIDR notation", "such as `10.0.0.0/8`");
            networks.Add(network);
        }
        return options with
        {
            Upstream = new UpstreamOptions
            {
                Url = url,
                Fingerprints = [.. fingerprints],
                Token = Environment.GetEnvironmentVariable(TokenVariable) is { Length: > 0 } token ? token : null,
                Rules = new UpstreamRules(allow, deny),
                IsFrozen = parsed.GetValue(FrozenOption),
                Networks = networks.ToImmutable(),
            },
        };
    }

    public static Command Import(Func<ParseResult, MarketOptions> place)
    {
        var source = new Argument<DirectoryInfo>("DIR") { Description = "A registry's root, as `lazyoc market export-static` makes it" };
        var fingerprints = new Option<string[]>("--fingerprint") { Description = "Fingerprint of its key, from those who have made it; more than one when more have to have signed", HelpName = "FINGERPRINT", Required = true };
        var command = new Command("import", "Takes in a registry that is a folder; all of it is verified first") { source, fingerprints };
        command.SetAction((parsed, cancellationToken) => ImportAsync(place(parsed), parsed.GetRequiredValue(source).FullName, [.. parsed.GetRequiredValue(fingerprints)], cancellationToken));
        return command;
    }

    private static async Task<int> ImportAsync(MarketOptions options, string source, ImmutableArray<string> fingerprints, CancellationToken cancellationToken)
    {
        if (!Database.Open(options, MarketLimits.Default).TryGet(out var database, out var problems)) return Fail(problems);
        using var records = database;
        if (!PackageStorage.Open(options).TryGet(out var packages, out problems)) return Fail(problems);
        using var storage = packages;
        await Migration.ApplyAsync(database, TimeProvider.System, cancellationToken);
        if (!(await RootKey.OpenAsync(database, options.DataDirectory, options.KeyPassphrase, cancellationToken)).TryGet(out var root, out problems)) return Fail(problems);
        using var key = root;
        var import = new MirrorImport(database, packages, new MirrorRecords(root, TimeProvider.System, MarketLimits.Default), TimeProvider.System);
        if (!(await import.RunAsync(source, fingerprints, cancellationToken)).TryGet(out var report, out problems)) return Fail(problems);
        Console.WriteLine($"{report.Plugins:N0} plugins of {report.Publishers:N0} publishers are imported, with {report.Packages:N0} packages");
        return 0;
    }

    private static Outcome<ImmutableArray<UpstreamRule>> Rules(string[]? texts)
    {
        var rules = ImmutableArray.CreateBuilder<UpstreamRule>();
        foreach (var text in texts ?? [])
        {
            if (!UpstreamRule.Read(text).TryGet(out var rule, out var problems)) return problems;
            rules.Add(rule);
        }
        return rules.ToImmutable();
    }

    private static int Fail(ImmutableArray<Problem> problems)
    {
        Console.Error.WriteLine($"error: {Problem.Join(problems)}");
        return 1;
    }
}
