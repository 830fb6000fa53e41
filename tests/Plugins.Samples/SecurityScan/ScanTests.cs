using System.Text.Json;
using System.Text.Json.Nodes;
using LazyOC.Plugins.Contracts.Messages;
using LazyOC.Plugins.Contracts.Versions;
using LazyOC.Plugins.Contracts.Views;
using LazyOC.Plugins.Packages;
using LazyOC.Plugins.Runtime;
using LazyOC.Plugins.Runtime.Extensions;

namespace LazyOC.Plugins.Samples.Tests.SecurityScan;

/// <summary>What the security scan shows, says about changes, keeps and exports, over the simulated bookstore.</summary>
public sealed class ScanTests
{
    private const string Id = "lazyoc.security-scan";
    private static readonly ObjectReference Search = Sample.Reference("Deployment", "search", "apps");

    [Fact]
    public async Task Columns_OfDeployments_CountFindingsAndVulnerabilities()
    {
        await using var sample = await Sample.StartAsync("security-scan");
        sample.Fixture.Cluster.Store.Apply(RuleFixtures.Good.Replace("\"template\"", "\"selector\": { \"matchLabels\": { \"app\": \"good\" } }, \"template\"", StringComparison.Ordinal).Replace("\"metadata\": {}", "\"metadata\": { \"labels\": { \"app\": \"good\" } }", StringComparison.Ordinal));

        var findings = await sample.CellsAsync($"{Id}.findings", (Search, ["1"]), (Sample.Reference("Deployment", "good", "apps"), ["1"]), (Sample.Reference("Deployment", "gone", "apps"), ["1"]));
        var vulnerabilities = await sample.CellsAsync($"{Id}.vulnerabilities", (Search, ["1"]), (Sample.Reference("Deployment", "checkout", "apps"), ["1"]), (Sample.Reference("Deployment", "newsletter", "apps"), ["1"]));

        Assert.Equal(["4M 3L", "✓", "-"], findings.Select(cell => cell.Text));
        Assert.True(findings[0].Sort > findings[1].Sort);
        // Two replica sets of the search, each with its report of the same.
        Assert.Equal(["2C 1M 1L", "0", "-"], vulnerabilities.Select(cell => cell.Text));
    }

