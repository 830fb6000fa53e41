using System.Collections.Immutable;
using System.ComponentModel;
using LazyOC.Cluster.Simulator;

namespace LazyOC.Cli.Commands.Bench;

/// <summary>
/// Time from starting the program to a settled frame. The peer lists the same pods of a simulated cluster that already
/// runs; the demo row starts that cluster too.
/// </summary>
internal static class StartBench
{
    private static readonly string[] Kubectl = ["get", "pods", "-A"];

    public static async Task<BenchReport> RunAsync(int runs, CancellationToken cancellationToken)
    {
        var home = Directory.CreateTempSubdirectory("lazyoc-bench-");
        try
        {
            await using var cluster = await SimulatedCluster.StartAsync(new SimulatorOptions(), cancellationToken);
            var kubeconfig = Path.Combine(home.FullName, "kubeconfig");
            await cluster.WriteKubeconfigAsync(kubeconfig, cancellationToken);
            var environment = new Dictionary<string, string> { ["LAZYOC_HOME"] = home.FullName, ["KUBECACHEDIR"] = Path.Combine(home.FullName, "kubectl") };
            var (demo, real, kubectl) = (new List<double>(), new List<double>(), new List<double>());
            var missing = ImmutableArray<string>.Empty;

            // One round more: the first installs the demo's plugins and fills the file caches.
            for (var run = 0; run <= runs; run++)
            {
                await TimeAsync(Environment.ProcessPath!, ["--demo", "--size", "160x48"], demo);
                await TimeAsync(Environment.ProcessPath!, ["--kubeconfig", kubeconfig, "--size", "160x48"], real);
                if (!missing.IsEmpty) continue;
                try
                {
                    await TimeAsync("kubectl", ["--kubeconfig", kubeconfig, .. Kubectl], kubectl);
                }
                catch (Win32Exception error)
                {
                    missing = [$"kubectl: {error.Message}"];
                }
            }

            return new BenchReport
            {
                Subject = "start",
                Rows =
                [
                    new BenchRow { Name = "demo: cluster, plugins, settled frame", Unit = "ms", Ours = Median.Of(demo.Skip(1)) },
                    new BenchRow
                    {
                        Name = "running cluster: settled frame of all pods",
                        Unit = "ms",
                        Ours = Median.Of(real.Skip(1)),
                        Peers = missing.IsEmpty
                            ? ImmutableSortedDictionary<string, double>.Empty.Add($"kubectl {string.Join(' ', Kubectl)}", Median.Of(kubectl.Skip(1)))
                            : ImmutableSortedDictionary<string, double>.Empty,
                    },
                ],
                Missing = missing,
            };

            async Task TimeAsync(string program, string[] arguments, List<double> samples)
            {
                var child = await ChildProcess.RunAsync(program, arguments, environment, cancellationToken: cancellationToken);
                if (child.ExitCode != 0)
                    throw new UserError(ExitCode.Failed, $"`{program} {string.Join(' ', arguments)}` ended with {child.ExitCode}: {child.Error.Trim()}");
                samples.Add(child.Elapsed.TotalMilliseconds);
            }
        }
        finally
        {
            home.Delete(recursive: true);
        }
    }
}
