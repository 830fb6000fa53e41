using System.Collections.Immutable;
using System.Net;
using System.Text.RegularExpressions;
using LazyOC.Plugins.Contracts.Permissions;
using LazyOC.Plugins.Packages;

namespace LazyOC.Marketplace.Scanning;

/// <summary>Compares the URLs in code and texts with the servers that the manifest names, both ways.</summary>
internal sealed class EndpointsScanner(ScannerOptions options) : IScanner
{
    public static readonly ScanRule Fetched = new("endpoint-fetched", Verdict.Hold, "A request to a server that the manifest does not name");
    public static readonly ScanRule Undeclared = new("endpoint-undeclared", Verdict.Pass, "A URL in code of a server that the manifest does not name");
    public static readonly ScanRule Unused = new("endpoint-unused", Verdict.Pass, "A server that the manifest names, and no file does");
    public static readonly ScanRule Address = new("endpoint-address", Verdict.Hold, "A URL in code with a public IP address instead of a name");
    public static readonly ScanRule Metadata = new("endpoint-metadata", Verdict.Reject, "The address of a cloud's metadata server, which hands out credentials");
    public static readonly ScanRule Lookalike = new("endpoint-lookalike", Verdict.Hold, "A host name in code with letters outside ASCII, or such a name in its ASCII form");
    public static readonly ScanRule TooMany = new("endpoint-too-many", Verdict.Hold, "More different servers than are looked at");

    private const RegexOptions Linear = RegexOptions.NonBacktracking | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture;

    private static readonly Regex Url = new(@"(?<call>\bfetch\s{0,4}\(\s{0,20}(\{\s{0,20}url\s{0,4}:\s{0,4})?[""'`])?(?<url>\b(?i:https?|wss?):(//|\\/\\/)[^\s""'`<>\\)\]}|^$;,]+)", Linear);

    /// <summary>Names of what hands out credentials of the machine to whoever asks from it.</summary>
    private static readonly ImmutableArray<string> MetadataHosts = ["169.254.169.254", "metadata.google.internal", "fd00:ec2::254", "100.100.100.200", "169.254.170.2"];

    /// <summary>Hosts of namespaces, schemas and licences: names that are written as URLs and never asked.</summary>
    private static readonly ImmutableArray<string> Names = ["www.w3.org", "json-schema.org", "www.apache.org", "opensource.org", "spdx.org", "schemas.openxmlformats.org", "schema.org", "example.com", "example.org", "www.example.com"];

    public static ImmutableArray<ScanRule> Rules { get; } = [Fetched, Undeclared, Unused, Address, Metadata, Lookalike, TooMany];

    public string Name => "endpoints";

    public int RulesVersion => 1;

    public Task<ScanResult> ScanAsync(Submission submission, CancellationToken cancellationToken) => Task.Run(() =>
    {
        var search = new Search(submission.Package, options.Limits, cancellationToken);
        return search.Run();
    }, cancellationToken);

    private sealed class Search(PluginPackage package, ScannerLimits limits, CancellationToken cancellationToken)
    {
        private readonly FindingList _findings = new(limits);
        private readonly HashSet<(string Origin, bool IsFetched, string File)> _seen = [];
        private readonly HashSet<OriginPattern> _used = [];

        public ScanResult Run()
        {
            foreach (var file in package.Files)
            {
                cancellationToken.ThrowIfCancellationRequested();
                // What packing writes, and the manifest itself, say nothing of where requests go.
                if (file.Path is PluginPackage.ManifestPath or Sbom.Path or "files.json" || file.Content.Length > limits.TextFileBytes) continue;
                SearchIn(TextFile.Read(file));
            }
            foreach (var rule in package.Manifest.Permissions.Network.Connect)
                if (rule.Origin is { } origin && !_used.Contains(origin))
                    _findings.Add(Unused, PluginPackage.ManifestPath, null, $"names {_findings.Quote(origin.ToString())} under `permissions.network.connect`, and no file does", "ask for no more than is used");
            return _findings.ToResult();
        }

        private void SearchIn(TextFile file)
        {
            var isCode = file.IsCode || file.Path.EndsWith(".wasm", StringComparison.OrdinalIgnoreCase);
            foreach (var host in isCode ? MetadataHosts : [])
                if (file.Text.IndexOf(host, StringComparison.OrdinalIgnoreCase) is >= 0 and var at)
                    _findings.Add(Metadata, file.Path, file.LineOf(at), $"names `{host}`, a cloud's metadata server", "a plugin has no use for it");
            foreach (Match match in Url.Matches(file.Text))
            {
                var url = match.Groups["url"];
                // Some write a slash in a text of JavaScript or JSON with a backslash before it.
                var text = url.Value.Replace("\\/", "/", StringComparison.Ordinal).TrimEnd('.', ':', '*', '!', '?');
                if (url.Length > limits.UrlChars || !Uri.TryCreate(text, UriKind.Absolute, out var uri) || uri.Host.Length == 0) continue;
                var isFetched = isCode && match.Groups["call"].Success;
                if (!_seen.Add((uri.GetLeftPart(UriPartial.Authority), isFetched, file.Path))) continue;
                if (_seen.Count > limits.Origins)
                {
                    _findings.Add(TooMany, file.Path, file.LineOf(url.Index), $"names more than {limits.Origins:N0} different servers");
                    return;
                }
                Judge(file, file.LineOf(url.Index), uri, isCode, isFetched);
            }
        }

        private void Judge(TextFile file, int line, Uri uri, bool isCode, bool isFetched)
        {
            var shown = _findings.Quote(uri.GetLeftPart(UriPartial.Authority));
            var connect = new Demand.Connect(uri.Scheme is "wss" or "https" ? "https" : "http", OriginPattern.HostOf(uri), uri.Port);
            var rules = package.Manifest.Permissions.Network.Connect.Where(rule => rule.Origin?.Matches(connect.Scheme, connect.Host, connect.Port) == true).ToList();
            _used.UnionWith(rules.Select(rule => rule.Origin!));
            if (!isCode || rules.Count > 0 || Names.Contains(connect.Host)) return;
            if (connect.Host.Split('.').Any(label => label.StartsWith("xn--", StringComparison.Ordinal)))
                _findings.Add(Lookalike, file.Path, line, $"has {shown}, a name with letters outside ASCII: `{connect.Host}`");
            if (IPAddress.TryParse(connect.Host, out var address) && !IPAddress.IsLoopback(address) && !address.Equals(IPAddress.Any))
                _findings.Add(Address, file.Path, line, $"has {shown}, an address instead of a name", "name the server");
            if (isFetched)
                _findings.Add(Fetched, file.Path, line, $"sends a request to {shown}, which no permission allows", "declare it under `permissions.network.connect`, or leave it out");
            else
                _findings.Add(Undeclared, file.Path, line, $"has {shown}, which no permission allows to ask");
        }
    }
}
