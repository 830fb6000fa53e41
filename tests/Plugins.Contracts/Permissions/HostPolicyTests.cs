using System.Text;
using LazyOC.Plugins.Contracts.Permissions;

namespace LazyOC.Plugins.Contracts.Tests.Permissions;

public sealed class HostPolicyTests
{
    private static readonly PluginId Acme = PluginId.Parse("acme.test");
    private static readonly Demand.Kubernetes GetPods = new("", "pods", null, "get", "shop");
    private static readonly Demand.Kubernetes DeletePods = new("", "pods", null, "delete", "shop");

    [Fact]
    public void Decide_WithoutAPolicy_PermitsEverything()
    {
        Assert.Equal(Decision.Permitted, PolicyInForce.None.Decide(GetPods));
        Assert.Null(PolicyInForce.None.WhyNotRun(Acme));
        Assert.Null(PolicyInForce.None.MemoryBytes);
    }

    [Fact]
    public void Decide_GroupThatIsAbsent_IsNotCapped()
    {
        var policy = Policy("""{ "permissions": { "clipboard": "none" } }""");

        Assert.Equal(Decision.Permitted, policy.Decide(GetPods));
        Assert.Equal(Decision.Permitted, policy.Decide(new Demand.Connect("https", "example.com", 443)));
        Assert.Equal(Decision.Denied, policy.Decide(new Demand.WriteClipboard()));
    }

    [Fact]
    public void Decide_CappedKubernetes_PermitsNoMoreThanTheCap()
    {
        var policy = Policy("""{ "permissions": { "kubernetes": [{ "apiGroups": [""], "resources": ["pods"], "verbs": ["get", "delete"], "namespaces": ["shop"] }] } }""");

        Assert.Equal(Decision.Permitted, policy.Decide(GetPods));
        Assert.Equal(Decision.NeedsGesture, policy.Decide(DeletePods));
        Assert.Equal(Decision.Denied, policy.Decide(GetPods with { Namespace = "kube-system" }));
    }

    [Fact]
    public void Decide_TwoPolicies_TheStricterWins()
    {
        var policy = Policy("""{ "permissions": { "kubernetes": [{ "apiGroups": ["*"], "resources": ["*"], "verbs": ["*"] }] }, "limits": { "memory": "256MiB" } }""")
            .And("second", Read("""{ "permissions": { "kubernetes": [] }, "limits": { "memory": "1GiB", "cpuPercent": 10 } }"""));

        Assert.Equal(Decision.Denied, policy.Decide(GetPods));
        Assert.Equal((256L << 20, 10L), (policy.MemoryBytes, policy.CpuPercent));
    }

    [Fact]
    public void Decide_BlockedOrigin_IsDeniedWhateverIsCapped()
    {
        var policy = Policy("""{ "permissions": { "network": { "connect": ["https://*"] } }, "network": { "block": ["https://*.evil.example"] } }""");

        Assert.Equal(Decision.Permitted, policy.Decide(new Demand.Connect("https", "good.example", 443)));
        Assert.Equal(Decision.Denied, policy.Decide(new Demand.Connect("https", "api.evil.example", 443)));
        Assert.Equal(Decision.Denied, policy.Decide(new Demand.Connect("http", "good.example", 80)));
        Assert.Equal(Decision.Permitted, policy.Decide(new Demand.Listen(9000)));
    }

    [Theory]
    [InlineData("""{}""", true)]
    [InlineData("""{ "plugins": { "allow": ["acme.*"] } }""", true)]
    [InlineData("""{ "plugins": { "allow": ["other.*"] } }""", false)]
    [InlineData("""{ "plugins": { "allow": [] } }""", false)]
    [InlineData("""{ "plugins": { "deny": ["*.test"] } }""", false)]
    [InlineData("""{ "plugins": { "allow": ["*"], "deny": ["acme.test"] } }""", false)]
    public void WhyNotRun_ByItsId_SaysWhichPolicy(string json, bool runs)
    {
        var why = Policy(json).WhyNotRun(Acme);
        if (runs) Assert.Null(why);
        else Assert.Contains("`first`", why, StringComparison.Ordinal);
    }

    [Fact]
    public void Unknown_Policy_PermitsNothing()
    {
        var policy = PolicyInForce.Unknown("`p` cannot be read").And("second", new HostPolicy());
        Assert.Equal("`p` cannot be read", policy.WhyNotRun(Acme));
        Assert.Equal(Decision.Denied, policy.Decide(GetPods));
    }

