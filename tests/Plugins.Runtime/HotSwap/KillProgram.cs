using System.Collections.Immutable;
using System.Text.Json;
using LazyOC.Cluster;
using LazyOC.Cluster.Config;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Packages;
using LazyOC.Plugins.Runtime.Extensions;
using LazyOC.Plugins.Runtime.Lifecycle;
using LazyOC.Plugins.Sandbox.Audit;

namespace LazyOC.Plugins.Runtime.Tests.HotSwap;

/// <summary>
/// The program that this assembly is besides its tests: a host on a home, told by lines what to do, that stops for good at a
/// step of a swap, to be killed there. It tells when it has (<c>at STEP</c>), and each key that is stored for certain
/// (<c>stored KEY</c>).
/// </summary>
internal static class KillProgram
{
    // Never spoken to.
    private static readonly ClusterClient Client = new(new ClusterOptions { Server = new Uri("https://127.0.0.1:1") });

    /// <param name="arguments">The home, and the step to stop at: one that a host names, <c>half</c> of a migration, or none.</param>
    public static async Task<int> Main(string[] arguments)
    {
        var (home, step) = (arguments[0], arguments.ElementAtOrDefault(1));
        await using var audit = AuditLog.Begin(new AuditMemory(), new AuditLimits(), TimeProvider.System, span => span.Clear());
        await using var host = await PluginHost.StartAsync(Options(home, audit) with
        {
            Log = (_, _, line) => { if (line.Contains(NumbersPlugin.Half, StringComparison.Ordinal)) StopAt("half"); },
            BeforeStep = StopAt,
        });
        await host.Extensions.WhenSettledAsync();
        // As it does when its plugin writes unattended.
        using var leads = LeaderLock.TryTake(StoreOf(home).Data, PluginId.Parse(NumbersPlugin.Id));
        Say($"ready {host.Plugins.Single().Version}");
        while (await Console.In.ReadLineAsync() is { } line)
        {
            switch (line.Split(' '))
            {
                case ["store", var prefix]:
                    _ = StoreAsync(host, prefix);
                    break;
                case ["apply"]:
                    _ = ApplyAsync(host, home);
                    break;
            }
        }
        return 0;

        void StopAt(string name)
        {
            if (name != step) return;
            Say($"at {name}");
            Thread.Sleep(Timeout.Infinite);
        }
    }

    /// <summary>A host of what is installed in a home.</summary>
    public static PluginHostOptions Options(string home, AuditLog audit) => new()
    {
        Plugins = Installed(home),
        Session = new ClusterSession { Client = Client, Context = "demo", User = "admin", Namespace = "default" },
        Audit = audit,
        Log = (_, _, _) => { },
        Bug = (what, bug) => Say($"bug {what}: {bug}"),
        Data = StoreOf(home).Data,
        // The engine's first start in a process takes its time on a busy machine.
        Limits = new RuntimeLimits { ActivateDeadline = TimeSpan.FromMinutes(1), MessageDeadline = TimeSpan.FromMinutes(1) },
    };

    public static PluginStore StoreOf(string home) => new(Path.Combine(home, "plugins"));

    public static ImmutableArray<InstalledPlugin> Installed(string home)
    {
        Assert.True(StoreOf(home).OpenInstalled(PluginId.Parse(NumbersPlugin.Id)).TryGet(out var plugin, out var problems), Problem.Join(problems));
        return [plugin];
    }

    /// <summary>Stores a key; why not, when it is not.</summary>
    public static async Task<string?> StoreAsync(PluginHost host, string prefix, int number)
    {
        using var inputs = JsonDocument.Parse($$"""{"key":"{{prefix}}{{number:0000}}"}""");
        return await host.Extensions.RunCommandAsync(NumbersPlugin.Command, inputs.RootElement) is InvocationResult.Faulted { Failure: var failure } ? failure.ToString() : null;
    }

    // One key after the other until the process ends; what was not stored for certain is not told.
    private static async Task StoreAsync(PluginHost host, string prefix)
    {
        for (var number = 1; ; number++)
        {
            Say(await StoreAsync(host, prefix, number) is { } refused ? $"refused {refused.ReplaceLineEndings(" ")}" : $"stored {prefix}{number:0000}");
            // A store that is migrated in a moment.
            await Task.Delay(TimeSpan.FromMilliseconds(5));
        }
    }

    private static async Task ApplyAsync(PluginHost host, string home)
    {
        foreach (var change in await host.ApplyAsync(Installed(home))) Say($"applied {change}");
    }

    private static void Say(string line)
    {
        lock (Client)
        {
            Console.Out.WriteLine(line);
            Console.Out.Flush();
        }
    }
}
