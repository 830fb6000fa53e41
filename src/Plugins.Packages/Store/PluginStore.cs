using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Contracts.Permissions;

namespace LazyOC.Plugins.Packages;

/// <summary>What <see cref="PluginStore.Install"/> puts in.</summary>
public sealed record Installation
{
    public required PluginPackage Package { get; init; }

    /// <summary>What the user agreed to; at most what the manifest asks for.</summary>
    public required PermissionSet Grant { get; init; }

    /// <summary>Where the package came from: a file name, or a registry.</summary>
    public required string Source { get; init; }

    public InstallReason Why { get; init; } = InstallReason.Requested;
}

/// <summary>
/// The installed plugins below one directory: <c>store/sha256-…/</c> holds each unpacked package once,
/// <c>generations/N/plugins.lock</c> each installed set, and <c>current</c> names the one in force.
/// </summary>
/// <remarks>
/// Thread safe, and safe among processes: changes take a file lock, readers need none. A change becomes visible by one
/// atomic rename; killed at any point, the next start sees the old or the new set. Disk errors throw
/// <see cref="IOException"/> or <see cref="UnauthorizedAccessException"/>.
/// </remarks>
public sealed class PluginStore
{
    /// <summary>Works on a directory, which is created at the first installation.</summary>
    public PluginStore(string root) => Root = root;

    public string Root { get; }

    /// <summary>The set in force. Refused when the files that say so are damaged.</summary>
    public Outcome<Generation> Current() => throw new NotSupportedException();

    /// <summary>Installs a package, enabled, in place of any other version of the plugin.</summary>
    public Outcome<Generation> Install(Installation installation) => throw new NotSupportedException();

    /// <summary>Takes a plugin out of the set; its stored data stays.</summary>
    public Outcome<Generation> Uninstall(PluginId id) => throw new NotSupportedException();

    /// <summary>Enables or disables a plugin.</summary>
    public Outcome<Generation> SetEnabled(PluginId id, bool enabled) => throw new NotSupportedException();

    /// <summary>Loads a plugin and checks every file against its digest; a changed file is a refusal that names it.</summary>
    public Outcome<InstalledPlugin> OpenInstalled(PluginId id) => throw new NotSupportedException();
}
