using LazyOC.Cli.Commands.Plugin;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Contracts.Manifest;
using LazyOC.Plugins.Contracts.Permissions;
using LazyOC.Plugins.Packages;

namespace LazyOC.Cli.Tests.Plugin;

public sealed class GrantChangeTests
{
    private static readonly PluginManifest Manifest = Read("""
        {
          "manifestVersion": 1, "id": "acme.test", "version": "1.0.0", "displayName": "Test", "engines": { "lazyoc": "^1.0" }, "main": "main.js",
          "permissions": {
            "kubernetes": [{ "apiGroups": [""], "resources": ["pods"], "verbs": ["get"] }, { "apiGroups": [""], "resources": ["nodes"], "verbs": ["list"] }],
            "network": { "connect": ["https://a.example"] },
            "clipboard": "write"
          },
          "permissionReasons": { "network.connect": "asks the oracle" }
        }
        """);

    [Fact]
    public void Revoke_OnePermission_LeavesTheOthers()
    {
        var change = new GrantChange(Manifest.Permissions, Entry(Manifest.Permissions));
        Assert.True(change.Revoke("kubernetes[0]").TryGet(out _, out _));

        Assert.Equal("nodes", Assert.Single(Assert.Single(change.Grant.Kubernetes).Resources));
        Assert.Equal(ClipboardAccess.Write, change.Grant.Clipboard);
    }

    [Fact]
    public void Restore_AfterRevoking_GivesWhatTheManifestAsksFor()
    {
        var change = new GrantChange(Manifest.Permissions, Entry(PermissionSet.None));
        Assert.True(change.Grant.IsNone);
        Assert.True(change.Restore("network").TryGet(out _, out _));
        Assert.Equal(["network.connect[0]"], PermissionPath.Of(change.Grant).AsEnumerable());

        Assert.True(change.Restore(null).TryGet(out _, out _));

        Assert.Equal(Manifest.Permissions.ComputeDigest(), change.Grant.ComputeDigest());
    }

    [Fact]
    public void Revoke_PathThatIsNone_SaysWhichThereAre()
    {
        var change = new GrantChange(Manifest.Permissions, Entry(Manifest.Permissions));
        Assert.False(change.Revoke("kubernetes[7]").TryGet(out _, out var problems));
        Assert.Contains("kubernetes[0], kubernetes[1], network.connect[0], clipboard", problems[0].Hint, StringComparison.Ordinal);
        Assert.False(change.IsChanged);
    }

    [Theory]
    [InlineData("dev-*, test", new[] { "dev-*", "test" })]
    [InlineData("*", new[] { "*" })]
    [InlineData("", new string[0])]
    public void SetContexts_OfAList_TakesEach(string globs, string[] expected)
    {
        var change = new GrantChange(Manifest.Permissions, Entry(Manifest.Permissions));
        change.SetContexts(globs);
        Assert.Equal(expected, change.Contexts.AsEnumerable());
    }

    [Fact]
    public void Report_OfAGrantAndAPolicy_SaysWhatIsEffective()
    {
        var entry = Entry(Manifest.Permissions with { Clipboard = ClipboardAccess.None }) with { Contexts = ["dev-*"] };
        var policy = PolicyInForce.None.And("policy.json", new HostPolicy { Network = new() { Block = [OriginPattern.Parse("https://a.example")] } });

        var report = PermissionsReport.Of(Manifest, entry, policy);

        Assert.Equal(["in its contexts", "in its contexts", "within the policy", "no"], report.Permissions.Select(row => row.Effective));
        Assert.Equal(("asks the oracle", "policy.json"), (report.Permissions[2].Reason, report.Permissions[2].LimitedBy));
        Assert.Null(report.Blocked);
    }

    [Fact]
    public void Report_OfAPluginThatThePolicyDenies_PermitsNothing()
    {
        var policy = PolicyInForce.None.And("policy.json", new HostPolicy { Plugins = new() { Deny = ["acme.*"] } });
        var report = PermissionsReport.Of(Manifest, Entry(Manifest.Permissions), policy);

        Assert.Contains("policy.json", report.Blocked, StringComparison.Ordinal);
        Assert.All(report.Permissions, row => Assert.Equal("no", row.Effective));
    }

    private static InstalledEntry Entry(PermissionSet granted) => new()
    {
        Id = Manifest.Id,
        Version = Manifest.Version,
        Digest = Digest.Of([]),
        Files = Digest.Of([]),
        Source = "test",
        Granted = granted,
        GrantDigest = granted.ComputeDigest(),
        StoreEpoch = 1,
        Enabled = true,
        Why = InstallReason.Requested,
    };

    private static PluginManifest Read(string json)
    {
        Assert.True(ManifestReader.Read(System.Text.Encoding.UTF8.GetBytes(json)).TryGet(out var manifest, out var problems), problems.IsDefault ? "" : Problem.Join(problems));
        return manifest;
    }
}