    [Theory]
    [InlineData("""{ "permision": {} }""", "permision", "permissions")]
    [InlineData("""{ "permissions": { "kubernets": [] } }""", "permissions.kubernets", "kubernetes")]
    [InlineData("""{ "limits": { "memory": "lots" } }""", "limits.memory", "128MiB")]
    [InlineData("""{ "permissions": { "storage": "5" } }""", "permissions.storage", "128MiB")]
    [InlineData("""{ "limits": { "cpuPercent": 0 } }""", "limits.cpuPercent", "1 to 100")]
    [InlineData("""{ "network": { "block": ["evil"] } }""", "network.block[0]", "origin")]
    [InlineData("""{ "plugins": { "deny": [null] } }""", "plugins.deny[0]", "")]
    [InlineData("""not json""", "", "JSON")]
    public void Read_WhatMeansNothing_SaysWhere(string json, string where, string what)
    {
        Assert.False(PolicyInForce.Read(Encoding.UTF8.GetBytes(json)).TryGet(out _, out var problems));
        Assert.Equal(where, problems[0].Where);
        Assert.Contains(what, Problem.Join(problems), StringComparison.Ordinal);
    }

    [Fact]
    public void Read_TheExampleOfThePage_RestrictsWhatThePageSays()
    {
        var root = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(root.FullName, "LazyOC.slnx"))) root = root.Parent!;
        var page = File.ReadAllText(Path.Combine(root.FullName, "docs", "policy.md"));
        var policy = Policy(page.Split("```json", 2)[1].Split("```", 2)[0]);

        Assert.Equal((Decision.Permitted, Decision.Denied), (policy.Decide(GetPods), policy.Decide(DeletePods)));
        Assert.Equal(Decision.Denied, policy.Decide(GetPods with { Resource = "secrets" }));
        Assert.Equal(Decision.Permitted, policy.Decide(new Demand.Connect("https", "www.example.com", 443)));
        Assert.Equal(Decision.Denied, policy.Decide(new Demand.Connect("https", "paste.example.com", 443)));
        Assert.Null(policy.WhyNotRun(Acme));
        Assert.NotNull(policy.WhyNotRun(PluginId.Parse("acme.experiments")));
        Assert.Equal((128L << 20, 10L, 50L, 10L), (policy.MemoryBytes, policy.CpuPercent, policy.HostCallsPerSecond, policy.KubernetesCallsPerSecond));
    }

    [Fact]
    public void Beyond_OfASet_IsWhatTheCapsWithhold()
    {
        var policy = Policy("""{ "permissions": { "network": { "connect": ["https://*.good.example"] }, "storage": "1MiB" } }""");
        var asked = new PermissionSet
        {
            Network = new() { Connect = [new() { Origin = OriginPattern.Parse("https://a.good.example") }, new() { Origin = OriginPattern.Parse("https://other.example") }] },
            Storage = "5MiB",
            Clipboard = ClipboardAccess.Write,
        };

        var (path, beyond) = Assert.Single(policy.Beyond(asked));

        Assert.Equal("first", path);
        Assert.Equal("https://other.example", Assert.Single(beyond.Network.Connect).ToString());
        Assert.Equal(("5MiB", ClipboardAccess.None), (beyond.Storage, beyond.Clipboard));
        Assert.Equal("1MiB", policy.Cut(asked).Storage);
    }

    [Theory]
    [InlineData("*", "", true)]
    [InlineData("prod-*", "prod-eu", true)]
    [InlineData("prod-*", "dev", false)]
    [InlineData("*/admin", "cluster/system/admin", true)]
    [InlineData("a*b*c", "aXXbYYc", true)]
    [InlineData("a*b*c", "aXXbYY", false)]
    [InlineData("", "a", false)]
    [InlineData("a", "ab", false)]
    [InlineData("a**", "a", true)]
    public void Matches_Glob_IsOfTheWholeName(string pattern, string name, bool expected) => Assert.Equal(expected, Glob.Matches(pattern, name));

    [Fact]
    public void Matches_ManyStars_EndsSoon() => Assert.False(Glob.Matches(string.Concat(Enumerable.Repeat("*a", 200)) + "b", new string('a', 5_000)));

    private static PolicyInForce Policy(string json) => PolicyInForce.None.And("first", Read(json));

    private static HostPolicy Read(string json)
    {
        Assert.True(PolicyInForce.Read(Encoding.UTF8.GetBytes(json)).TryGet(out var policy, out var problems), problems.IsDefault ? "" : Problem.Join(problems));
        return policy;
    }
}
