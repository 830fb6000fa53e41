using System.Diagnostics;

namespace LazyOC.Cluster.Simulator.Tests.Kubectl;

public sealed class KubectlReadTests(KubectlCluster kubectl) : IClassFixture<KubectlCluster>
{
    [KubectlFact]
    public async Task Get_AllPods_PrintsTheColumnsKubectlUsersKnow()
    {
        string[] lines = (await kubectl.RunAsync("get", "pods", "-A")).Split('\n');

        Assert.Equal(["NAMESPACE", "NAME", "READY", "STATUS", "RESTARTS", "AGE"], lines[0].Split(' ', StringSplitOptions.RemoveEmptyEntries));
        Assert.True(lines.Length > 35);
        Assert.Contains(lines, l => l.Contains("recommendations-", StringComparison.Ordinal) && (l.Contains("CrashLoopBackOff", StringComparison.Ordinal) || l.Contains("Running", StringComparison.Ordinal)));
    }

    [KubectlFact]
    public async Task Get_Wide_AddsThePriorityColumns()
    {
        string header = (await kubectl.RunAsync("get", "pods", "-o", "wide")).Split('\n')[0];

        Assert.Contains("NOMINATED NODE", header, StringComparison.Ordinal);
        Assert.Contains("IP", header, StringComparison.Ordinal);
    }

    [KubectlFact]
    public async Task Get_LabelAndFieldSelectors_FilterOnTheServer()
    {
        string names = await kubectl.RunAsync("get", "pods", "-l", "app=storefront", "--field-selector", "status.phase=Running", "-o", "name");

        Assert.Equal(3, names.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.All(names.Split('\n', StringSplitOptions.RemoveEmptyEntries), n => Assert.StartsWith("pod/storefront-", n, StringComparison.Ordinal));
    }

    [KubectlFact]
    public async Task Get_YamlAndJsonPath_ShowTheObject()
    {
        Assert.Contains("kind: Deployment", await kubectl.RunAsync("get", "deploy", "cart", "-o", "yaml"), StringComparison.Ordinal);
        Assert.Equal("quay.io/bookstore/cart:1.9.2", await kubectl.RunAsync("get", "deploy", "cart", "-o", "jsonpath={.spec.template.spec.containers[0].image}"));
    }

    [KubectlFact]
    public async Task GetWatch_PodChanges_PrintsARowForEach()
    {
        using Process watch = kubectl.Start("get", "configmaps", "-n", "bookstore-data", "-w");
        string? header = await watch.StandardOutput.ReadLineAsync();
        await watch.StandardOutput.ReadLineAsync();
        await kubectl.RunAsync("create", "configmap", "seen", "-n", "bookstore-data", "--from-literal=a=b");
        string? row = await watch.StandardOutput.ReadLineAsync();
        watch.Kill();

        Assert.StartsWith("NAME", header, StringComparison.Ordinal);
        Assert.StartsWith("seen", row, StringComparison.Ordinal);
    }

    [KubectlFact]
    public async Task Describe_PodDeploymentNodeService_TellTheirStory()
    {
        Assert.Contains("Back-off restarting failed container", await kubectl.RunAsync("describe", "pod", "-l", "app=recommendations"), StringComparison.Ordinal);
        Assert.Contains("StrategyType:", await kubectl.RunAsync("describe", "deployment", "cart"), StringComparison.Ordinal);
        Assert.Contains("Allocated resources:", await kubectl.RunAsync("describe", "node", "worker-0"), StringComparison.Ordinal);
        Assert.Contains("Endpoints:", await kubectl.RunAsync("describe", "service", "cart"), StringComparison.Ordinal);
    }

    [KubectlFact]
    public async Task Logs_DeploymentTailAndTimestamps_PrintLines()
    {
        string[] lines = (await kubectl.RunAsync("logs", "deployment/catalog", "--tail", "5", "--timestamps")).Split('\n', StringSplitOptions.RemoveEmptyEntries);

        Assert.Equal(5, lines.Length);
        Assert.All(lines, l => Assert.True(DateTimeOffset.TryParse(l.Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture, out _)));
    }

    [KubectlFact]
    public async Task LogsFollow_RunningContainer_KeepsPrinting()
    {
        using Process follow = kubectl.Start("logs", "-f", "deployment/storefront", "--tail", "1");
        Assert.NotNull(await follow.StandardOutput.ReadLineAsync());
        Assert.NotNull(await follow.StandardOutput.ReadLineAsync());
        follow.Kill();
    }

    [KubectlFact]
    public async Task ApiResourcesAndVersions_AreDiscovered()
    {
        string resources = await kubectl.RunAsync("api-resources");
        Assert.Contains("route.openshift.io/v1", resources, StringComparison.Ordinal);
        Assert.Contains("PipelineRun", resources, StringComparison.Ordinal);
        Assert.Contains("apps/v1\n", await kubectl.RunAsync("api-versions"), StringComparison.Ordinal);
    }

    [RecentKubectlFact]
    public async Task Explain_PodSpec_DescribesItsFields()
    {
        string text = await kubectl.RunAsync("explain", "pod.spec");

        Assert.Contains("containers", text, StringComparison.Ordinal);
        Assert.Contains("<[]Container>", text, StringComparison.Ordinal);
    }

    [KubectlFact]
    public async Task TopPodsAndNodes_PrintUse()
    {
        Assert.Contains("CPU(cores)", await kubectl.RunAsync("top", "pods"), StringComparison.Ordinal);
        Assert.Contains("worker-1", await kubectl.RunAsync("top", "nodes"), StringComparison.Ordinal);
    }

    [KubectlFact]
    public async Task ClusterInfo_NamesTheControlPlane() =>
        Assert.Contains("Kubernetes control plane", await kubectl.RunAsync("cluster-info"), StringComparison.Ordinal);

    [RecentKubectlFact]
    public async Task AuthCanI_AdminAndDeveloper_GetDifferentAnswers()
    {
        Assert.Equal("yes\n", await kubectl.RunAsync("auth", "can-i", "delete", "secrets"));
        Assert.Equal("yes\n", await kubectl.RunAsync("--context", "simulated-developer", "auth", "can-i", "get", "pods"));
        (int code, string output, _) = await kubectl.TryAsync(null, "--context", "simulated-developer", "auth", "can-i", "delete", "deployments");
        Assert.Equal((1, "no\n"), (code, output));
        Assert.Contains("developer", await kubectl.RunAsync("--context", "simulated-developer", "auth", "whoami"), StringComparison.Ordinal);
    }

    [KubectlFact]
    public async Task Get_WithoutTheRight_IsForbidden()
    {
        (int code, _, string errors) = await kubectl.TryAsync(null, "--context", "simulated-developer", "get", "secrets");

        Assert.Equal(1, code);
        Assert.Contains("Error from server (Forbidden): secrets is forbidden: User \"developer\" cannot list resource \"secrets\"", errors, StringComparison.Ordinal);
    }

    [KubectlFact]
    public async Task Get_CustomResources_UseTheirPrinterColumns()
    {
        Assert.Contains("SYNC STATUS", await kubectl.RunAsync("get", "applications", "-n", "bookstore-ci"), StringComparison.Ordinal);
        Assert.Contains("Failed", await kubectl.RunAsync("get", "pr", "-n", "bookstore-ci"), StringComparison.Ordinal);
    }
}
