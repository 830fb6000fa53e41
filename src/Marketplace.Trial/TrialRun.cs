using System.Security.Cryptography;
using System.Text.Json;
using LazyOC.Cluster;
using LazyOC.Cluster.Config;
using LazyOC.Cluster.Simulator;
using LazyOC.Marketplace.Protocol.Api;
using LazyOC.Plugins.Packages;
using LazyOC.Plugins.Runtime;
using LazyOC.Plugins.Sandbox.Audit;

namespace LazyOC.Marketplace.Trial;

/// <summary>Tries one plugin: starts it against a simulated cluster in this process, granted all that it asks for, visits what it contributes, and tells what it did.</summary>
internal static class TrialRun
{
    private const string Namespace = "bookstore";

    /// <summary>Reads a package, tries it in the current folder, and writes the report.</summary>
    /// <returns>The exit code; what is wrong is told on standard error.</returns>
    public static async Task<int> FromInputAsync(Stream input, Stream output)
    {
        var limits = new TrialLimits();
        var bytes = new byte[limits.PackageBytes + 1];
        var length = await input.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false);
        if (length > limits.PackageBytes || !PluginPackage.Open(bytes.AsMemory(0, length)).TryGet(out var package, out var problems))
        {
            await Console.Error.WriteLineAsync("error: what came on standard input is no package of a plugin");
            return 2;
        }
        var report = await RunAsync(package, Environment.CurrentDirectory, limits);
        await output.WriteAsync(JsonSerializer.SerializeToUtf8Bytes(report, TrialJson.Default.TrialReport));
        return 0;
    }

    /// <param name="package">The plugin.</param>
    /// <param name="folder">An empty one, for what it stores and for the cluster's socket.</param>
    /// <param name="limits">What is done at most.</param>
    public static async Task<TrialReport> RunAsync(PluginPackage package, string folder, TrialLimits limits)
    {
        var socket = Path.Combine(folder, "cluster");
        await using var cluster = await SimulatedCluster.StartAsync(new SimulatorOptions { Socket = socket });
        await using var client = new ClusterClient(new ClusterOptions
        {
            Server = cluster.Server,
            Socket = socket,
            Context = "trial",
            ClusterName = "trial",
            UserName = "kubeadmin",
            Namespace = Namespace,
            CertificateAuthorityPem = cluster.CertificateAuthorityPem,
            Token = cluster.Token,
        });
        var record = new CallRecord(package.Manifest.Id, limits);
        await using var audit = Plugins.Sandbox.Audit.AuditLog.Begin(new AuditMemory(), new AuditLimits(), TimeProvider.System, RandomNumberGenerator.Fill, reads: AuditReads.All);
        using var listening = audit.Listen(record.Add);
        var session = new ClusterSession { Client = client, Context = "trial", User = "kubeadmin", Namespace = Namespace };
        var host = await PluginHost.StartAsync(new PluginHostOptions
        {
            Plugins = [Granted(package, folder)],
            Session = session,
            Audit = audit,
            Bug = static (what, bug) => Console.Error.WriteLine($"bug: {what}: {bug}"),
            Log = static (_, _, _) => { },
            Data = Path.Combine(folder, "data"),
            Limits = new RuntimeLimits
            {
                ActivateDeadline = limits.StartTime,
                ComputeDeadline = limits.AnswerTime,
                RenderDeadline = limits.AnswerTime,
                MessageDeadline = limits.AnswerTime,
                HookDeadline = limits.AnswerTime,
                LogLinesDeadline = limits.AnswerTime,
            },
        });
        try
        {
            host.Extensions.UserPrompts = new SimulatedUser();
            var visits = new Visits(host, session, cluster, limits);
            await SettleAsync(host, limits.StartTime);
            using var late = new CancellationTokenSource(limits.VisitsTime);
            var visited = await visits.MakeAsync(package.Manifest.Contributes, late.Token);
            await cluster.AdvanceAsync(1);
            await Task.Delay(limits.AfterTime);
            visits.End();
            await audit.FlushAsync();
            return record.ToReport(visited);
        }
        finally
        {
            await host.DisposeAsync();
        }
    }

    /// <summary>The plugin with all that it asks for, and an empty folder for each that it wants of the user.</summary>
    private static InstalledPlugin Granted(PluginPackage package, string folder)
    {
        var plugin = package.ForDevelopment();
        var granted = plugin.Manifest.Permissions;
        granted = granted with { Files = [.. granted.Files.Select(rule => rule with { Host = Directory.CreateDirectory(Path.Combine(folder, "mnt", rule.Mount)).FullName })] };
        return plugin with { Entry = plugin.Entry with { Granted = granted, GrantDigest = granted.ComputeDigest() } };
    }

    private static async Task SettleAsync(PluginHost host, TimeSpan atMost)
    {
        using var late = new CancellationTokenSource(atMost);
        try
        {
            await host.Extensions.WhenSettledAsync(late.Token);
        }
        catch (OperationCanceledException)
        {
            // Whatever has not begun by then is met by the visits, or never.
        }
    }
}
