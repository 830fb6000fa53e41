using System.Collections.Immutable;
using LazyOC.Plugins.Contracts.Permissions;

namespace LazyOC.Plugins.Contracts.Tests.Permissions;

public sealed class PermissionSetTests
{
    private static KubernetesRule Rule(string groups, string resources, string verbs, string namespaces = "*", bool unattended = false) => new()
    {
        ApiGroups = Words(groups),
        Resources = Words(resources),
        Verbs = Words(verbs),
        Namespaces = Words(namespaces),
        Unattended = unattended,
    };

    private static ImmutableArray<string> Words(string text) => [.. text.Split(' ')];

    private static PermissionSet Set(params KubernetesRule[] rules) => new() { Kubernetes = [.. rules] };

    private static Decision Decide(KubernetesRule rule, string verb, string resource, string group = "", string? ns = "prod")
    {
        var parts = resource.Split('/');
        return Set(rule).Decide(new Demand.Kubernetes(group, parts[0], parts.Length > 1 ? parts[1] : null, verb, ns));
    }

    [Fact]
    public void Decide_NoRule_Denies() => Assert.Equal(Decision.Denied, PermissionSet.None.Decide(new Demand.Kubernetes("", "pods", null, "get", "prod")));

    [Fact]
    public void Decide_NoDemand_Permits() => Assert.Equal(Decision.Permitted, PermissionSet.None.Decide(Demand.None));

    [Theory]
    [InlineData("pods", "get", "pods", Decision.Permitted)]
    [InlineData("pods", "watch", "pods", Decision.Denied)]
    [InlineData("pods", "get", "nodes", Decision.Denied)]
    [InlineData("pods", "get", "pods/log", Decision.Denied)]
    [InlineData("pods/log", "get", "pods/log", Decision.Permitted)]
    [InlineData("pods/log", "get", "pods", Decision.Denied)]
    [InlineData("*/log", "get", "pods/log", Decision.Permitted)]
    [InlineData("*/log", "get", "pods", Decision.Denied)]
    [InlineData("*", "get", "pods/log", Decision.Permitted)]
    [InlineData("*", "get", "secrets", Decision.Denied)]
    [InlineData("* secrets", "get", "secrets", Decision.Permitted)]
    [InlineData("*", "get", "pods/exec", Decision.Denied)]
    [InlineData("*", "get", "services/proxy", Decision.Denied)]
    [InlineData("*", "create", "serviceaccounts/token", Decision.Denied)]
    [InlineData("*/proxy", "get", "services/proxy", Decision.NeedsGesture)]
    [InlineData("pods/exec", "get", "pods/exec", Decision.NeedsGesture)]
    public void Decide_Resources_FollowsTheNames(string resources, string verb, string demanded, Decision decision) =>
        Assert.Equal(decision, Decide(Rule("", resources, verb == "watch" ? "get" : verb), verb, demanded));

    [Theory]
    [InlineData("*")]
    [InlineData("")]
    public void Decide_StarVerbAndGroup_NeverIncludesSecrets(string groups) => Assert.Equal(Decision.Denied, Decide(Rule(groups, "*", "*"), "get", "secrets"));

    [Fact]
    public void Decide_OtherGroup_Denies() => Assert.Equal(Decision.Denied, Decide(Rule("", "deployments", "get"), "get", "deployments", "apps"));

    [Theory]
    [InlineData("prod", "prod", Decision.Permitted)]
    [InlineData("prod", "test", Decision.Denied)]
    [InlineData("prod", null, Decision.Denied)]
    [InlineData("*", null, Decision.Permitted)]
    [InlineData("*", "test", Decision.Permitted)]
    public void Decide_Namespaces_Bound(string namespaces, string? ns, Decision decision) => Assert.Equal(decision, Decide(Rule("", "pods", "list", namespaces), "list", "pods", ns: ns));

    [Theory]
    [InlineData(false, "delete", Decision.NeedsGesture)]
    [InlineData(true, "delete", Decision.Permitted)]
    [InlineData(false, "get", Decision.Permitted)]
    [InlineData(false, "anything", Decision.NeedsGesture)]
    public void Decide_Write_NeedsGestureUnlessUnattended(bool unattended, string verb, Decision decision) =>
        Assert.Equal(decision, Decide(Rule("", "pods", "*", unattended: unattended), verb, "pods"));

    [Fact]
    public void Decide_TwoRules_TheWiderOneCounts() => Assert.Equal(Decision.Permitted,
        Set(Rule("", "pods", "delete"), Rule("", "pods", "delete", "prod", unattended: true)).Decide(new Demand.Kubernetes("", "pods", null, "delete", "prod")));

    [Theory]
    [InlineData("resource.*", "resource.pods", Decision.Permitted)]
    [InlineData("resource.*", "resource.", Decision.Denied)]
    [InlineData("resource.*", "resourceful", Decision.Denied)]
    [InlineData("resource.pods", "resource.pods", Decision.Permitted)]
    [InlineData("resource.pods", "resource.pods.x", Decision.Denied)]
    public void Decide_Subscribe_FollowsThePattern(string pattern, string topic, Decision decision)
    {
        var set = new PermissionSet { Events = new() { Subscribe = [pattern] } };
        Assert.Equal(decision, set.Decide(new Demand.SubscribeEvents(topic)));
        Assert.Equal(Decision.Denied, set.Decide(new Demand.PublishEvents(topic)));
    }

