using System.Globalization;
using LazyOC.Plugins.Contracts;

namespace LazyOC.Plugins.Packages;

/// <content>Which stored data belongs to which generation.</content>
public sealed partial class PluginStore
{
    /// <summary>Holds what plugins store: <c>ID/EPOCH.db</c>.</summary>
    public string Data => Path.Combine(Root, "data");

    /// <summary>The file of an epoch.</summary>
    /// <param name="data">As <see cref="Data"/>.</param>
    /// <param name="id">Whose data.</param>
    /// <param name="epoch">Its number.</param>
    public static string DataFile(string data, PluginId id, int epoch) => Path.Combine(data, id.ToString(), Name(epoch) + ".db");

    /// <summary>The file of what a plugin has stored, also of one that was uninstalled since; refused when it was never installed.</summary>
    public Outcome<string> DataFileOf(PluginId id)
    {
        if (!Current().TryGet(out var current, out var problems)) return problems;
        if ((current.Find(id) ?? LatestOf(id)) is not { } entry) return NotInstalled(id);
        var file = DataFile(Data, id, entry.StoreEpoch);
        // What is yet to be migrated is where it was.
        return entry.StoreOrigin is { } origin && !File.Exists(file) ? DataFile(Data, id, origin.Epoch) : file;
    }

    /// <summary>The epoch that a package is to begin with, and what it is made from.</summary>
    private (int Epoch, StoreOrigin? Origin) StoredDataFor(PluginPackage package, Generation current)
    {
        var manifest = package.Manifest;
        // Data outlives the plugin: who installs it again goes on with it.
        if ((current.Find(manifest.Id) ?? LatestOf(manifest.Id)) is not { } before) return (1, null);
        if (before.Digest == package.Digest) return (before.StoreEpoch, before.StoreOrigin);
        // What was to be migrated and never was is still data of the version before that.
        var isPending = before.StoreOrigin is not null && !File.Exists(DataFile(Data, manifest.Id, before.StoreEpoch));
        var origin = isPending ? before.StoreOrigin! : new StoreOrigin(before.StoreEpoch, before.Version);
        return manifest.MigrationsFrom(origin.Version).IsEmpty ? (origin.Epoch, null) : (NextEpoch(manifest.Id), origin);
    }

    /// <summary>Above every epoch that a generation names or that there is a file of: what was taken back is not used again.</summary>
    private int NextEpoch(PluginId id)
    {
        var highest = 0;
        foreach (var number in GenerationNumbers())
            if (ReadGeneration(number).TryGet(out var generation, out _)) highest = Math.Max(highest, generation.Find(id)?.StoreEpoch ?? 0);
        var folder = Path.Combine(Data, id.ToString());
        if (Directory.Exists(folder))
            foreach (var (epoch, _) in EpochsIn(folder)) highest = Math.Max(highest, epoch);
        return highest + 1;
    }

    private InstalledEntry? LatestOf(PluginId id)
    {
        foreach (var number in GenerationNumbers().OrderDescending())
            if (ReadGeneration(number).TryGet(out var generation, out _) && generation.Find(id) is { } entry) return entry;
        return null;
    }

    private IEnumerable<int> GenerationNumbers() => Directory.Exists(Generations)
        ? Directory.EnumerateDirectories(Generations).Select(Path.GetFileName).Where(name => int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out _)).Select(name => int.Parse(name!, CultureInfo.InvariantCulture))
        : [];

    private static IEnumerable<(int Epoch, string File)> EpochsIn(string folder)
    {
        foreach (var file in Directory.EnumerateFiles(folder, "*.db"))
            if (int.TryParse(Path.GetFileNameWithoutExtension(file), NumberStyles.None, CultureInfo.InvariantCulture, out var epoch)) yield return (epoch, file);
    }
}
