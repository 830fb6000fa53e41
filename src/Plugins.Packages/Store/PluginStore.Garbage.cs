using System.Collections.Immutable;
using LazyOC.Plugins.Contracts;

namespace LazyOC.Plugins.Packages;

/// <summary>What is to go, or went: each named by its path below the store's root.</summary>
/// <param name="Items">In order.</param>
/// <param name="Bytes">What they take on the disk, all together.</param>
public sealed record Garbage(ImmutableArray<string> Items, long Bytes);

/// <content>What nothing leads to any more.</content>
public sealed partial class PluginStore
{
    /// <summary>Holds what is being downloaded; see <see cref="CollectGarbage"/>.</summary>
    public string Downloads => Path.Combine(Root, "downloads");

    /// <summary>Holds copies of stored data while packages are tried before they are installed; see <see cref="CollectGarbage"/>.</summary>
    public string Rehearsals => Path.Combine(Root, "rehearsals");

    /// <summary>
    /// Finds, and unless <paramref name="dryRun"/> deletes, what is not needed: earlier sets but the latest, packages and stored
    /// data that no kept set names, unfinished work and downloads. Of a plugin with stored data, the latest set that names it
    /// is kept: it tells which version left them.
    /// </summary>
    /// <param name="keep">How many sets before the present one can still be gone back to.</param>
    /// <param name="dryRun">Deletes nothing.</param>
    public Outcome<Garbage> CollectGarbage(int keep, bool dryRun)
    {
        if (!Directory.Exists(Root)) return new Garbage([], 0);
        if (!StoreLock.Acquire(Root, _lockWait).TryGet(out var held, out var problems)) return problems;
        using (held)
        {
            if (!Current().TryGet(out var current, out problems)) return problems;
            var garbage = FindGarbage(current, keep);
            var found = new Garbage([.. garbage.Select(path => Path.GetRelativePath(Root, path))], garbage.Sum(SizeOf));
            if (dryRun) return found;
            // Sets first: what is still there afterwards names nothing that is not.
            foreach (var path in garbage.OrderBy(path => path.StartsWith(Generations + Path.DirectorySeparatorChar, StringComparison.Ordinal) ? 0 : 1)) _files.Delete(path);
            return found;
        }
    }

    private List<string> FindGarbage(Generation current, int keep)
    {
        var kept = KeptSets(current, keep);
        var garbage = new List<string>();
        garbage.AddRange(GenerationNumbers().Where(number => !kept.ContainsKey(number)).Select(number => Path.Combine(Generations, Name(number))));
        var packages = kept.Values.SelectMany(set => set.Plugins).Select(entry => entry.Digest.ToString()).ToHashSet(StringComparer.Ordinal);
        garbage.AddRange(Below(Packages).Where(path => !packages.Contains(Path.GetFileName(path))));
        garbage.AddRange(Below(Generations).Where(path => Path.GetFileName(path) == Pending));
        if (File.Exists(CurrentFile + Pending)) garbage.Add(CurrentFile + Pending);
        garbage.AddRange(Below(Downloads));
        garbage.AddRange(Below(Rehearsals));
        foreach (var folder in Below(Data).Where(Directory.Exists))
        {
            if (!PluginId.TryParse(Path.GetFileName(folder), out var id)) continue;
            var entries = kept.Values.Select(set => set.Find(id)).OfType<InstalledEntry>().ToList();
            var epochs = entries.SelectMany(entry => new[] { entry.StoreEpoch, entry.StoreOrigin?.Epoch ?? entry.StoreEpoch }).ToHashSet();
            if (entries.Count > 0) garbage.AddRange(EpochsIn(folder).Where(found => found.Epoch != InstalledEntry.DevelopmentEpoch && !epochs.Contains(found.Epoch)).SelectMany(found => FilesOf(folder, found.File)));
        }
        garbage.Sort(StringComparer.Ordinal);
        return garbage;
    }

    private SortedDictionary<int, Generation> KeptSets(Generation current, int keep)
    {
        var all = History();
        var kept = new SortedDictionary<int, Generation> { [current.Number] = current };
        foreach (var set in all.Where(set => set.Number < current.Number).TakeLast(keep)) kept[set.Number] = set;
        foreach (var folder in Below(Data))
        {
            if (!PluginId.TryParse(Path.GetFileName(folder), out var id) || kept.Values.Any(set => set.Find(id) is not null)) continue;
            if (all.LastOrDefault(set => set.Find(id) is not null) is { } last) kept[last.Number] = last;
        }
        return kept;
    }

    /// <summary>A store's file, and those that are named after it.</summary>
    private static string[] FilesOf(string folder, string store) => Directory.GetFiles(folder, Path.GetFileName(store) + "*");

    private static IEnumerable<string> Below(string folder) => Directory.Exists(folder) ? Directory.EnumerateFileSystemEntries(folder) : [];

    private static long SizeOf(string path) => Directory.Exists(path)
        ? Directory.EnumerateFiles(path, "*", SearchOption.AllDirectories).Sum(file => new FileInfo(file).Length)
        : new FileInfo(path).Length;
}
