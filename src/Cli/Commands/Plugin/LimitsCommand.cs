using System.Collections.Immutable;
using System.CommandLine;
using System.Globalization;
using LazyOC.Cli.Control;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Contracts.Manifest;
using LazyOC.Plugins.Contracts.Permissions;
using LazyOC.Plugins.Packages;
using LazyOC.Plugins.Runtime;
using LazyOC.Plugins.Sandbox;
using LazyOC.Plugins.Sandbox.Guests;

namespace LazyOC.Cli.Commands.Plugin;

/// <summary><c>plugin limits</c>: what a plugin may use at most, and setting it.</summary>
internal static class LimitsCommand
{
    public static Command Create()
    {
        var id = PluginCommand.IdArgument();
        var memory = new Option<string?>("--memory") { Description = "Linear memory, such as 128MiB", HelpName = "SIZE" };
        var cpu = new Option<int?>("--cpu") { Description = "Share of one core, from 1 to 100", HelpName = "PERCENT" };
        var calls = new Option<int?>("--host-calls") { Description = "Host calls of any kind, a second", HelpName = "N" };
        var kubernetes = new Option<int?>("--kubernetes-calls") { Description = "Calls that reach the API server, a second", HelpName = "N" };
        var reset = new Option<bool>("--reset") { Description = "Back to the defaults, before what else is given" };
        var output = Output.Option();
        var command = new Command(
            "limits",
            """
            Shows and sets what a plugin may use at most: the defaults of all plugins or what you set for this one, and never more
            than the administrator's policy leaves. A change restarts the plugin at once in every LazyOC that is open; updates keep
            it.

            Examples:
              lazyoc plugin limits acme.prometheus
              lazyoc plugin limits acme.prometheus --memory 128MiB --cpu 40
              lazyoc plugin limits acme.prometheus --reset
            """) { id, memory, cpu, calls, kubernetes, reset, output };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var home = PluginCommand.HomeOf(parsed);
            var store = InstalledPlugins.StoreOf(home);
            var plugin = parsed.GetRequiredValue(id);
            var entry = PluginCommand.Installed(store, plugin);
            var before = parsed.GetValue(reset) ? new UsageLimits() : entry.Limits ?? new UsageLimits();
            var limits = Check(new UsageLimits
            {
                Memory = parsed.GetValue(memory) ?? before.Memory,
                CpuPercent = parsed.GetValue(cpu) ?? before.CpuPercent,
                HostCallsPerSecond = parsed.GetValue(calls) ?? before.HostCallsPerSecond,
                KubernetesCallsPerSecond = parsed.GetValue(kubernetes) ?? before.KubernetesCallsPerSecond,
            });
            ImmutableArray<RunningRow>? running = null;
            if (limits != entry.Limits)
            {
                var (generation, rows) = await StoreChange.MakeAsync(home, store, [plugin], () => store.SetLimits(plugin, limits), ExitCode.Usage, cancellationToken: cancellationToken);
                (entry, running) = (generation.Find(plugin)!, rows);
            }
            var report = LimitsReport.Of(entry, store.Open(entry).OrThrow(ExitCode.Failed).Manifest, PolicyFiles.Read(Environment.GetEnvironmentVariable)) with { Running = running };
            if (parsed.GetValue(output) == OutputFormat.Json) Output.Json(report, PluginJson.Default.LimitsReport);
            else Print(report);
            return ExitCode.Ok;
        });
        return command;
    }

    private static UsageLimits? Check(UsageLimits limits)
    {
        if (limits.Check() is { } problem) throw new UserError(ExitCode.Usage, $"`{problem.Where}` {problem.Message}", problem.Hint);
        var bounds = ManifestLimits.Default;
        if (limits.MemoryBytes is { } bytes && (bytes < bounds.MinMemoryBytes || bytes > new RuntimeLimits().MaxGuestMemoryBytes))
            throw new UserError(ExitCode.Usage, $"`memory` is {limits.Memory}; expected {ByteSize.Format(bounds.MinMemoryBytes)} to {ByteSize.Format(new RuntimeLimits().MaxGuestMemoryBytes)}");
        return limits == new UsageLimits() ? null : limits;
    }

    private static void Print(LimitsReport report)
    {
        Output.Rows(["RESOURCE", "DEFAULT", "YOURS", "POLICY", "IN FORCE"], report.Limits.Select(row => (string[])[row.Resource, row.Default, row.Yours ?? "", row.Policy ?? "", row.InForce]));
        if (report.Running is { } running) StoreChange.Print(report.Id, running);
    }
}

/// <summary>What <c>plugin limits</c> prints.</summary>
internal sealed record LimitsReport
{
    public required PluginId Id { get; init; }

    public required ImmutableArray<LimitRow> Limits { get; init; }

    /// <summary>What the running LazyOCs made of a change; absent where nothing changed.</summary>
    public ImmutableArray<RunningRow>? Running { get; init; }

    public static LimitsReport Of(InstalledEntry entry, PluginManifest manifest, PolicyInForce policy)
    {
        var (sandbox, own) = (new SandboxLimits(), entry.Limits ?? new UsageLimits());
        var memory = ByteSize.TryParse(manifest.Limits.Memory, out var asked) ? Math.Min(asked, new RuntimeLimits().MaxGuestMemoryBytes) : new GuestLimits().MemoryBytes;
        return new LimitsReport
        {
            Id = entry.Id,
            Limits =
            [
                LimitRow.Of("memory", memory, own.MemoryBytes, policy.MemoryBytes, ByteSize.Format),
                LimitRow.Of("cpu", (long)Math.Round(sandbox.Cpu.PerSecond * 100), own.CpuPercent, policy.CpuPercent, percent => $"{Text(percent)}%"),
                LimitRow.Of("host calls", (long)sandbox.HostCalls.PerSecond, own.HostCallsPerSecond, policy.HostCallsPerSecond, PerSecond),
                LimitRow.Of("kubernetes calls", (long)sandbox.Kubernetes.PerSecond, own.KubernetesCallsPerSecond, policy.KubernetesCallsPerSecond, PerSecond),
            ],
        };

        static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
        static string PerSecond(long number) => $"{Text(number)}/s";
    }
}

/// <summary>One limit of a plugin.</summary>
/// <param name="Resource">Of what.</param>
/// <param name="Default">What it is when nobody says anything: of memory, what the manifest asks for.</param>
/// <param name="Yours">What the user has set; absent when nothing.</param>
/// <param name="Policy">The most that the administrator's policy leaves; absent when it says nothing.</param>
/// <param name="InForce">What holds.</param>
internal sealed record LimitRow(string Resource, string Default, string? Yours, string? Policy, string InForce)
{
    public static LimitRow Of(string resource, long general, long? own, long? policy, Func<long, string> text) => new(
        resource, text(general), own is { } yours ? text(yours) : null, policy is { } cap ? text(cap) : null, text(Math.Min(own ?? general, policy ?? long.MaxValue)));
}