    [Fact]
    public async Task Tab_OfADeployment_ListsFindingsExplainsThemAndShowsVulnerabilities()
    {
        await using var sample = await Sample.StartAsync("security-scan");
        using var tab = sample.Extensions.OpenTab($"{Id}.deployment", Search, 100, 30);

        var tables = (await sample.DrawnAsync(tab)).Of<ViewNode.Table>().ToArray();

        Assert.Contains(tables[0].Texts(), row => row.StartsWith("medium | PSS-R03 | May run as root | spec.template.spec.containers[0]", StringComparison.Ordinal));
        Assert.Equal(4, tables[1].Rows.Length);
        Assert.StartsWith("critical | CVE-2021-44228 | org.apache.logging.log4j:log4j-core 2.14.1 | 2.15.0", tables[1].Texts()[0], StringComparison.Ordinal);
        var explained = await sample.InputAsync(tab, new ViewInput { Node = "rules", Event = ViewEvent.Activate, Row = "PSS-R03" });
        Assert.Contains("runAsNonRoot", explained.Of<ViewNode.Markdown>().Single().Content, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Finding_Accepted_NoLongerCountsAndSaysWhy()
    {
        await using var sample = await Sample.StartAsync("security-scan");
        sample.User.Reply = question => question.Contains("Accept PSS-R03", StringComparison.Ordinal) ? JsonSerializer.SerializeToElement(new { reason = "legacy image, replaced in May", days = 30 }) : null;
        using var tab = sample.Extensions.OpenTab($"{Id}.deployment", Search, 100, 30);
        await sample.DrawnAsync(tab);

        var accepted = await sample.InputAsync(tab, new ViewInput { Node = "rules", Event = ViewEvent.RowAction, Row = "PSS-R03", Action = "accept" });

        Assert.Contains("accepted | PSS-R03 | May run as root | legacy image, replaced in May", accepted.Of<ViewNode.Table>().First().Texts());
        Assert.Equal("3M 3L", (await sample.CellsAsync($"{Id}.findings", (Search, ["1"])))[0].Text);

        var withdrawn = await sample.InputAsync(tab, new ViewInput { Node = "rules", Event = ViewEvent.RowAction, Row = "PSS-R03", Action = "withdraw" });
        Assert.Contains(withdrawn.Of<ViewNode.Table>().First().Texts(), row => row.StartsWith("medium | PSS-R03", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Pages_AndCard_SumUpTheCluster()
    {
        await using var sample = await Sample.StartAsync("security-scan");

        var report = await sample.LookAsync(sample.Extensions.OpenPage($"{Id}.report", 120, 40));
        var card = await sample.LookAsync(sample.Extensions.OpenCard($"{Id}.card", 40, 8));

        var rows = report.Of<ViewNode.Table>().Single().Texts();
        Assert.Contains(rows, row => row.StartsWith("medium | Deployment | bookstore | search | ", StringComparison.Ordinal));
        Assert.StartsWith("critical | ClusterRole |  | ci-deployer | 1 |", rows[0], StringComparison.Ordinal);
        Assert.Contains(rows, row => row.StartsWith("high | DaemonSet | openshift-monitoring | node-exporter | ", StringComparison.Ordinal));
        // What belongs to a deployment is looked at there, and roles that come with the cluster are as wide as they are meant to be.
        Assert.DoesNotContain(rows, row => row.Contains("| Pod | bookstore | search-", StringComparison.Ordinal) || row.Contains("| cluster-admin |", StringComparison.Ordinal));
        Assert.Equal(["critical", "high", "medium", "low"], card.Of<ViewNode.Chart>().Single().Series.Select(series => series.Label));
        Assert.Empty(report.Of<ViewNode.Error>());
    }

    [Fact]
    public async Task Report_OfTrivy_IsShownInThePlaceOfItsOverview()
    {
        await using var sample = await Sample.StartAsync("security-scan");
        var name = (string)sample.Fixture.Cluster.Store.List("aquasecurity.github.io/v1alpha1", "VulnerabilityReport", "bookstore").First(report => ((string)report["metadata"]!["name"]!).EndsWith("-storefront", StringComparison.Ordinal))["metadata"]!["name"]!;

        var drawn = await sample.LookAsync(sample.Extensions.OpenResourceView($"{Id}.trivy", Sample.Reference("VulnerabilityReport", name, "aquasecurity.github.io"), null, 100, 30));

        Assert.Equal(4, drawn.Of<ViewNode.Table>().Single().Rows.Length);
    }

    [Theory]
    [InlineData("warn", "high", 0, 1)]
    [InlineData("deny", "high", 1, 0)]
    [InlineData("off", "high", 0, 0)]
    // Nothing of this change is critical but the privileged container.
    [InlineData("deny", "critical", 1, 0)]
    public async Task Hook_AChangeThatMakesThingsWorse_IsTreatedAsTheSettingSays(string policy, string severity, int denials, int warnings)
    {
        await using var sample = await Sample.CreateAsync("security-scan");
        sample.Set(Id, "policy", policy);
        sample.Set(Id, "policySeverity", severity);
        await sample.StartAsync();

        var verdict = await ChangeAsync(sample, tree => tree["spec"]!["template"]!["spec"]!["containers"]![0]!["securityContext"] = new JsonObject { ["privileged"] = true });

        Assert.Equal((denials, warnings, 0), (verdict.Denials.Length, verdict.Warnings.Length, verdict.Unanswered.Length));
        Assert.All(verdict.Denials.Concat(verdict.Warnings), remark => Assert.StartsWith("PSS-B04 Privileged container (critical). Remove `privileged`", remark.Text, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Hook_WhatWasBrokenBefore_StopsNobody()
    {
        await using var sample = await Sample.CreateAsync("security-scan");
        sample.Set(Id, "policy", "deny");
        sample.Set(Id, "policySeverity", "low");
        await sample.StartAsync();

        Assert.True((await ChangeAsync(sample, tree => tree["metadata"]!["labels"]!["note"] = "x")).IsFree);
        Assert.Contains("REL-01", Assert.Single((await ChangeAsync(sample, tree => tree["spec"]!["template"]!["spec"]!["containers"]![0]!.AsObject().Remove("resources"))).Denials).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Export_WritesSarif()
    {
        await using var sample = await Sample.CreateAsync();
        var folder = Directory.CreateDirectory(Path.Combine(sample.Home, "reports")).FullName;
        sample.Fixture.With(Sample.WithFolder(Sample.Packed("security-scan"), "reports", folder));
        await sample.StartAsync();
        sample.User.Reply = _ => JsonSerializer.SerializeToElement(new { reason = "known" });
        using (var tab = sample.Extensions.OpenTab($"{Id}.deployment", Search, 100, 30))
        {
            await sample.DrawnAsync(tab);
            await sample.InputAsync(tab, new ViewInput { Node = "rules", Event = ViewEvent.RowAction, Row = "PSS-R03", Action = "accept" });
        }

        await sample.RunAsync($"{Id}.sarif");

        using var log = JsonDocument.Parse(await File.ReadAllBytesAsync(Path.Combine(folder, "security.sarif")));
        var results = SarifShape.Check(log.RootElement);
        Assert.True(results.Count > 50);
        var search = results.Where(result => result.GetProperty("locations")[0].GetProperty("physicalLocation").GetProperty("artifactLocation").GetProperty("uri").GetString() == "bookstore/Deployment/search.yaml").ToList();
        Assert.Equal(7, search.Count);
        Assert.Equal("known", search.Single(result => result.GetProperty("ruleId").GetString() == "PSS-R03").GetProperty("suppressions")[0].GetProperty("justification").GetString());
        Assert.True(log.RootElement.GetProperty("runs")[0].GetProperty("invocations")[0].GetProperty("executionSuccessful").GetBoolean());
    }

    [Fact]
    public async Task Export_WithoutAFolder_SaysWhatToDo()
    {
        await using var sample = await Sample.StartAsync("security-scan");

        await sample.RunAsync($"{Id}.sarif");

        Assert.Contains(sample.User.Shown, shown => shown.Contains("choose a folder for `reports`", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Scan_ByAUserWhoMayNotReadRoles_SaysWhatItLeftOut()
    {
        await using var sample = await Sample.CreateAsync("security-scan");
        sample.Fixture.ActAsDeveloper();
        await sample.StartAsync();

        var report = await sample.LookAsync(sample.Extensions.OpenPage($"{Id}.report", 120, 40));

        Assert.Contains(report.Of<ViewNode.Text>(), text => text.Spans[0].Text.Contains("ClusterRole could not be read", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Migration_OfVersion1_TurnsItsListIntoWaivers()
    {
        await using var sample = await Sample.CreateAsync();
        var second = Sample.Packed("security-scan");
        sample.Fixture.WithJavaScript(Id, """ "activation": ["onStartup"], "permissions": { "storage": "2MiB" }, """, """
            lazyoc.on("command", async () => {
              await lazyoc.call("storage.set", { key: "ignored", value: ["PSS-R03 Deployment/bookstore/search", "RBAC-01 ClusterRole//ops", "nonsense", "PSS-R03 Deployment/bookstore/search"] });
            });
            """);
        await sample.StartAsync();
        await sample.RunAsync($"{Id}.command");

        var change = Assert.Single(await sample.Fixture.Host.ApplyAsync([second with { Entry = second.Entry with { StoreEpoch = 2, StoreOrigin = new StoreOrigin(1, SemanticVersion.Parse("1.0.0")) } }]));

        Assert.IsType<PluginChange.Swapped>(change);
        var drawn = await sample.LookAsync(sample.Extensions.OpenTab($"{Id}.deployment", Search, 100, 30));
        Assert.Contains("accepted | PSS-R03 | May run as root | accepted before reasons were asked for", drawn.Of<ViewNode.Table>().First().Texts());
    }

    [Fact]
    public async Task Exporter_OfPrometheus_AsksForTheSummary()
    {
        await using var sample = await Sample.CreateAsync("security-scan");
        var answer = new TaskCompletionSource<JsonElement>(TaskCreationOptions.RunContinuationsAsynchronously);
        sample.Fixture.With("acme.caller", """{ "services": { "call": ["lazyoc.security-scan/summary"] } }""", async turn =>
        {
            if (turn.Message.Type == MessageType.Command) answer.SetResult((await turn.CallAsync("services.call", """{"service":"lazyoc.security-scan/summary","input":{}}""")).GetProperty("output").Clone());
            return "{}";
        }, "onCommand:ID.command");
        await sample.StartAsync();

        await sample.RunAsync("acme.caller.command");

        var counts = (await answer.Task).GetProperty("counts").EnumerateArray().ToDictionary(count => $"{count.GetProperty("namespace").GetString()} {count.GetProperty("severity").GetString()}", count => count.GetProperty("findings").GetInt32());
        Assert.True(counts["bookstore medium"] >= 4 * 7);
    }

    private static async Task<HookVerdict> ChangeAsync(Sample sample, Action<JsonObject> change)
    {
        var kind = (await sample.Fixture.Session().Client.Discovery.GetAsync()).Resolve("deployments")!;
        var tree = sample.Fixture.Cluster.Store.Get("apps/v1", "Deployment", "bookstore", "search")!;
        change(tree);
        return await sample.Extensions.AskHooksAsync(new UserChange { Kind = kind, Verb = "update", Reference = Search, Object = JsonSerializer.SerializeToElement(tree) });
    }
}
