using LazyOC.Plugins.Contracts.Permissions;

namespace LazyOC.Plugins.Contracts.Tests.Permissions;

public sealed class LeastPermissionsTests
{
    private static readonly Func<string, string?> NoSetting = static _ => null;

    private static readonly KubernetesRule Reads = new() { ApiGroups = [""], Resources = ["pods", "services"], Verbs = ["get", "list", "watch"] };

    [Fact]
    public void Within_PartOfARuleUsed_IsThatPart()
    {
        var least = Within(new() { Kubernetes = [Reads] }, Get("pods"), Get("services"), new Demand.Kubernetes("", "services", null, "list", "shop"));

        Assert.Equal(["pods: get", "services: get,list"], Rules(least));
    }

    [Fact]
    public void Within_AllOfARuleUsed_IsTheRuleAsItWas()
    {
        Demand[] all = [.. from resource in Reads.Resources from verb in Reads.Verbs select new Demand.Kubernetes("", resource, null, verb, "shop")];

        Assert.Same(Reads, Assert.Single(Within(new() { Kubernetes = [Reads] }, all).Kubernetes));
    }

    [Fact]
    public void Within_RulesWithStars_NamesWhatWasUsed_AndKeepsTheNamespacesDeclared()
    {
        var set = new PermissionSet { Kubernetes = [new() { ApiGroups = ["*"], Resources = ["*"], Verbs = ["*"], Namespaces = ["shop", "bank"] }] };

        var rule = Assert.Single(Within(set, new Demand.Kubernetes("apps", "deployments", "scale", "patch", "shop")).Kubernetes);

        Assert.Equal(("apps", "deployments/scale", "patch", "shop"), (rule.ApiGroups.Single(), rule.Resources.Single(), rule.Verbs.Single(), rule.Namespaces.Single()));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Within_UnattendedRule_StaysSoOnlyIfItWasUsedSo(bool unattended)
    {
        var set = new PermissionSet { Kubernetes = [new() { ApiGroups = [""], Resources = ["pods"], Verbs = ["delete"], Unattended = true }] };

        var least = LeastPermissions.Within(set, [new MadeDemand(new Demand.Kubernetes("", "pods", null, "delete", "shop"), unattended)], NoSetting);

        Assert.Equal(unattended, Assert.Single(least.Kubernetes).Unattended);
    }

    [Fact]
    public void Within_NothingUsed_IsNothing() => Assert.True(Within(Everything()).IsNone);

    [Fact]
    public void Within_EachGroupUsed_IsWhatWasUsedOfIt()
    {
        var least = LeastPermissions.Within(
            Everything(),
            [
                .. new Demand[]
                {
                    new Demand.Hook("Pod", "delete", null), new Demand.TransformLogs("Pod"), new Demand.Connect("https", "set.example", 443), new Demand.Listen(9000),
                    new Demand.MountedFile("reports", IsWrite: false), new Demand.PublishEvents("acme.a.two"), new Demand.SubscribeEvents("plugin.swapped"), new Demand.CallService("acme.b/one"),
                    new Demand.Store(), new Demand.WriteClipboard(), new Demand.ReadAudit(),
                }.Select(demand => new MadeDemand(demand, IsUnattended: false)),
            ],
            name => name == "url" ? "https://set.example/path" : null);

        var hook = Assert.Single(least.Hooks);
        Assert.Equal(["Pod", "delete", "Deny"], [hook.Kinds.Single(), hook.Verbs.Single(), hook.Effects.Single().ToString()]);
        Assert.Equal("Pod", Assert.Single(least.Logs).Kinds.Single());
        Assert.Equal("url", Assert.Single(least.Network.Connect).FromSetting);
        Assert.Equal(9000, least.Network.Listen.Single());
        Assert.Equal(("reports", Contracts.Permissions.FileAccess.Read), (Assert.Single(least.Files).Mount, least.Files[0].Access));
        Assert.Equal(["acme.a.*", "plugin.*"], [least.Events.Publish.Single(), least.Events.Subscribe.Single()]);
        Assert.Equal("acme.b/*", least.Services.Call.Single());
        Assert.Equal(("1MiB", ClipboardAccess.Write, AuditAccess.Read), (least.Storage, least.Clipboard, least.Audit));
        Assert.True(least.Kubernetes.IsEmpty);
    }

    /// <summary>What is proposed gives what was used: the same demands, decided by it, are permitted.</summary>
    [Fact]
    public void For_RefusedDemands_GivesEachAndNoWrite()
    {
        Demand[] refused = [Get("pods"), new Demand.Kubernetes("apps", "deployments", null, "patch", "shop"), new Demand.Connect("https", "api.example", 8443), new Demand.Listen(80), new Demand.MountedFile("m", true), new Demand.Store(), new Demand.CallService("acme.b/one")];

        var set = LeastPermissions.For(refused);

        Assert.All(refused, demand => Assert.NotEqual(Decision.Denied, set.Decide(demand)));
        Assert.Equal(Decision.NeedsGesture, set.Decide(refused[1]));
        Assert.Equal(Decision.Denied, set.Decide(new Demand.Kubernetes("apps", "deployments", null, "delete", "shop")));
    }

    private static Demand.Kubernetes Get(string resource) => new("", resource, null, "get", "shop");

    private static PermissionSet Within(PermissionSet set, params Demand[] demands) => LeastPermissions.Within(set, [.. demands.Select(demand => new MadeDemand(demand, IsUnattended: false))], NoSetting);

    private static IEnumerable<string> Rules(PermissionSet set) => set.Kubernetes.Select(rule => $"{string.Join(',', rule.Resources)}: {string.Join(',', rule.Verbs)}").Order(StringComparer.Ordinal);

    private static PermissionSet Everything() => new()
    {
        Kubernetes = [Reads],
        Hooks = [new() { Kinds = ["Pod", "Service"], Verbs = ["delete", "scale"], Effects = [HookEffect.Deny] }],
        Logs = [new() { Kinds = ["Pod", "apps/Deployment"] }],
        Network = new() { Connect = [new() { FromSetting = "url" }, new() { Origin = OriginPattern.Parse("https://other.example") }], Listen = [9000, 9001] },
        Files = [new() { Mount = "reports", Access = Contracts.Permissions.FileAccess.ReadWrite }, new() { Mount = "more" }],
        Events = new() { Publish = ["acme.a.*", "acme.b.*"], Subscribe = ["plugin.*", "cluster.*"] },
        Services = new() { Call = ["acme.b/*", "acme.c/one"] },
        Storage = "1MiB",
        Clipboard = ClipboardAccess.Write,
        Audit = AuditAccess.Read,
    };
}
