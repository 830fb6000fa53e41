using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using LazyOC.Cli.Installing;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Packages;

namespace LazyOC.Cli.Tests.Installing;

/// <summary>
/// The program that this assembly is besides its tests: it installs, updates or rolls back in a home, and is killed before a
/// step of that by a signal that it cannot handle. It prints the steps that it makes.
/// </summary>
internal static class KillProgram
{
    /// <param name="arguments">What to do (<c>install</c>, <c>update</c> or <c>rollback</c>), and before which step to die, from 0; -1 for none.</param>
    public static async Task<int> Main(string[] arguments)
    {
        var home = Home.Locate(Environment.GetEnvironmentVariable, demo: false);
        var last = int.Parse(arguments[1], CultureInfo.InvariantCulture);
        var step = 0;
        var store = PluginStore.At(home.Plugins, TimeProvider.System, (what, path) =>
        {
            if (step++ == last) Process.GetCurrentProcess().Kill();
            Console.Out.WriteLine($"step {what} {Path.GetRelativePath(home.Plugins, path)}");
        });
        var demo = PluginId.Parse("acme.demo");
        switch (arguments[0])
        {
            case "install":
                return await RunAsync(new InstallGoal { Cause = "install acme.demo", Wanted = ImmutableSortedDictionary<PluginId, Plugins.Contracts.Versions.VersionRange?>.Empty.Add(demo, null) });
            case "update":
                return await RunAsync(new InstallGoal { Cause = "update", Update = [demo, PluginId.Parse("acme.lines")] });
            default:
                return store.Rollback(demo).TryGet(out _, out _) ? 0 : 1;
        }

        Task<int> RunAsync(InstallGoal goal) => new Installer(home, store, new InstallOptions { Yes = true }).RunAsync(goal, "nothing", CancellationToken.None);
    }
}
