using System.Text.Json;

namespace LazyOC.Cluster.Simulator.Tests.Kubectl;

/// <summary>The manifests of the marketplace's server, as kubectl renders and sends them.</summary>
public sealed class MarketManifestTests(KubectlCluster kubectl) : IClassFixture<KubectlCluster>
{
    private static string Deploy
    {
        get
        {
            var directory = new DirectoryInfo(AppContext.BaseDirectory);
            while (!File.Exists(Path.Combine(directory!.FullName, "LazyOC.slnx"))) directory = directory.Parent;
            return Path.Combine(directory.FullName, "deploy");
        }
    }

    [RecentKubectlTheory]
    [InlineData("openshift", "route.route.openshift.io/lazyoc-market")]
    [InlineData("kubernetes", "ingress.networking.k8s.io/lazyoc-market")]
    public async Task Manifests_AreTakenByKubectlAndByTheServer(string flavor, string way)
    {
        var folder = Path.Combine(Deploy, flavor);
        string[] expected = ["deployment.apps/lazyoc-market", "networkpolicy.networking.k8s.io/lazyoc-market", "persistentvolumeclaim/lazyoc-market", "poddisruptionbudget.policy/lazyoc-market", way, "service/lazyoc-market", "serviceaccount/lazyoc-market"];
        foreach (var run in new[] { "client", "server" })
        {
            var output = await kubectl.RunAsync("apply", "-k", folder, $"--dry-run={run}", "-o", "name");
            Assert.Equal(expected.Order(StringComparer.Ordinal), output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal));
        }
    }

    [RecentKubectlFact]
    public async Task Pod_IsRestricted_AndIsAskedHowItFares()
    {
        using var deployment = JsonDocument.Parse(await kubectl.RunAsync("apply", "-k", Path.Combine(Deploy, "openshift"), "--dry-run=client", "-o", "json"));
        var items = deployment.RootElement.GetProperty("items").EnumerateArray().ToDictionary(item => item.GetProperty("kind").GetString()!, StringComparer.Ordinal);
        var pod = items["Deployment"].GetProperty("spec").GetProperty("template").GetProperty("spec");
        Assert.True(pod.GetProperty("securityContext").GetProperty("runAsNonRoot").GetBoolean());
        Assert.Equal("RuntimeDefault", pod.GetProperty("securityContext").GetProperty("seccompProfile").GetProperty("type").GetString());
        Assert.False(pod.GetProperty("automountServiceAccountToken").GetBoolean());
        var container = Assert.Single(pod.GetProperty("containers").EnumerateArray());
        var rights = container.GetProperty("securityContext");
        Assert.False(rights.GetProperty("allowPrivilegeEscalation").GetBoolean());
        Assert.True(rights.GetProperty("readOnlyRootFilesystem").GetBoolean());
        Assert.Equal("ALL", Assert.Single(rights.GetProperty("capabilities").GetProperty("drop").EnumerateArray()).GetString());
        Assert.Equal("/readyz", container.GetProperty("readinessProbe").GetProperty("httpGet").GetProperty("path").GetString());
        Assert.Equal("/healthz", container.GetProperty("livenessProbe").GetProperty("httpGet").GetProperty("path").GetString());
        // What selects pods selects this one, and nothing else of the namespace.
        var label = items["Deployment"].GetProperty("spec").GetProperty("template").GetProperty("metadata").GetProperty("labels").GetProperty("app.kubernetes.io/name").GetString();
        Assert.Equal(label, items["PodDisruptionBudget"].GetProperty("spec").GetProperty("selector").GetProperty("matchLabels").GetProperty("app.kubernetes.io/name").GetString());
        Assert.Equal(label, items["NetworkPolicy"].GetProperty("spec").GetProperty("podSelector").GetProperty("matchLabels").GetProperty("app.kubernetes.io/name").GetString());
        Assert.Equal(label, items["Service"].GetProperty("spec").GetProperty("selector").GetProperty("app.kubernetes.io/name").GetString());
    }
}
