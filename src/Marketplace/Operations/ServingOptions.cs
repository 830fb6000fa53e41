using System.Collections.Immutable;
using System.CommandLine;
using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using LazyOC.Plugins.Contracts;
using Microsoft.AspNetCore.HttpOverrides;
using IPNetwork = System.Net.IPNetwork;

namespace LazyOC.Marketplace.Operations;

/// <summary>How log lines are written.</summary>
internal enum LogFormat
{
    /// <summary>A line of text.</summary>
    Text,

    /// <summary>A line of JSON.</summary>
    Json,
}

/// <summary>The options of the command line that say where and how the server runs.</summary>
internal static partial class ServingOptions
{
    private static readonly Option<IPAddress> ListenOption = new("--listen")
    {
        Description = "Address that it listens on; in a container 0.0.0.0, behind something that speaks TLS",
        HelpName = "ADDRESS",
        DefaultValueFactory = _ => IPAddress.Loopback,
        CustomParser = result => IPAddress.TryParse(result.Tokens[0].Value, out var address) ? address : Fail(result, "is no address"),
    };

    private static readonly Option<string[]> ProxyOption = new("--proxy") { Description = "Network of the proxies before it, in CIDR notation: what they say of who asks is believed", HelpName = "CIDR" };
    private static readonly Option<LogFormat> LogOption = new("--log-format") { Description = "`text` or `json`" };
    private static readonly Option<int> DrainOption = new("--drain") { Description = "How many seconds it goes on answering after it was asked to stop, and says that it is not ready", HelpName = "SECONDS" };

    private static readonly Option<string?> RegionOption = new("--region") { Description = "Where this node is, such as `eu-west`: downloads are counted by it", HelpName = "REGION" };

    public static void AddTo(Command command)
    {
        foreach (var option in new Option[] { ListenOption, ProxyOption, LogOption, DrainOption, RegionOption }) command.Options.Add(option);
    }

    /// <summary>The options, beside what else was asked for.</summary>
    public static Outcome<MarketOptions> Read(ParseResult parsed, int port, Outcome<MarketOptions> asked)
    {
        if (!asked.TryGet(out var options, out var problems)) return problems;
        var drain = parsed.GetValue(DrainOption);
        if (drain < 0 || drain > MarketLimits.Default.MaxDrainTime.TotalSeconds) return new Problem("--drain", $"is {drain}; 0 to {MarketLimits.Default.MaxDrainTime.TotalSeconds:0} are allowed");
        var proxies = ImmutableArray.CreateBuilder<IPNetwork>();
        foreach (var text in parsed.GetValue(ProxyOption) ?? [])
        {
            if (!IPNetwork.TryParse(text, out var network)) return new Problem("--proxy", $"`{text}` is no network in CIDR notation", "such as `10.128.0.0/14`");
            proxies.Add(network);
        }
        var region = parsed.GetValue(RegionOption);
        if (region is not null && !IsRegion().IsMatch(region)) return new Problem("--region", $"`{region}` is no name of a region", "at most 32 lower-case letters, digits and hyphens, such as `eu-west`");
        Uri? collector = null;
        if (Environment.GetEnvironmentVariable(Tracing.EndpointVariable) is { Length: > 0 } endpoint && !Uri.TryCreate(endpoint, UriKind.Absolute, out collector)) return new Problem(Tracing.EndpointVariable, "is no address of a collector");
        return options with
        {
            Url = string.Create(CultureInfo.InvariantCulture, $"http://{new IPEndPoint(parsed.GetRequiredValue(ListenOption), port)}"),
            LogFormat = parsed.GetValue(LogOption),
            DrainTime = TimeSpan.FromSeconds(drain),
            Region = region,
            Proxies = proxies.ToImmutable(),
            TraceCollector = collector,
        };
    }

    /// <summary>Believes proxies that were named about who asks; nobody else is believed.</summary>
    public static void UseProxies(WebApplication app, MarketOptions options)
    {
        if (options.Proxies.IsEmpty) return;
        var forwarded = new ForwardedHeadersOptions { ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto, ForwardLimit = null };
        forwarded.KnownProxies.Clear();
        forwarded.KnownIPNetworks.Clear();
        foreach (var network in options.Proxies) forwarded.KnownIPNetworks.Add(network);
        app.UseForwardedHeaders(forwarded);
    }

    [GeneratedRegex(@"\A[a-z0-9][a-z0-9-]{0,31}\z", RegexOptions.NonBacktracking)]
    private static partial Regex IsRegion();

    private static IPAddress Fail(System.CommandLine.Parsing.ArgumentResult result, string why)
    {
        result.AddError($"`{result.Tokens[0].Value}` {why}");
        return IPAddress.Loopback;
    }
}
