using System.Collections.Immutable;
using LazyOC.Marketplace.Scanning.Lookalikes;
using LazyOC.Plugins.Contracts.Manifest;
using LazyOC.Plugins.Contracts.Permissions;
using LazyOC.Plugins.Packages;

namespace LazyOC.Marketplace.Scanning;

/// <summary>Looks at what the manifest asks for, and at what it leaves out. That it makes sense was checked when the package was opened.</summary>
internal sealed class ManifestScanner(ScannerOptions options) : IScanner
{
    public static readonly ScanRule ReasonMissing = new("manifest-reason-missing", Verdict.Hold, "A permission for the network, for changes, for Secrets or of full trust without a reason");
    public static readonly ScanRule Wide = new("manifest-wide", Verdict.Hold, "A rule on the cluster with `*` as its resources, its verbs, or its API groups");
    public static readonly ScanRule AnyHost = new("manifest-any-host", Verdict.Hold, "A permission to talk to any server, or to any below a top-level domain");
    public static readonly ScanRule Exfiltration = new("manifest-exfiltration", Verdict.Reject, "A permission to read Secrets together with one to talk to any server");
    public static readonly ScanRule Unattended = new("manifest-unattended", Verdict.Hold, "A permission to change the cluster without the user having started it");
    public static readonly ScanRule FullTrust = new("manifest-full-trust", Verdict.Pass, "A permission with which the plugin could become whatever its user is");
    public static readonly ScanRule Cleartext = new("manifest-cleartext", Verdict.Pass, "A permission to talk to a server without TLS");
    public static readonly ScanRule Idle = new("manifest-idle", Verdict.Pass, "A permission for hooks or logs without a contribution that uses it");
    public static readonly ScanRule Hidden = new("manifest-hidden-text", Verdict.Reject, "A text of the manifest has invisible characters or such that change the direction of writing, be they escaped");
    public static readonly ScanRule Repository = new("manifest-repository", Verdict.Hold, "A repository that is no `https:` URL");
    public static readonly ScanRule RepositoryMissing = new("manifest-repository-missing", Verdict.Pass, "No repository: nobody can find the source");
    public static readonly ScanRule ReadmeMissing = new("manifest-readme-missing", Verdict.Pass, "No `README.md` in the package");
    public static readonly ScanRule DescriptionMissing = new("manifest-description-missing", Verdict.Pass, "No description");

    public static ImmutableArray<ScanRule> Rules { get; } =
        [ReasonMissing, Wide, AnyHost, Exfiltration, Unattended, FullTrust, Cleartext, Idle, Hidden, Repository, RepositoryMissing, ReadmeMissing, DescriptionMissing];

    public string Name => "manifest";

    public int RulesVersion => 1;

    public Task<ScanResult> ScanAsync(Submission submission, CancellationToken cancellationToken)
    {
        var check = new Check(submission.Package, new FindingList(options.Limits));
        return Task.FromResult(check.Run());
    }

    private sealed class Check(PluginPackage package, FindingList findings)
    {
        private readonly PluginManifest _manifest = package.Manifest;
        private readonly JsonLines _lines = JsonLines.Of(package.Find(PluginPackage.ManifestPath)!.Value.Span);

        public ScanResult Run()
        {
            CheckReasons();
            CheckCluster();
            CheckNetwork();
            CheckContributions();
            CheckTexts();
            return findings.ToResult();
        }

        private void CheckReasons()
        {
            const string group = "permissions.";
            foreach (var sentence in _manifest.Permissions.InWords())
            {
                if (sentence.Reach == PermissionReach.FullTrust) Add(FullTrust, sentence.Path, $"is of full trust: {findings.Quote(sentence.Text)}");
                if (sentence.Reach < PermissionReach.Network) continue;
                if (_manifest.PermissionReasons.Any(reason => reason.Value.Trim().Length > 0 && PermissionPath.Names(reason.Key, sentence.Path[group.Length..]))) continue;
                Add(ReasonMissing, sentence.Path, $"asks to {findings.Quote(sentence.Text)} without a reason", "say why under `permissionReasons`: the user reads it");
            }
        }