    [Fact]
    public void ComputeDigest_OtherOrderAndRepetition_IsTheSame()
    {
        var left = Set(Rule("", "pods nodes", "get list"), Rule("apps", "deployments", "get"));
        var right = Set(Rule("apps", "deployments", "get"), Rule("", "nodes pods pods", "list get"), Rule("", "pods nodes", "get list"));
        Assert.Equal(left.ComputeDigest(), right.ComputeDigest());
        Assert.NotEqual(left.ComputeDigest(), Set(Rule("", "pods nodes", "get list", "prod"), Rule("apps", "deployments", "get")).ComputeDigest());
        Assert.NotEqual(left.ComputeDigest(), Set(Rule("", "pods nodes", "get list", unattended: true), Rule("apps", "deployments", "get")).ComputeDigest());
    }

    /// <summary>Grants of installed plugins are compared with this across versions of LazyOC.</summary>
    [Fact]
    public void ComputeDigest_Known_StaysTheSame() =>
        Assert.Equal(Digest.Of("""{"events":{"publish":[],"subscribe":["resource.*"]},"kubernetes":[{"apiGroups":[""],"namespaces":["*"],"resources":["pods"],"unattended":false,"verbs":["get","list"]}]}"""u8),
            new PermissionSet { Kubernetes = [Rule("", "pods", "list get")], Events = new() { Subscribe = ["resource.*"] } }.ComputeDigest());

    [Theory]
    [InlineData("pods", "get", "*", false, true)]
    [InlineData("pods nodes", "get list", "prod", false, true)]
    [InlineData("pods", "get", "*", true, false)]
    [InlineData("secrets", "get", "*", false, false)]
    [InlineData("pods/exec", "get", "*", false, false)]
    [InlineData("pods/log", "get", "*", false, true)]
    [InlineData("*", "get", "*", false, true)]
    [InlineData("pods", "*", "*", false, false)]
    [InlineData("pods", "delete", "*", false, false)]
    public void IsWithin_StarOfReads_IsExact(string resources, string verbs, string namespaces, bool unattended, bool within)
    {
        var granted = Set(Rule("*", "*", "get"), Rule("*", "*", "list watch"));
        Assert.Equal(within, Set(Rule("", resources, verbs, namespaces, unattended)).IsWithin(granted));
    }

    [Fact]
    public void IsWithin_NamespacesSplitOverRules_AreCombined()
    {
        var granted = Set(Rule("", "pods", "get", "prod"), Rule("", "pods", "get", "test"));
        Assert.True(Set(Rule("", "pods", "get", "prod test")).IsWithin(granted));
        Assert.False(Set(Rule("", "pods", "get")).IsWithin(granted));
    }

    [Fact]
    public void IsWithin_RuleTooLargeToCompare_IsWiderUnlessTheSame()
    {
        var many = string.Join(' ', Enumerable.Range(0, 100).Select(i => $"r{i}"));
        var large = Rule(many, many, "get");
        Assert.False(Set(large).IsWithin(Set(Rule("*", "*", "*"))));
        Assert.True(Set(large).IsWithin(Set(large)));
    }

    [Fact]
    public void Widening_NewRuleAndTopic_AreWhatIsNew()
    {
        var before = new PermissionSet { Kubernetes = [Rule("", "pods", "get list")], Events = new() { Subscribe = ["resource.*"] } };
        var after = new PermissionSet { Kubernetes = [Rule("", "pods", "get"), Rule("", "secrets", "get")], Events = new() { Subscribe = ["resource.pods", "audit.*"] } };
        var widening = after.Widening(before);
        Assert.Equal("secrets", Assert.Single(Assert.Single(widening.Kubernetes).Resources));
        Assert.Equal("audit.*", Assert.Single(widening.Events.Subscribe));
        Assert.True(before.IsWithin(before));
        Assert.False(after.IsWithin(before));
    }

    [Fact]
    public void InWords_SeveralRules_MostDangerousFirst() => Assert.Equal(
        [
            "full trust: create pods/exec in prod",
            "full trust: patch deployments of apps in every namespace, without you having started it",
            "get and list secrets in every namespace",
            "patch configmaps in dev and test",
            "get, list and watch every resource but secrets of every API group in every namespace",
            "receive the events resource.*",
        ],
        new PermissionSet
        {
            Kubernetes =
            [
                Rule("*", "*", "get list watch"), Rule("", "configmaps", "patch", "dev test"), Rule("", "secrets", "get list"),
                Rule("", "pods/exec", "create", "prod"), Rule("apps", "deployments", "patch", unattended: true),
            ],
            Events = new() { Subscribe = ["resource.*"] },
        }.InWords().Select(s => s.ToString()));

    [Theory]
    [InlineData("", "pods/attach", "get", PermissionReach.FullTrust)]
    [InlineData("", "serviceaccounts/token", "create", PermissionReach.FullTrust)]
    [InlineData("", "services/proxy", "get", PermissionReach.FullTrust)]
    [InlineData("", "users", "impersonate", PermissionReach.FullTrust)]
    [InlineData("rbac.authorization.k8s.io", "rolebindings", "create", PermissionReach.FullTrust)]
    [InlineData("rbac.authorization.k8s.io", "rolebindings", "get", PermissionReach.Reads)]
    [InlineData("", "*", "*", PermissionReach.FullTrust)]
    [InlineData("apps", "deployments/scale", "update", PermissionReach.Writes)]
    [InlineData("", "pods", "watch", PermissionReach.Reads)]
    public void Reach_Rule_IsJudged(string groups, string resources, string verbs, PermissionReach reach) => Assert.Equal(reach, Rule(groups, resources, verbs).Reach);
}
