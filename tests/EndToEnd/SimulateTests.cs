using System.Diagnostics;

namespace LazyOC.EndToEnd.Tests;

/// <summary><c>lazyoc simulate</c> beside kubectl, and LazyOC over the network path.</summary>
public sealed class SimulateTests : IAsyncLifetime, IDisposable
{
    private readonly LazyOc _lazyoc = new();
    private Process _simulator = null!;

    private string Kubeconfig => _lazyoc.PathOf("kubeconfig");

    public async Task InitializeAsync()
    {
        _simulator = _lazyoc.Start("simulate", "--write-kubeconfig", Kubeconfig);
        // The line comes when the server listens and the kubeconfig is written.
        var line = await _simulator.StandardError.ReadLineAsync().WaitAsync(TimeSpan.FromMinutes(1));
        Assert.Contains("simulated cluster at https://", line);
    }

    public async Task DisposeAsync()
    {
        _simulator.Kill(entireProcessTree: true);
        await _simulator.WaitForExitAsync();
    }

    public void Dispose()
    {
        _simulator.Dispose();
        _lazyoc.Dispose();
    }

    [KubectlFact]
    public async Task Kubectl_AgainstTheSimulator_ListsDescribesAndReadsLogs()
    {
        Assert.Contains("recommendations-", await KubectlAsync("get", "pods", "-A"));
        Assert.Contains("deploy", await KubectlAsync("api-resources"));
        var (ns, pod) = await RunningPodAsync();
        Assert.Contains("Containers:", await KubectlAsync("describe", "pod", pod, "-n", ns));
        Assert.NotEmpty(await KubectlAsync("logs", pod, "-n", ns, "--tail", "3"));
    }

    [KubectlFact]
    public async Task Kubectl_Scales_AndLazyOcShowsIt()
    {
        var (ns, name) = await DeploymentAsync();

        await KubectlAsync("scale", "deployment", name, "-n", ns, "--replicas", "7");

        await EventuallyAsync(async () =>
        {
            var frame = await _lazyoc.OkAsync("--kubeconfig", Kubeconfig, "--size", "200x60", "--view", "deployments", "--namespace", ns);
            return frame.Split('\n').Any(line => line.Contains(name, StringComparison.Ordinal) && line.Contains("/7", StringComparison.Ordinal));
        });
    }

    [KubectlFact]
    public async Task Kubectl_Deletes_AndTheReplicaSetMakesAnother()
    {
        var (ns, pod) = await RunningPodAsync();
        await KubectlAsync("delete", "pod", pod, "-n", ns, "--wait=false");
        await EventuallyAsync(async () => !(await KubectlAsync("get", "pods", "-n", ns, "-o", "name")).Split('\n').Contains("pod/" + pod));
    }

    [KubectlFact]
    public async Task Kubectl_Watch_SeesAChange()
    {
        var (ns, name) = await DeploymentAsync();
        using var watch = _lazyoc.Start("kubectl", ["--kubeconfig", Kubeconfig, "get", "deployments", "-n", ns, "-w"]);
        try
        {
            Assert.Contains("NAME", await watch.StandardOutput.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(30)));
            await KubectlAsync("scale", "deployment", name, "-n", ns, "--replicas", "5");
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
            string? line;
            do line = await watch.StandardOutput.ReadLineAsync(patience.Token);
            while (line is not null && !(line.StartsWith(name + " ", StringComparison.Ordinal) && line.Contains("/5", StringComparison.Ordinal)));
            Assert.NotNull(line);
        }
        finally
        {
            watch.Kill();
        }
    }

    [Fact]
    public async Task Simulate_WritesAKubeconfigForItsUserAlone()
    {
        if (OperatingSystem.IsWindows()) return;
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Kubeconfig));
        Assert.Contains("recommendations-", await _lazyoc.OkAsync("--kubeconfig", Kubeconfig, "--size", "200x60"));
    }

    private async Task<(string Namespace, string Pod)> RunningPodAsync()
    {
        var owned = await KubectlAsync("get", "pods", "-A", "--field-selector", "status.phase=Running", "-o", "jsonpath={range .items[?(@.metadata.ownerReferences[0].kind==\"ReplicaSet\")]}{.metadata.namespace} {.metadata.name}{\"\\n\"}{end}");
        var words = owned.Split('\n')[0].Split(' ');
        return (words[0], words[1]);
    }

    private async Task<(string Namespace, string Name)> DeploymentAsync()
    {
        var words = (await KubectlAsync("get", "deployments", "-A", "-o", "jsonpath={.items[0].metadata.namespace} {.items[0].metadata.name}")).Split(' ');
        return (words[0], words[1]);
    }

    private async Task<string> KubectlAsync(params string[] arguments)
    {
        var run = await _lazyoc.RunAsync("kubectl", ["--kubeconfig", Kubeconfig, .. arguments]);
        Assert.True(run.ExitCode == 0, $"kubectl {string.Join(' ', arguments)} ended with {run.ExitCode}\n{run.Error}");
        return run.Output;
    }

    private static async Task EventuallyAsync(Func<Task<bool>> condition)
    {
        for (var attempt = 0; attempt < 30; attempt++)
        {
            if (await condition()) return;
            await Task.Delay(TimeSpan.FromMilliseconds(500));
        }

        Assert.Fail("It did not come true in 30 attempts.");
    }
}
