using System.Net;
using System.Net.Sockets;
using System.Text;

namespace LazyOC.EndToEnd.Tests;

/// <summary>Everything a user can get wrong gives one clear message, a hint and its exit code.</summary>
public sealed class BadInputTests : IDisposable
{
    private readonly LazyOc _lazyoc = new();

    public void Dispose() => _lazyoc.Dispose();

    [Theory]
    [InlineData(2, "--no-such-flag")]
    [InlineData(2, "--size", "wide")]
    [InlineData(2, "plugin", "install")]
    [InlineData(2, "plugin", "enable", "Not.An.Id")]
    [InlineData(2, "simulate", "--port", "99999")]
    [InlineData(4, "plugin", "install", "/no/such/file.lzp")]
    [InlineData(4, "--demo", "--view", "unicorns")]
    [InlineData(4, "--demo", "--view", "pods/no-such-pod")]
    public async Task BadArguments_GiveAMessageAHintAndTheirCode(int exitCode, params string[] arguments)
    {
        var run = await _lazyoc.RunAsync(arguments);
        AssertExplained(run, exitCode);
    }

    [Fact]
    public async Task NoKubeconfig_SaysWhereItLookedAndOffersTheDemo()
    {
        var run = await _lazyoc.RunAsync("--size", "120x40");
        AssertExplained(run, 5);
        Assert.Contains(".kube/config", run.Error);
        Assert.Contains("--demo", run.Error);
    }

    [Fact]
    public async Task BrokenKubeconfig_NamesFileAndLine()
    {
        File.WriteAllText(_lazyoc.PathOf("config"), "clusters:\n- name: a\n  cluster: [\n");
        var run = await _lazyoc.RunAsync("--kubeconfig", _lazyoc.PathOf("config"));
        AssertExplained(run, 5);
        Assert.Contains("config", run.Error);
    }

    [Fact]
    public async Task NothingListening_SaysThatTheServerIsNotReached()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        listener.Stop();
        var run = await _lazyoc.RunAsync("--kubeconfig", Kubeconfig($"http://127.0.0.1:{port}"));
        AssertExplained(run, 5);
        Assert.Contains($"127.0.0.1:{port}", run.Error);
    }

    [Fact]
    public async Task AWebServerThatIsNoCluster_IsCalledThat()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var stop = new CancellationTokenSource();
        var serving = ServeHtmlAsync(listener, stop.Token);

        var run = await _lazyoc.RunAsync("--kubeconfig", Kubeconfig($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}"));

        await stop.CancelAsync();
        await serving;
        AssertExplained(run, 5);
        Assert.Contains("not a Kubernetes API server", run.Error);
    }

    [Fact]
    public async Task ExpiredToken_SaysHowToLogInAgain()
    {
        await using var cluster = await Cluster.Simulator.SimulatedCluster.StartAsync(new Cluster.Simulator.SimulatorOptions { Scenario = "empty" });
        var kubeconfig = _lazyoc.PathOf("kubeconfig");
        await cluster.WriteKubeconfigAsync(kubeconfig);
        File.WriteAllText(kubeconfig, File.ReadAllText(kubeconfig).Replace(cluster.Token, "sha256~expired", StringComparison.Ordinal));

        var run = await _lazyoc.RunAsync("--kubeconfig", kubeconfig);

        AssertExplained(run, 5);
        Assert.Contains("oc login", run.Error);
    }

    private static void AssertExplained(ProgramRun run, int exitCode)
    {
        Assert.True(run.ExitCode == exitCode, $"ended with {run.ExitCode}: {run.Error}");
        Assert.StartsWith("lazyoc: ", run.Error);
        Assert.Contains("hint: ", run.Error);
        Assert.DoesNotContain("   at ", run.Error);
        Assert.DoesNotContain("Exception", run.Error);
    }

    private string Kubeconfig(string server)
    {
        var path = _lazyoc.PathOf("kubeconfig");
        File.WriteAllText(path, $$"""
            apiVersion: v1
            kind: Config
            current-context: test
            contexts: [{ name: test, context: { cluster: test, user: test } }]
            clusters: [{ name: test, cluster: { server: "{{server}}" } }]
            users: [{ name: test, user: { token: abc } }]
            """);
        return path;
    }

    private static async Task ServeHtmlAsync(TcpListener listener, CancellationToken stop)
    {
        var page = Encoding.ASCII.GetBytes("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 22\r\nConnection: close\r\n\r\n<html>Hello!</html>   ");
        try
        {
            while (true)
            {
                using var client = await listener.AcceptTcpClientAsync(stop);
                var stream = client.GetStream();
                _ = await stream.ReadAsync(new byte[4096], stop);
                await stream.WriteAsync(page, stop);
            }
        }
        catch (OperationCanceledException)
        {
            return;
        }
    }
}
