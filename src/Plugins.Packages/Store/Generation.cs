using System.Collections.Immutable;
using System.Text.Json.Serialization;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Contracts.Manifest;
using LazyOC.Plugins.Contracts.Permissions;
using LazyOC.Plugins.Contracts.Versions;

namespace LazyOC.Plugins.Packages;

/// <summary>An installed set of plugins; never changes once it has been current.</summary>
/// <param name="Number">Counts up; 0 is the empty set before the first installation.</param>
/// <param name="Plugins">In order of id.</param>
public sealed record Generation(int Number, ImmutableArray<InstalledEntry> Plugins)
{
    public static Generation Empty { get; } = new(0, []);

    /// <summary>When it was made; null in sets of earlier versions of LazyOC.</summary>
    public DateTimeOffset? Created { get; init; }

    /// <summary>What was asked for when it was made, such as <c>install acme.prometheus</c>; null when nothing is known of that.</summary>
    public string? Cause { get; init; }

    /// <summary>The entry of a plugin; null when it is not installed.</summary>
    public InstalledEntry? Find(PluginId id)
    {
        foreach (var plugin in Plugins)
            if (plugin.Id == id) return plugin;
        return null;
    }
}

/// <summary>One plugin of a generation, as <c>plugins.lock</c> has it.</summary>
public sealed record InstalledEntry
{
    /// <summary><see cref="StoreEpoch"/> of a plugin that its author is working on: what is installed of it keeps its own data.</summary>
    public const int DevelopmentEpoch = 0;

    /// <summary><see cref="Source"/> of a plugin that is not installed: its author is working on it.</summary>
    public const string DevelopmentSource = "dev";

    public required PluginId Id { get; init; }

    public required SemanticVersion Version { get; init; }

    /// <summary>Digest of the package; names its folder in the store.</summary>
    public required Digest Digest { get; init; }

    /// <summary>Digest of the package's <c>files.json</c>, which holds the digest of every other file.</summary>
    public required Digest Files { get; init; }

    /// <summary>Where the package came from: a file name, or a registry.</summary>
    public required string Source { get; init; }

    /// <summary>The versions that the user asked for; null for any, and for a dependency.</summary>
    public VersionRange? Requested { get; init; }

    /// <summary>Which updates may be made without asking, where nothing widens; <see cref="AutomaticUpdates.Off"/> by default.</summary>
    public AutomaticUpdates Auto { get; init; }

    /// <summary>Key that signed the package; null when it is unsigned.</summary>
    public string? Signer { get; init; }

    [JsonIgnore] public bool IsUnsigned => Signer is null;

    /// <summary>What the user granted; never more than the manifest asks for.</summary>
    public required PermissionSet Granted { get; init; }

    /// <summary>Digest of <see cref="Granted"/>.</summary>
    public required Digest GrantDigest { get; init; }

    /// <summary>Kubeconfig contexts, as globs, in which the cluster permissions of <see cref="Granted"/> hold; all by default.</summary>
    public ImmutableArray<string> Contexts { get; init => field = value.IsDefault ? ["*"] : value; } = ["*"];

    /// <summary>Whether the cluster permissions hold in a context.</summary>
    public bool HoldsIn(string context) => Contexts.Any(glob => Glob.Matches(glob, context));

    /// <summary>What the user lets it use, in place of the defaults; null for those.</summary>
    public UsageLimits? Limits { get; init; }

    /// <summary>Whether another entry of the plugin has the same package and gives the same rights.</summary>
    public bool GivesTheSameAs(InstalledEntry other) => Digest == other.Digest && GrantDigest == other.GrantDigest && Contexts.SequenceEqual(other.Contexts);

    /// <summary>Epoch of the plugin's stored data: the number in the name of its file.</summary>
    public required int StoreEpoch { get; init; }

    /// <summary>
    /// What <see cref="StoreEpoch"/> is made from, by the package's migrations, when there is no file of it yet; null when
    /// nothing has to be migrated.
    /// </summary>
    public StoreOrigin? StoreOrigin { get; init; }

    public required bool Enabled { get; init; }

    /// <summary>Why it is there.</summary>
    public required InstallReason Why { get; init; }
}

/// <summary>Stored data that another version left.</summary>
/// <param name="Epoch">Its epoch.</param>
/// <param name="Version">The version that left it.</param>
public sealed record StoreOrigin(int Epoch, SemanticVersion Version);

/// <summary>A plugin ready to run: everything in it was checked against its digests when it was opened.</summary>
public sealed record InstalledPlugin
{
    public required InstalledEntry Entry { get; init; }

    public required PluginManifest Manifest { get; init; }

    /// <summary>Code of the guest: the manifest's <c>main</c>.</summary>
    public required ReadOnlyMemory<byte> Main { get; init; }

    /// <summary><c>main</c> with <c>.map</c> appended, when the package has it.</summary>
    public ReadOnlyMemory<byte>? SourceMap { get; init; }

    /// <summary>Every file of the package but <c>files.json</c>.</summary>
    public PackageContent Content { get; init; } = PackageContent.Empty;
}
