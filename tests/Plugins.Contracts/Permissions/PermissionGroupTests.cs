using System.Text;
using LazyOC.Plugins.Contracts.Json;
using LazyOC.Plugins.Contracts.Manifest;
using LazyOC.Plugins.Contracts.Permissions;

namespace LazyOC.Plugins.Contracts.Tests.Permissions;

/// <summary>Every group of permissions beside those for Kubernetes and events.</summary>
public sealed class PermissionGroupTests
{
    private const string Everything = """
        {
          "hooks": [{ "kinds": ["apps/Deployment"], "verbs": ["delete"], "effects": ["warn", "deny"] }],
          "logs": [{ "kinds": ["Pod"] }],
          "network": { "connect": ["https://status.example.com", { "fromSetting": "url", "credentials": "secret:token" }, { "origin": "https://thanos.example.com", "credentials": "cluster" }], "listen": [9464] },
          "files": [{ "mount": "reports", "access": "readwrite", "suggest": "~/reports" }],
          "services": { "call": ["acme.timeseries/downsample"] },
          "storage": "5MiB", "clipboard": "write", "audit": "read"
        }
        """;

    private static string? Settings(string name) => name == "url" ? "http://prometheus.corp:9090/base" : null;

    [Fact]
    public void Decide_EachGroup_GivesWhatItSaysAndNoMore()
    {
        var all = Read(Everything);
        (Demand Demand, Decision Expected)[] cases =
        [
            (new Demand.Hook("apps/Deployment", "delete", HookEffect.Deny), Decision.Permitted),
            (new Demand.Hook("apps/Deployment", "delete", null), Decision.Permitted),
            (new Demand.Hook("apps/Deployment", "delete", HookEffect.Patch), Decision.Denied),
            (new Demand.Hook("apps/Deployment", "create", HookEffect.Deny), Decision.Denied),
            (new Demand.Hook("Pod", "delete", HookEffect.Deny), Decision.Denied),
            (new Demand.TransformLogs("Pod"), Decision.Permitted),
            (new Demand.TransformLogs("apps/Deployment"), Decision.Denied),
            (Demand.Connect.To(new Uri("https://status.example.com/x")), Decision.Permitted),
            (Demand.Connect.To(new Uri("https://other.example.com")), Decision.Denied),
            (Demand.Connect.To(new Uri("http://prometheus.corp:9090/api")), Decision.Permitted),
            (new Demand.Listen(9464), Decision.Permitted),
            (new Demand.Listen(9465), Decision.Denied),
            (new Demand.MountedFile("reports", IsWrite: true), Decision.Permitted),
            (new Demand.MountedFile("home", IsWrite: false), Decision.Denied),
            (new Demand.CallService("acme.timeseries/downsample"), Decision.Permitted),
            (new Demand.CallService("acme.timeseries/other"), Decision.Denied),
            (new Demand.Store(), Decision.Permitted),
            (new Demand.WriteClipboard(), Decision.Permitted),
            (new Demand.ReadAudit(), Decision.Permitted),
        ];
        Assert.Equal(cases.Select(c => (c.Demand.ToString(), c.Expected)), cases.Select(c => (c.Demand.ToString(), all.Decide(c.Demand, Settings))));
        Assert.Equal(Decision.Denied, all.Decide(Demand.Connect.To(new Uri("http://prometheus.corp:9090/api"))));
        Assert.All(cases, c => Assert.Equal(Decision.Denied, PermissionSet.None.Decide(c.Demand, Settings)));
    }

    [Fact]
    public void Widening_EachGroupTakenAway_IsExactlyThatGroup()
    {
        var all = Read(Everything);
        (string Path, PermissionSet Less)[] less =
        [
            ("permissions.hooks[0]", all with { Hooks = [] }),
            ("permissions.logs[0]", all with { Logs = [] }),
            ("permissions.network.connect[0]", all with { Network = new() { Connect = [.. all.Network.Connect.Skip(1)], Listen = all.Network.Listen } }),
            ("permissions.network.listen", all with { Network = all.Network with { Listen = [] } }),
            ("permissions.files[0]", all with { Files = [all.Files[0] with { Access = Contracts.Permissions.FileAccess.Read }] }),
            ("permissions.services.call", all with { Services = new() }),
            ("permissions.storage", all with { Storage = "4MiB" }),
            ("permissions.clipboard", all with { Clipboard = ClipboardAccess.None }),
            ("permissions.audit", all with { Audit = AuditAccess.None }),
        ];
        Assert.True(all.IsWithin(all));
        foreach (var (path, granted) in less)
        {
            Assert.True(granted.IsWithin(all), path);
            Assert.Equal([path], all.Widening(granted).InWords().Select(sentence => sentence.Path));
            Assert.NotEqual(all.ComputeDigest(), granted.ComputeDigest());
        }
    }

