using System.Collections.Immutable;
using LazyOC.Plugins.Contracts.Messages;
using LazyOC.Plugins.Contracts.Permissions;
using LazyOC.Plugins.Sandbox.Broker;
using LazyOC.Wasi;

namespace LazyOC.Plugins.Sandbox.Files;

/// <summary>A file of a package, fetched when it is first read.</summary>
/// <param name="Path">Relative to the package's root.</param>
/// <param name="Length">In bytes.</param>
/// <param name="Fetch">Its bytes; null when they cannot be had, or are not those of the package any more.</param>
public sealed record PluginFile(string Path, int Length, Func<ReadOnlyMemory<byte>?> Fetch);

/// <summary>What the files of one plugin instance are made of.</summary>
public sealed record PluginFilesOptions
{
    /// <summary>Whose they are: a mount that it may not read is not there, one that it may not write is read-only.</summary>
    public required PluginPrincipal Plugin { get; init; }

    /// <summary>What <c>/plugin</c> holds.</summary>
    public required ImmutableArray<PluginFile> Package { get; init; }

    public required MountRules Rules { get; init; }

    public required FileLimits Limits { get; init; }

    public required TimeProvider Time { get; init; }

    /// <summary>Told the WASI function and each path below <c>/mnt</c> that a WebAssembly guest opens or changes by itself, and whether it may change it; must return at once.</summary>
    public Action<string, string, bool> Used { get; init; } = static (_, _, _) => { };

    /// <summary>Told when a WebAssembly guest names a path that <see cref="FilePath.LeadsOut"/>; must return at once.</summary>
    public Action<string> Escaped { get; init; } = static _ => { };

    /// <summary>Told of a granted folder that is not mounted, and why.</summary>
    public Action<string> NotMounted { get; init; } = static _ => { };
}

/// <summary>
/// The files that one plugin instance sees: <c>/plugin</c>, its package; <c>/tmp</c>, in memory; <c>/mnt/NAME</c>, folders that
/// the user chose. Calls of <c>files.*</c> and the WASI imports of a WebAssembly guest use the same trees, one operation at a
/// time. Nothing is opened before the first use.
/// </summary>
/// <remarks>Thread safe. What a plugin does wrong comes back as an error; nothing throws for it.</remarks>
public sealed partial class PluginFiles : IDisposable
{
    internal const string PackageRoot = "/plugin";
    internal const string TemporaryRoot = "/tmp";
    internal const string MountRoot = "/mnt";

    private readonly PluginFilesOptions _options;
    private readonly Lock _gate = new();
    private readonly Lazy<ImmutableSortedDictionary<string, VirtualFileSystem>> _trees;
    private readonly Dictionary<string, string> _notMounted = new(StringComparer.Ordinal);
    private readonly HashSet<IncomingFile> _incoming = [];
    private bool _disposed;

    public PluginFiles(PluginFilesOptions options)
    {
        _options = options;
        _trees = new(Open);
    }

    public FileLimits Limits => _options.Limits;

    /// <summary>The trees as a guest finds them opened.</summary>
    internal ImmutableArray<WasiMount> Mounts =>
        [.. _trees.Value.Select(tree => new WasiMount(tree.Key, new SharedFileSystem(
            tree.Value,
            _gate,
            IsMount(tree.Key) ? (call, path, isChange) => _options.Used(call, $"{tree.Key}/{path}", isChange) : null,
            path => TellEscape($"{tree.Key}/{path}"))))];

    /// <summary>Lets go of the host's folders. Later calls end <c>cancelled</c>.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            if (_disposed) return;
            _disposed = true;
            foreach (var incoming in _incoming.ToArray()) incoming.Dispose();
            if (!_trees.IsValueCreated) return;
            foreach (var tree in _trees.Value.Values) (tree as IDisposable)?.Dispose();
        }
    }

    private void TellEscape(string path)
    {
        if (FilePath.LeadsOut(path)) _options.Escaped(path);
    }

    private static bool IsMount(string root) => root.StartsWith(MountRoot + "/", StringComparison.Ordinal);

    private ImmutableSortedDictionary<string, VirtualFileSystem> Open()
    {
        var trees = ImmutableSortedDictionary.CreateBuilder<string, VirtualFileSystem>(StringComparer.Ordinal);
        trees.Add(PackageRoot, MemoryFileSystem.ReadOnly(_options.Package.Select(file => KeyValuePair.Create(file.Path, new FetchedFile(file.Length, file.Fetch))), _options.Time));
        var limits = new VirtualFileSystemLimits { TotalBytes = Limits.TemporaryBytes, Entries = Limits.TemporaryEntries };
        trees.Add(TemporaryRoot, new MemoryFileSystem(limits, _options.Time));
        foreach (var rule in _options.Plugin.Granted.Files)
            if (Mount(rule) is { } tree) trees[$"{MountRoot}/{rule.Mount}"] = tree;
        return trees.ToImmutable();
    }

    private HostFileSystem? Mount(FileRule rule)
    {
        if (_options.Plugin.Decide(new Demand.MountedFile(rule.Mount, IsWrite: false)) != Decision.Permitted) return null;
        if (rule.Host is not { } folder) return Refuse("no folder was chosen for it");
        if (_options.Rules.Resolve(folder, out var reason) is not { } real) return Refuse($"`{folder}` {reason}");
        var isReadOnly = _options.Plugin.Decide(new Demand.MountedFile(rule.Mount, IsWrite: true)) != Decision.Permitted;
        HostFileSystem? tree = null;
        try
        {
            tree = new HostFileSystem(real, new HostFileSystemOptions { IsReadOnly = isReadOnly, AllowsSymbolicLinks = false });
            var errno = tree.OpenRoot(out var root);
            if (errno == Errno.Success)
            {
                root.Dispose();
                return tree;
            }
            tree.Dispose();
            return Refuse($"`{folder}` cannot be opened");
        }
        catch (IOException error)
        {
            tree?.Dispose();
            return Refuse($"`{folder}` cannot be opened: {error.Message}");
        }

        HostFileSystem? Refuse(string why)
        {
            _notMounted[$"{MountRoot}/{rule.Mount}"] = why;
            _options.NotMounted($"/mnt/{rule.Mount} is not there: {why}");
            return null;
        }
    }

    private CallError NoTree(FilePath path) => _notMounted.TryGetValue(path.Root, out var why)
        ? new CallError(ErrorCode.Unavailable, $"`{path.Root}` is not there: {why}")
        : new CallError(ErrorCode.NotFound, $"there is no `{path.Root}`: a plugin has `/plugin`, `/tmp` and what is mounted below `/mnt`");
}
