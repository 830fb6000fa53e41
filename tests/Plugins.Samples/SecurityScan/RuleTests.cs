using System.Text.Json;
using System.Text.Json.Nodes;
using LazyOC.Plugins.Contracts.Messages;

namespace LazyOC.Plugins.Samples.Tests.SecurityScan;

/// <summary>Every rule of the security scan, asked as another plugin asks: what it must catch, and what it must not.</summary>
public sealed class RuleTests(RuleTests.Asked asked) : IClassFixture<RuleTests.Asked>
{
    private static IEnumerable<string> Fixed => RuleFixtures.Pods.Concat(RuleFixtures.Objects).Select(fixture => fixture.Rule);

    public static TheoryData<string> Rules => [.. Fixed];

    [Theory]
    [MemberData(nameof(Rules))]
    public async Task Rule_Broken_IsFound_AndKept_IsNot(string rule)
    {
        var (breaks, keeps) = RuleFixtures.Pods.FirstOrDefault(fixture => fixture.Rule == rule) is { } pod
            ? (WithPod(pod.Breaks), WithPod(pod.Keeps))
            : RuleFixtures.Objects.Single(fixture => fixture.Rule == rule) is var whole ? (JsonNode.Parse(whole.Breaks)!, JsonNode.Parse(whole.Keeps)!) : default;

        Assert.Contains(rule, await asked.CheckAsync(breaks));
        Assert.DoesNotContain(rule, await asked.CheckAsync(keeps));
        // The baseline level leaves out what only the restricted standard forbids, and nothing else.
        Assert.Equal(!rule.StartsWith("PSS-R", StringComparison.Ordinal), (await asked.CheckAsync(breaks, "baseline")).Contains(rule));
    }

    [Fact]
    public async Task Rules_Each_HaveAFixtureAndSayWhyAndHow()
    {
        var rules = (await asked.CallAsync("rules", new JsonObject())).GetProperty("rules").EnumerateArray().ToArray();

        Assert.Equal(Fixed.Order(StringComparer.Ordinal), rules.Select(rule => rule.GetProperty("id").GetString()!).Order(StringComparer.Ordinal));
        Assert.All(rules, rule => Assert.All(new[] { "title", "reason", "mend" }, name => Assert.True(rule.GetProperty(name).GetString()!.Length > 10)));
        Assert.All(rules, rule => Assert.Contains(rule.GetProperty("severity").GetString(), new[] { "critical", "high", "medium", "low" }));
    }

    [Fact]
    public async Task Workload_ThatKeepsEveryRule_HasNoFindings() => Assert.Empty(await asked.CheckAsync(JsonNode.Parse(RuleFixtures.Good)!));

    [Theory]
    [InlineData("Pod", "spec")]
    [InlineData("StatefulSet", "spec.template.spec")]
    [InlineData("DaemonSet", "spec.template.spec")]
    [InlineData("ReplicaSet", "spec.template.spec")]
    [InlineData("DeploymentConfig", "spec.template.spec")]
    [InlineData("Job", "spec.template.spec")]
    [InlineData("CronJob", "spec.jobTemplate.spec.template.spec")]
    public async Task Workload_OfAnyKind_IsReadWhereItsPodsAre(string kind, string path)
    {
        JsonNode at = JsonNode.Parse("""{ "hostNetwork": true, "containers": [] }""")!;
        foreach (var name in path.Split('.').Reverse()) at = new JsonObject { [name] = at };
        at["kind"] = kind;
        at["metadata"] = new JsonObject { ["name"] = "x" };

        var findings = (await asked.CallAsync("check", new JsonObject { ["object"] = at })).GetProperty("findings").EnumerateArray();

        Assert.Contains(findings, finding => finding.GetProperty("rule").GetString() == "PSS-B01" && finding.GetProperty("path").GetString() == $"{path}.hostNetwork");
    }

    [Theory]
    [InlineData("""{ "kind": "Deployment", "metadata": { "name": "x" } }""")]
    [InlineData("""{ "kind": "Pod", "metadata": { "name": "x" }, "spec": {} }""")]
    [InlineData("""{ "kind": "ConfigMap", "metadata": { "name": "x" }, "data": {} }""")]
    [InlineData("""{ "kind": "ClusterRole", "metadata": { "name": "x" }, "rules": null }""")]
    public async Task Object_WithNothingInIt_IsNoFault(string json) => Assert.DoesNotContain(await asked.CheckAsync(JsonNode.Parse(json)!), rule => rule.StartsWith("PSS", StringComparison.Ordinal));

    private static JsonNode WithPod(string change)
    {
        var deployment = JsonNode.Parse(RuleFixtures.Good)!;
        var pod = deployment["spec"]!["template"]!["spec"]!.AsObject();
        var patch = JsonNode.Parse(change)!.AsObject();
        if (patch["container"] is { } container)
        {
            patch.Remove("container");
            Merge(pod["containers"]![0]!.AsObject(), container.AsObject());
        }
        Merge(pod, patch);
        return deployment;
    }

    /// <summary>A merge patch, RFC 7396.</summary>
    private static void Merge(JsonObject target, JsonObject patch)
    {
        foreach (var (name, value) in patch)
        {
            if (value is null) target.Remove(name);
            else if (value is JsonObject inner && target[name] is JsonObject there) Merge(there, inner);
            else target[name] = value.DeepClone();
        }
    }

    /// <summary>One host for all rules, with a plugin that asks the scan's services.</summary>
    public sealed class Asked : IAsyncLifetime
    {
        private const string Caller = "acme.caller";
        private Sample _sample = null!;
        private (string Service, JsonNode Input, TaskCompletionSource<JsonElement> Answer) _call;

        public async Task InitializeAsync()
        {
            _sample = await Sample.CreateAsync("security-scan");
            _sample.Fixture.With(Caller, """{ "services": { "call": ["lazyoc.security-scan/*"] } }""", async turn =>
            {
                if (turn.Message.Type != MessageType.Command) return "{}";
                var answer = await turn.CallAsync("services.call", new JsonObject { ["service"] = $"lazyoc.security-scan/{_call.Service}", ["input"] = _call.Input.DeepClone() }.ToJsonString());
                _call.Answer.SetResult(answer.GetProperty("output").Clone());
                return "{}";
            }, "onCommand:ID.command");
            await _sample.StartAsync();
        }

        public async Task<JsonElement> CallAsync(string service, JsonNode input)
        {
            _call = (service, input, new TaskCompletionSource<JsonElement>(TaskCreationOptions.RunContinuationsAsynchronously));
            await _sample.RunAsync($"{Caller}.command");
            return await _call.Answer.Task;
        }

        public async Task<string[]> CheckAsync(JsonNode obj, string level = "restricted") =>
            [.. (await CallAsync("check", new JsonObject { ["object"] = obj.DeepClone(), ["level"] = level })).GetProperty("findings").EnumerateArray().Select(finding => finding.GetProperty("rule").GetString()!)];

        public Task DisposeAsync() => _sample.DisposeAsync().AsTask();
    }
}
