using System.Collections.Immutable;
using LazyOC.Marketplace.Protocol.Client;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Contracts.Permissions;
using LazyOC.Plugins.Contracts.Versions;
using LazyOC.Plugins.Packages;

namespace LazyOC.Cli.Installing;

/// <summary>What will be different afterwards; nothing of it has happened.</summary>
/// <param name="Goal">What was asked for.</param>
/// <param name="Current">The set that it is planned for.</param>
/// <param name="Install">Plugins that come, or come in place of another version, in order of id.</param>
/// <param name="Remove">Plugins that go: asked for, or not needed any more.</param>
/// <param name="Reasons">Plugins that stay for another reason than before.</param>
internal sealed record InstallPlan(
    InstallGoal Goal,
    Generation Current,
    ImmutableArray<PlannedInstall> Install,
    ImmutableArray<InstalledEntry> Remove,
    ImmutableArray<(PluginId Id, InstallReason Why, VersionRange? Requested)> Reasons)
{
    public bool IsEmpty => Install.IsEmpty && Remove.IsEmpty && Reasons.IsEmpty;
}

/// <summary>A plugin that is to be put in.</summary>
/// <param name="Id">Which.</param>
/// <param name="Version">In which version.</param>
/// <param name="Before">What is installed of it; null when nothing is.</param>
/// <param name="Origin">Where it is to be had.</param>
/// <param name="Why">Whether the user asked for it.</param>
/// <param name="Requested">The versions that the user asked for.</param>
/// <param name="NeededBy">Whose dependency it is.</param>
/// <param name="Locked">What a lock file says it is to be like; null for what its manifest asks for.</param>
internal sealed record PlannedInstall(
    PluginId Id, SemanticVersion Version, InstalledEntry? Before, PackageOrigin Origin, InstallReason Why, VersionRange? Requested, ImmutableArray<PluginId> NeededBy, InstalledEntry? Locked = null)
{
    /// <summary>What it will be granted, as far as is known without the package.</summary>
    public PermissionSet Permissions => Locked is not null ? Locked.Granted : Origin is PackageOrigin.InRegistry registry ? registry.Line.Permissions : ((PackageOrigin.InFile)Origin).Package.Manifest.Permissions;

    /// <summary>The plugins it needs.</summary>
    public ImmutableSortedDictionary<PluginId, VersionRange> Dependencies => Origin is PackageOrigin.InRegistry registry ? registry.Line.Dependencies : ((PackageOrigin.InFile)Origin).Package.Manifest.Dependencies;

    public long Bytes => Origin is PackageOrigin.InRegistry registry ? registry.Line.Size : ((PackageOrigin.InFile)Origin).Package.Bytes.Length;

    /// <summary>What is written into the lock file: the registry's address, or the file's name.</summary>
    public string Source => Origin is PackageOrigin.InRegistry registry ? registry.Client.Registry.Url.AbsoluteUri : Path.GetFileName(((PackageOrigin.InFile)Origin).Path);
}
