using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Contracts.Manifest;
using LazyOC.Plugins.Contracts.Permissions;

namespace LazyOC.Plugins.Packages;

/// <summary>
/// The installed plugins below one directory: <c>store/sha256-…/</c> holds each unpacked package once,
/// <c>generations/N/plugins.lock</c> each installed set, and <c>current</c> names the one in force.
/// </summary>
/// <remarks>
/// Thread safe, and safe among processes: changes take a file lock, readers need none. A change becomes visible by one
/// atomic rename; killed at any point, the next start sees the old or the new set. Disk errors throw
/// <see cref="IOException"/> or <see cref="UnauthorizedAccessException"/>.
/// </remarks>
public sealed partial class PluginStore
{
    /// <summary>A name that no package and no generation has; what is left under it was never finished.</summary>
    private const string Pending = ".pending";

    private const string DamageHint = "`lazyoc --no-plugins` starts without plugins";

    private static readonly TimeSpan LockWait = TimeSpan.FromSeconds(5);

    private readonly TimeProvider _time;
    private readonly StoreFiles _files;
    private readonly TimeSpan _lockWait;

    /// <summary>Works on a directory, which is created at the first installation.</summary>
    public PluginStore(string root) : this(root, new StoreFiles(), LockWait)
    {
    }

    internal PluginStore(string root, StoreFiles files, TimeSpan lockWait, TimeProvider? time = null) =>
        (Root, _files, _lockWait, _time) = (Path.GetFullPath(root), files, lockWait, time ?? TimeProvider.System);

    /// <summary>Works on a directory.</summary>
    /// <param name="root">The directory, created at the first installation.</param>
    /// <param name="time">The clock of <see cref="Generation.Created"/>.</param>
    /// <param name="beforeStep">Told of each step that changes the disk before it is made: what, and which path.</param>
    public static PluginStore At(string root, TimeProvider time, Action<string, string>? beforeStep = null) => new(root, new StoreFiles(beforeStep), LockWait, time);

    public string Root { get; }

    private string Packages => Path.Combine(Root, "store");

    private string Generations => Path.Combine(Root, "generations");

    private string CurrentFile => Path.Combine(Root, "current");