    [Fact]
    public void Widening_OtherCredentialsOrWiderOrigin_IsNew()
    {
        var plain = Read("""{ "network": { "connect": ["https://a.example.com"] } }""");
        var star = Read("""{ "network": { "connect": ["https://*.example.com"] } }""");
        var token = Read("""{ "network": { "connect": [{ "origin": "https://a.example.com", "credentials": "cluster" }] } }""");
        Assert.True(plain.IsWithin(star));
        Assert.False(star.IsWithin(plain));
        Assert.True(plain.IsWithin(token));
        Assert.False(token.IsWithin(star));
    }

    [Fact]
    public void InWords_EveryGroup_MostDangerousFirst() => Assert.Equal(
        [
            "full trust: send requests to https://thanos.example.com, with your token for the cluster",
            "warn and refuse when you delete apps/Deployment",
            "send requests to https://status.example.com",
            "send requests to the server in the setting `url`, with the secret setting `token`",
            "answer requests of this computer on port 9464",
            "read and change the files in a folder that you choose (it suggests ~/reports)",
            "put text on the clipboard",
            "read what every plugin did and was refused",
            "read and restyle the log lines of Pod",
            "call acme.timeseries/downsample",
            "keep up to 5 MiB of data",
        ],
        Read(Everything).InWords().Select(sentence => sentence.ToString()));

    [Theory]
    [InlineData("""{ "network": { "connect": ["https://a.example.com/path"] } }""", "origin")]
    [InlineData("""{ "network": { "connect": [{ "origin": "https://a.example.com", "fromSetting": "url" }] } }""", "either")]
    [InlineData("""{ "network": { "connect": [{ "origin": "https://a.example.com", "credentials": "token" }] } }""", "secret:NAME")]
    [InlineData("""{ "network": { "connect": [{ "orgin": "https://a.example.com" }] } }""", "`fromSetting`")]
    public void Read_NoRule_SaysWhere(string json, string says)
    {
        Assert.False(StrictJson.Read(Encoding.UTF8.GetBytes(Manifest(json)), ContractJson.Default.PluginManifest).TryGet(out _, out var problems));
        Assert.StartsWith("permissions.network.connect[0]", problems[0].Where, StringComparison.Ordinal);
        Assert.Contains(says, problems[0].ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{ "network": { "listen": [80] } }""", "permissions.network.listen")]
    [InlineData("""{ "network": { "connect": [{ "origin": "https://*", "credentials": "cluster" }] } }""", "permissions.network.connect[0].credentials")]
    [InlineData("""{ "files": [{ "mount": "../etc" }] }""", "permissions.files[0].mount")]
    [InlineData("""{ "files": [{ "mount": "a", "host": "/etc" }] }""", "permissions.files[0].host")]
    [InlineData("""{ "services": { "call": ["downsample"] } }""", "permissions.services.call[0]")]
    [InlineData("""{ "storage": "lots" }""", "permissions.storage")]
    [InlineData("""{ "hooks": [{ "kinds": ["Pod"], "verbs": ["exec"] }] }""", "permissions.hooks[0].verbs")]
    [InlineData("""{ "logs": [{ "kinds": ["!"] }] }""", "permissions.logs[0].kinds")]
    public void Read_SenselessRule_IsRefusedWithItsPath(string json, string path)
    {
        Assert.False(ManifestReader.Read(Encoding.UTF8.GetBytes(Manifest(json))).TryGet(out _, out var problems));
        Assert.Equal(path, problems[0].Where);
    }

    private static PermissionSet Read(string json) =>
        ManifestReader.Read(Encoding.UTF8.GetBytes(Manifest(json))).TryGet(out var manifest, out var problems) ? manifest.Permissions : throw new InvalidOperationException(Problem.Join(problems));

    private static string Manifest(string permissions) =>
        $$"""{ "manifestVersion": 1, "id": "acme.test", "version": "1.0.0", "displayName": "Test", "engines": { "lazyoc": "^1.0" }, "main": "plugin.js", "permissions": {{permissions}}, "configuration": { "type": "object", "properties": { "url": { "type": "string" }, "token": { "type": "string", "format": "secret" } } } }""";
}
