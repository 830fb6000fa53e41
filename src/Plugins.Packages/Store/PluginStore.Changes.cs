using System.Collections.Immutable;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Contracts.Permissions;
using LazyOC.Plugins.Contracts.Versions;

namespace LazyOC.Plugins.Packages;

/// <summary>A package that <see cref="PluginStore.Apply"/> puts in, in place of any other version of the plugin.</summary>
public sealed record Installation
{
    public required PluginPackage Package { get; init; }

    /// <summary>What the user agreed to; at most what the manifest asks for.</summary>
    public required PermissionSet Grant { get; init; }

    /// <summary>Where the package came from: a file name, or a registry.</summary>
    public required string Source { get; init; }

    /// <summary>Key that signed the package; null when it is unsigned.</summary>
    public string? Signer { get; init; }

    public InstallReason Why { get; init; } = InstallReason.Requested;

    /// <summary>As <see cref="InstalledEntry.Requested"/>.</summary>
    public VersionRange? Requested { get; init; }

    /// <summary>As <see cref="InstalledEntry.Contexts"/>; null for those of the version before, or all.</summary>
    public ImmutableArray<string>? Contexts { get; init; }

    /// <summary>Whether it may run.</summary>
    public bool Enabled { get; init; } = true;
}

/// <summary>What becomes of the installed set in one generation.</summary>
public sealed record SetChange
{
    /// <summary>What was asked for, in words; see <see cref="Generation.Cause"/>.</summary>
    public required string Cause { get; init; }

    /// <summary>Number of the set that the change was planned for, and that it is made of or not at all; null for any.</summary>
    public int? From { get; init; }

    public ImmutableArray<Installation> Install { get; init; } = [];

    /// <summary>Plugins that are taken out; their stored data stays.</summary>
    public ImmutableArray<PluginId> Remove { get; init; } = [];

    /// <summary>Plugins that stay, but for another reason or in other versions than before.</summary>
    public ImmutableArray<(PluginId Id, InstallReason Why, VersionRange? Requested)> Reasons { get; init; } = [];
}

/// <content>Changes of which plugins there are.</content>
public sealed partial class PluginStore
{
    /// <summary>Installs a package, enabled, in place of any other version of the plugin.</summary>
    public Outcome<Generation> Install(Installation installation) => Apply(new SetChange { Cause = $"install {installation.Package.Manifest.Id}", Install = [installation] });

    /// <summary>Takes a plugin out of the set; its stored data stays.</summary>
    public Outcome<Generation> Uninstall(PluginId id) => Apply(new SetChange { Cause = $"uninstall {id}", Remove = [id] });

    /// <summary>Makes all of a change in one generation, or nothing of it.</summary>
    public Outcome<Generation> Apply(SetChange change) => Change(change.Cause, current =>
    {
        if (change.From is { } from && from != current.Number) return new Problem("", "the installed plugins have changed meanwhile, so nothing was done", "try again");
        var next = current;
        foreach (var id in change.Remove)
        {
            if (next.Find(id) is not { } entry) return NotInstalled(id);
            next = next with { Plugins = next.Plugins.Remove(entry) };
        }
        if (!Withdrawn().TryGet(out var withdrawn, out var damaged)) return damaged;
        foreach (var installation in change.Install)
        {
            if (withdrawn.FirstOrDefault(known => known.Digest == installation.Package.Digest) is { } known)
                return new Problem($"{known.Plugin} {known.Version}", $"must not run: {known.Registry} has withdrawn it: {known.Reason}", "choose another version");
            if (!installation.Grant.IsWithin(installation.Package.Manifest.Permissions))
                return new Problem(installation.Package.Manifest.Id.ToString(), "would be granted more than its manifest asks for", "grant at most the manifest's permissions");
        }
        foreach (var installation in change.Install)
        {
            Unpack(installation.Package);
            next = With(next, EntryOf(installation, current));
        }
        foreach (var (id, why, requested) in change.Reasons)
        {
            if (next.Find(id) is not { } entry) return NotInstalled(id);
            if (entry.Why != why || !Equals(entry.Requested, requested)) next = With(next, entry with { Why = why, Requested = requested });
        }
        return next;
    });

    /// <summary>What an installation would make of a plugin, in place of what a generation has of it. Nothing is changed.</summary>
    public InstalledPlugin Preview(Installation installation, Generation current) => installation.Package.InstalledAs(EntryOf(installation, current));

    private InstalledEntry EntryOf(Installation installation, Generation current)
    {
        var package = installation.Package;
        var before = current.Find(package.Manifest.Id);
        var (epoch, origin) = StoredDataFor(package, current);
        return new InstalledEntry
        {
            Id = package.Manifest.Id,
            Version = package.Manifest.Version,
            Digest = package.Digest,
            Files = Digest.Of(package.Find(FileList.Path)!.Value.Span),
            Source = installation.Source,
            Signer = installation.Signer,
            Granted = installation.Grant,
            GrantDigest = installation.Grant.ComputeDigest(),
            Contexts = installation.Contexts ?? before?.Contexts ?? ["*"],
            Auto = before?.Auto ?? AutomaticUpdates.Off,
            Limits = before?.Limits,
            StoreEpoch = epoch,
            StoreOrigin = origin,
            Enabled = installation.Enabled,
            Why = installation.Why,
            Requested = installation.Requested,
        };
    }
}