    /// <summary>The set in force. Refused when the files that say so are damaged.</summary>
    public Outcome<Generation> Current()
    {
        if (!File.Exists(CurrentFile)) return Generation.Empty;
        if (!int.TryParse(File.ReadAllText(CurrentFile).TrimEnd('\n'), NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            return new Problem(CurrentFile, "is damaged: it does not name a generation", DamageHint);
        return ReadGeneration(number);
    }

    /// <summary>Enables or disables a plugin.</summary>
    public Outcome<Generation> SetEnabled(PluginId id, bool enabled) => Change($"{(enabled ? "enable" : "disable")} {id}", current => current.Find(id) switch
    {
        null => NotInstalled(id),
        var entry when entry.Enabled == enabled => current,
        var entry => With(current, entry with { Enabled = enabled }),
    });

    /// <summary>Says which updates of a plugin may be made without asking.</summary>
    public Outcome<Generation> SetAuto(PluginId id, AutomaticUpdates auto) => Change($"auto {id}", current => current.Find(id) switch
    {
        null => NotInstalled(id),
        var entry when entry.Auto == auto => current,
        var entry => With(current, entry with { Auto = auto }),
    });

    /// <summary>Changes what a plugin may use at most.</summary>
    /// <param name="id">Which plugin.</param>
    /// <param name="limits">In place of the defaults; null for those.</param>
    public Outcome<Generation> SetLimits(PluginId id, UsageLimits? limits) => Change($"limits {id}", current => current.Find(id) switch
    {
        null => NotInstalled(id),
        var entry when entry.Limits == limits => current,
        var entry => limits?.Check() is { } problem ? problem : With(current, entry with { Limits = limits }),
    });

    /// <summary>Changes what a plugin is granted, and in which contexts.</summary>
    /// <param name="id">Which plugin.</param>
    /// <param name="grant">At most what its manifest asks for.</param>
    /// <param name="contexts">Kubeconfig contexts, as globs.</param>
    public Outcome<Generation> SetGrant(PluginId id, PermissionSet grant, ImmutableArray<string> contexts) => Change($"permissions {id}", current =>
    {
        if (current.Find(id) is not { } entry) return NotInstalled(id);
        if (!Open(entry).TryGet(out var plugin, out var problems)) return problems;
        if (!grant.IsWithin(plugin.Manifest.Permissions))
            return new Problem(id.ToString(), "would be granted more than its manifest asks for", "grant at most the manifest's permissions");
        var next = entry with { Granted = grant, GrantDigest = grant.ComputeDigest(), Contexts = contexts };
        return next.GivesTheSameAs(entry) ? current : With(current, next);
    });

    /// <summary>Puts an earlier set in force again, unless another than <paramref name="from"/> is by now.</summary>
    /// <param name="from">Number of the set that is to be left.</param>
    /// <param name="to">Number of an earlier set.</param>
    public Outcome<Generation> SwitchBack(int from, int to)
    {
        _files.CreateDirectory(Root);
        if (!StoreLock.Acquire(Root, _lockWait).TryGet(out var held, out var problems)) return problems;
        using (held)
        {
            if (!Current().TryGet(out var current, out problems)) return problems;
            if (current.Number != from) return new Problem("", $"the installed plugins have changed again, so they stay as they are", "`lazyoc plugin list` shows what is installed");
            if (!ReadGeneration(to).TryGet(out var earlier, out problems)) return problems;
            MakeCurrent(to);
            return earlier;
        }
    }

    /// <summary>Loads a plugin of the set in force; see <see cref="Open(InstalledEntry)"/>.</summary>
    public Outcome<InstalledPlugin> OpenInstalled(PluginId id)
    {
        if (!Current().TryGet(out var current, out var problems)) return problems;
        return current.Find(id) is { } entry ? Open(entry) : NotInstalled(id);
    }

    /// <summary>Loads a plugin of a generation and checks every file against its digest; a changed file is a refusal that names it.</summary>
    public Outcome<InstalledPlugin> Open(InstalledEntry entry)
    {
        var unpacked = new UnpackedPackage(PathOf(entry.Digest));
        if (!unpacked.Read(entry.Files, out var content).TryGet(out var files, out var problems)) return problems;
        if (!files.TryGetValue(PluginPackage.ManifestPath, out var document)) return Damaged(PluginPackage.ManifestPath);
        if (!ManifestReader.Read(document.Span).TryGet(out var manifest, out problems)) return problems.Select(p => p.In($"{entry.Id} {PluginPackage.ManifestPath}")).ToImmutableArray();
        if (manifest.Id != entry.Id || manifest.Version != entry.Version) return Damaged(PluginPackage.ManifestPath);
        if (!files.TryGetValue(manifest.Main, out var main)) return Damaged(manifest.Main);
        return new InstalledPlugin
        {
            Entry = entry,
            Manifest = manifest,
            Main = main,
            SourceMap = files.TryGetValue(manifest.Main + ".map", out var map) ? map : default(ReadOnlyMemory<byte>?),
            Content = content,
        };

        Problem Damaged(string file) => new(file, $"is not what was installed as {entry.Id} {entry.Version}", "install the plugin again");
    }

    /// <summary>Makes one generation of another, in its turn.</summary>
    private Outcome<Generation> Change(string cause, Func<Generation, Outcome<Generation>> change)
    {
        _files.CreateDirectory(Root);
        if (!StoreLock.Acquire(Root, _lockWait).TryGet(out var held, out var problems)) return problems;
        using (held)
        {
            if (!Current().TryGet(out var current, out problems)) return problems;
            var outcome = change(current);
            if (!outcome.TryGet(out var next, out _) || ReferenceEquals(next, current)) return outcome;
            return Commit(next with { Cause = cause });
        }
    }

    private static Generation With(Generation current, InstalledEntry entry) => current with
    {
        Plugins = [.. current.Plugins.Where(p => p.Id != entry.Id).Append(entry).OrderBy(p => p.Id)],
    };

    /// <summary>Unpacks beside the store and moves the whole into place. A package there already that fails its digests is replaced.</summary>
    private void Unpack(PluginPackage package)
    {
        var target = PathOf(package.Digest);
        var files = Digest.Of(package.Find(FileList.Path)!.Value.Span);
        if (Directory.Exists(target) && new UnpackedPackage(target).Read(files).TryGet(out _, out _)) return;
        _files.CreateDirectory(Packages);
        var pending = Path.Combine(Packages, Pending);
        _files.Delete(pending);
        _files.CreateDirectory(pending);
        var folders = new SortedSet<string>(StringComparer.Ordinal) { pending };
        foreach (var file in package.Files)
        {
            var path = Path.Combine(pending, file.Path);
            var folder = Path.GetDirectoryName(path)!;
            _files.CreateDirectory(folder);
            for (var f = folder; f != pending; f = Path.GetDirectoryName(f)!) folders.Add(f);
            _files.Write(path, file.Content.Span, readOnly: true);
        }
        foreach (var folder in folders) _files.FlushDirectory(folder);
        _files.Delete(target);
        _files.MoveDirectory(pending, target);
        _files.FlushDirectory(Packages);
    }

    /// <summary>Writes a generation and makes it current; the replacement of one small file is the moment of change.</summary>
    private Generation Commit(Generation next)
    {
        _files.CreateDirectory(Generations);
        var generation = next with { Number = NextNumber(), Created = _time.GetUtcNow() };
        var pending = Path.Combine(Generations, Pending);
        _files.Delete(pending);
        _files.CreateDirectory(pending);
        _files.Write(Path.Combine(pending, LockDocument.FileName), LockDocument.Write(generation), readOnly: true);
        _files.FlushDirectory(pending);
        _files.MoveDirectory(pending, Path.Combine(Generations, Name(generation.Number)));
        _files.FlushDirectory(Generations);
        _files.FlushDirectory(Root);
        MakeCurrent(generation.Number);
        return generation;
    }

    private void MakeCurrent(int number)
    {
        var pending = CurrentFile + Pending;
        _files.Delete(pending);
        _files.Write(pending, Encoding.ASCII.GetBytes(Name(number) + "\n"), readOnly: false);
        _files.Replace(pending, CurrentFile);
        _files.FlushDirectory(Root);
    }

    private Outcome<Generation> ReadGeneration(int number)
    {
        if (number == 0) return Generation.Empty;
        var file = Path.Combine(Generations, Name(number), LockDocument.FileName);
        if (!File.Exists(file)) return new Problem(file, "is missing", DamageHint);
        var outcome = LockDocument.Read(File.ReadAllBytes(file), number);
        return outcome.TryGet(out _, out var problems) ? outcome : problems.Select(p => p.In(file)).ToImmutableArray();
    }

    /// <summary>Above every number ever used: a generation that never became current keeps its own.</summary>
    private int NextNumber()
    {
        var highest = 0;
        foreach (var directory in Directory.EnumerateDirectories(Generations))
            if (int.TryParse(Path.GetFileName(directory), NumberStyles.None, CultureInfo.InvariantCulture, out var number)) highest = Math.Max(highest, number);
        return highest + 1;
    }

    private string PathOf(Digest digest) => Path.Combine(Packages, digest.ToString());

    private static string Name(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static Problem NotInstalled(PluginId id) => new(id.ToString(), "is not installed", "`lazyoc plugin list` shows what is");
}
