using System.Collections.Immutable;
using System.Security.Cryptography;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Packages;
using LazyOC.Plugins.Runtime;
using LazyOC.Plugins.Runtime.Settings;
using LazyOC.Plugins.Runtime.Supervision;
using LazyOC.Plugins.Sandbox;
using LazyOC.Plugins.Sandbox.Secrets;

namespace LazyOC.Cli;

/// <summary>Reads the plugins that are to run from a home.</summary>
internal static class InstalledPlugins
{
    /// <summary>
    /// The enabled plugins, each checked against its digests. One that cannot be used is told to the user and left out:
    /// it must not keep the others, or the program, from starting.
    /// </summary>
    /// <param name="store">Where they are.</param>
    /// <param name="warn">Told of those that cannot be used.</param>
    public static ImmutableArray<InstalledPlugin> Read(PluginStore store, Action<string> warn)
    {
        if (!store.Current().TryGet(out var generation, out var damage))
        {
            warn(Problem.Join(damage));
            return [];
        }

        if (!store.Withdrawn().TryGet(out var withdrawn, out damage))
        {
            warn($"no plugin is started: which of them must not run cannot be told: {Problem.Join(damage)}");
            return [];
        }

        var plugins = ImmutableArray.CreateBuilder<InstalledPlugin>();
        foreach (var entry in generation.Plugins)
        {
            if (!entry.Enabled) continue;
            if (withdrawn.FirstOrDefault(known => known.Digest == entry.Digest) is { } withdrawal)
            {
                warn($"{entry.Id} {entry.Version} is not started: {withdrawal.Registry} has withdrawn it: {withdrawal.Reason}");
                continue;
            }
            if (store.OpenInstalled(entry.Id).TryGet(out var plugin, out var problems)) plugins.Add(plugin);
            else warn(Problem.Join(problems));
        }

        return plugins.DrainToImmutable();
    }

    /// <summary>
    /// The store of a home. The demo's begins with the packages that come with the program, each installed once: what the
    /// user uninstalls or replaces there stays so until a new build brings a new package.
    /// </summary>
    public static PluginStore StoreOf(Home home)
    {
        var store = new PluginStore(home.Plugins);
        if (home.IsDemo) InstallDemoPackages(home, store);
        return store;
    }

    /// <summary>The plugins of a home that may not run until the user enables them again.</summary>
    public static QuarantineFile QuarantineOf(Home home) =>
        new(Path.Combine(home.Plugins, "quarantine.json"), warning => Console.Error.WriteLine($"lazyoc: {warning}"));

    /// <summary>The settings of a home's plugins.</summary>
    public static PluginSettings SettingsOf(Home home) => new(
        home.Settings, new SecretStore(home.Secrets, new SandboxLimits(), RandomNumberGenerator.Fill, warning => Console.Error.WriteLine($"lazyoc: {warning}")), new RuntimeLimits());

    private static void InstallDemoPackages(Home home, PluginStore store)
    {
        var folder = Path.Combine(AppContext.BaseDirectory, "demo-plugins");
        if (!Directory.Exists(folder)) return;
        var offeredFile = Path.Combine(home.Plugins, "demo-packages");
        var offered = File.Exists(offeredFile) ? File.ReadAllLines(offeredFile).ToHashSet(StringComparer.Ordinal) : [];
        foreach (var file in Directory.EnumerateFiles(folder, "*.lzp").Order(StringComparer.Ordinal))
        {
            var bytes = File.ReadAllBytes(file);
            if (!offered.Add(Digest.Of(bytes).ToString())) continue;
            var package = PluginPackage.Open(bytes).OrThrow(ExitCode.Failed, Path.GetFileName(file));
            store.Install(new Installation { Package = package, Grant = package.Manifest.Permissions, Source = Path.GetFileName(file) }).OrThrow(ExitCode.Failed);
            File.AppendAllText(offeredFile, package.Digest + "\n");
        }
    }
}
