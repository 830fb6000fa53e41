using System.Collections.Immutable;
using System.Text;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Contracts.Manifest;

namespace LazyOC.Plugins.Packages;

/// <content>The sets that were in force before.</content>
public sealed partial class PluginStore
{
    /// <summary>Every set that is still there, the earliest first. A set whose file is damaged is left out.</summary>
    public ImmutableArray<Generation> History() =>
        [.. GenerationNumbers().Order().Select(number => ReadGeneration(number).TryGet(out var generation, out _) ? generation : null).OfType<Generation>()];

    /// <summary>
    /// What a plugin was before it became what it is: the entry with another package in the latest set before the one that
    /// brought the present package; null when there is none, or it is not installed.
    /// </summary>
    public InstalledEntry? Before(Generation current, PluginId id)
    {
        if (current.Find(id) is not { } now) return null;
        return History().Where(set => set.Number < current.Number).Reverse().Select(set => set.Find(id)).FirstOrDefault(entry => entry is not null && entry.Digest != now.Digest);
    }

    /// <summary>
    /// Makes a set in which one plugin is what it was before, with the data of that time; see <see cref="Before"/>. What it has
    /// stored since then stays as an epoch of its own. Refused when its package is gone or other plugins need what is installed.
    /// </summary>
    public Outcome<Generation> Rollback(PluginId id) => Change($"rollback {id}", current =>
    {
        if (current.Find(id) is not { } now) return NotInstalled(id);
        if (Before(current, id) is not { } before) return new Problem(id.ToString(), "has no earlier version here", "`lazyoc plugin history` shows what there is to go back to");
        if (!Open(before).TryGet(out _, out var problems)) return problems;
        var next = With(current, before with { Enabled = true, Why = now.Why });
        return Unmet(next) is { IsEmpty: false } unmet ? unmet : next;
    });

    /// <summary>What enabled plugins of a set need that is not in it, or not in a version that will do.</summary>
    public ImmutableArray<Problem> Unmet(Generation set)
    {
        var problems = ImmutableArray.CreateBuilder<Problem>();
        foreach (var entry in set.Plugins)
        {
            if (!entry.Enabled || !ManifestOf(entry).TryGet(out var manifest, out _)) continue;
            foreach (var (needed, range) in manifest.Dependencies)
                if (set.Find(needed) is not { } found || !range.Contains(found.Version))
                    problems.Add(new Problem(entry.Id.ToString(), $"{entry.Version} needs {needed} {range}, which {(set.Find(needed) is { } other ? $"{other.Version} is not" : "would not be there")}", $"change {entry.Id} first, or disable it"));
            foreach (var (wanted, range) in manifest.OptionalDependencies)
                if (set.Find(wanted) is { } found && !range.Contains(found.Version))
                    problems.Add(new Problem(entry.Id.ToString(), $"{entry.Version} works with {wanted} {range}, which {found.Version} is not", $"change {entry.Id} first, or disable it"));
        }
        return problems.ToImmutable();
    }

    /// <summary>The lock file of a set, as <see cref="ReadLockFile"/> reads it.</summary>
    public static string ToLockFile(Generation set) => Encoding.UTF8.GetString(LockDocument.Write(set)) + "\n";

    /// <summary>Reads a lock file from anywhere.</summary>
    public static Outcome<Generation> ReadLockFile(ReadOnlySpan<byte> utf8) => LockDocument.Read(utf8, 0);

    /// <summary>The manifest of an installed plugin, checked against its digests; no other file is read.</summary>
    public Outcome<PluginManifest> ManifestOf(InstalledEntry entry) =>
        new UnpackedPackage(PathOf(entry.Digest)).ReadOne(entry.Files, PluginPackage.ManifestPath).TryGet(out var document, out var problems)
            ? ManifestReader.Read(document.Span)
            : problems;
}