        private void CheckCluster()
        {
            for (var i = 0; i < _manifest.Permissions.Kubernetes.Length; i++)
            {
                var (path, rule) = ($"permissions.kubernetes[{i}]", _manifest.Permissions.Kubernetes[i]);
                foreach (var (part, names) in (ReadOnlySpan<(string, ImmutableArray<string>)>)[("resources", rule.Resources), ("verbs", rule.Verbs), ("apiGroups", rule.ApiGroups)])
                    if (names.Contains("*")) Add(Wide, path, $"has `*` as its `{part}`", "name what is needed");
                if (rule.Unattended) Add(Unattended, path, "changes the cluster without the user having started it", "write within a gesture, or expect that a person looks at each version");
            }
        }

        private void CheckNetwork()
        {
            var readsSecrets = _manifest.Permissions.Kubernetes.Any(rule => rule.Resources.Contains("secrets") && rule.Verbs.Any(verb => verb is "get" or "list" or "watch" or "*"));
            for (var i = 0; i < _manifest.Permissions.Network.Connect.Length; i++)
            {
                var (path, rule) = ($"permissions.network.connect[{i}]", _manifest.Permissions.Network.Connect[i]);
                if (rule.Origin is not { } origin) continue;
                if (IsAny(origin))
                {
                    Add(AnyHost, path, $"lets it talk to any server of {findings.Quote(origin.ToString())}", "name the servers, or let the user name one with `fromSetting`");
                    if (readsSecrets) Add(Exfiltration, path, "lets it send what it reads of Secrets to any server", "name the servers that it is for");
                }
                if (origin.Scheme == "http" && origin.Host is not ("localhost" or "127.0.0.1" or "::1")) Add(Cleartext, path, $"is without TLS: {findings.Quote(origin.ToString())}");
            }
        }

        private void CheckContributions()
        {
            if (!_manifest.Permissions.Hooks.IsEmpty && _manifest.Contributes.Hooks.IsEmpty) Add(Idle, "permissions.hooks", "is asked for, but no hook is contributed", "ask for no more than is used");
            if (!_manifest.Permissions.Logs.IsEmpty && _manifest.Contributes.LogTransforms.IsEmpty) Add(Idle, "permissions.logs", "is asked for, but no log transform is contributed", "ask for no more than is used");
        }

        private void CheckTexts()
        {
            foreach (var (path, text) in _lines.Texts)
                if (HiddenText.IsIn(text)) Add(Hidden, path, $"has characters that nobody sees: {findings.Quote(text)}", "take them out");
            if (_manifest.Repository is not { Length: > 0 } repository)
                Add(RepositoryMissing, "", "names no repository", "add `repository`, so that its users find the source");
            else if (!Uri.TryCreate(repository, UriKind.Absolute, out var uri) || uri.Scheme != Uri.UriSchemeHttps || uri.UserInfo.Length > 0)
                Add(Repository, "repository", $"is {findings.Quote(repository)}; expected an `https:` URL");
            if (_manifest.Description.Length == 0) Add(DescriptionMissing, "", "has no description", "say in a sentence what the plugin is for");
            if (PluginLooks.ReadmeOf(package) is null) findings.Add(ReadmeMissing, null, null, "there is no `README.md`", "tell its users what it does and how to set it up");
        }

        private void Add(ScanRule rule, string path, string message, string? hint = null) =>
            findings.Add(rule, PluginPackage.ManifestPath, _lines.Find(path), path.Length == 0 ? message : $"`{path}` {message}", hint);

        /// <summary>A glob over everything, or over a whole top-level domain.</summary>
        private static bool IsAny(OriginPattern origin) => origin.IsGlob && origin.Host.Count(c => c == '.') <= 1;
    }
}
