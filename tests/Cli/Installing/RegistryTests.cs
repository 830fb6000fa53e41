using LazyOC.EndToEnd.Tests;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Contracts.Permissions;
using LazyOC.Plugins.Packages;

namespace LazyOC.Cli.Tests.Installing;

/// <summary>A user and a registry that he knows.</summary>
public abstract class RegistryTests : IDisposable
{
    protected const string NeedsLines = """ "dependencies":{"acme.lines":"^1"} """;
    protected const string ReadsPods = """ "permissions":{"kubernetes":[{"apiGroups":[""],"resources":["pods"],"verbs":["get"]}]} """;
    protected const string ReadsMore = """ "permissions":{"kubernetes":[{"apiGroups":[""],"resources":["pods","secrets"],"verbs":["get"]}]} """;

    protected RegistryTests() => Registry = new TestRegistry(User);

    /// <summary>The program, with the home of whoever installs.</summary>
    internal LazyOc User { get; } = new();

    internal TestRegistry Registry { get; }

    public void Dispose()
    {
        Registry.Dispose();
        User.Dispose();
        GC.SuppressFinalize(this);
    }

    internal async Task StartAsync(params PluginPackage[] packages)
    {
        await Registry.PublishAsync(packages);
        await Registry.AddAsync();
    }

    protected async Task<string[]> InstalledAsync() =>
        [.. (await User.JsonAsync("plugin", "list")).EnumerateArray().Select(row => $"{row.GetProperty("id")} {row.GetProperty("version")}")];

    protected async Task<string> RefusedAsync(int exitCode, params string[] arguments)
    {
        var run = await User.RunAsync(arguments);
        Assert.True(run.ExitCode == exitCode, $"{string.Join(' ', arguments)} ended with {run.ExitCode}\n{run.Output}\n{run.Error}");
        return run.Error;
    }

    /// <summary>What a LazyOC of this home starts, and what it says of the rest.</summary>
    protected string[] Started(out List<string> warnings)
    {
        warnings = [];
        return [.. InstalledPlugins.Read(new PluginStore(User.Home), warnings.Add).Select(plugin => $"{plugin.Manifest.Id} {plugin.Manifest.Version}")];
    }

    protected int FilesBelow(string folder) => Directory.Exists(User.PathOf(folder)) ? Directory.GetFiles(User.PathOf(folder), "*", SearchOption.AllDirectories).Length : 0;

    internal PermissionSet Granted(string id) => new PluginStore(User.Home).OpenInstalled(PluginId.Parse(id)).TryGet(out var plugin, out _) ? plugin.Manifest.Permissions : throw new InvalidOperationException(id);
}
