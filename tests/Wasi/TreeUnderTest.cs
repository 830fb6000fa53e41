using System.Text;

namespace LazyOC.Wasi.Tests;

/// <summary>One of the file systems, with a few files in it. Disposing it deletes what it made on the host.</summary>
internal sealed class TreeUnderTest : IDisposable
{
    public const string Memory = "memory";
    public const string Host = "host";
    public const string OverMemory = "overlay over memory";
    public const string OverHost = "overlay over host";

    private static readonly KeyValuePair<string, string>[] Seeds = [new("seed/one.txt", "one\n"), new("seed/two.txt", "two\n"), new("seed/sub/three.txt", "three\n")];

    private readonly List<IDisposable> _toDispose = [];
    private readonly string _kind;

    public TreeUnderTest(string kind, VirtualFileSystemLimits? limits = null)
    {
        _kind = kind;
        Writable = kind switch
        {
            Memory => InMemory(limits),
            Host => OnHost(isReadOnly: false),
            OverMemory => new OverlayFileSystem(Lower = SeedsInMemory(), limits),
            _ => new OverlayFileSystem(Lower = OnHost(isReadOnly: true), limits),
        };
        ReadOnly = kind switch
        {
            Memory or OverMemory => SeedsInMemory(),
            _ => OnHost(isReadOnly: true),
        };
    }

    /// <summary>Every kind of writable file system.</summary>
    public static string[] Kinds { get; } = OperatingSystem.IsLinux() ? [Memory, Host, OverMemory, OverHost] : [Memory, OverMemory];

    public VirtualFileSystem Writable { get; }

    public VirtualFileSystem ReadOnly { get; }

    /// <summary>What an overlay lies over.</summary>
    public VirtualFileSystem? Lower { get; }

    /// <summary>The folder of the host that the writable one, or the lower one, is.</summary>
    public string? Folder { get; private set; }

    /// <summary>The two trees as every test program finds them.</summary>
    public WasiOptions Options => new()
    {
        Mounts = [new WasiMount("/data", Writable), new WasiMount("/ro", ReadOnly)],
        Arguments = ["program", "zwei", "ünï", ""],
        Environment = [new("COLOUR", "blue"), new("EMPTY", ""), new("EQUATION", "a=b")],
    };

    public override string ToString() => _kind;

    public void Dispose()
    {
        foreach (var thing in _toDispose)
            thing.Dispose();
    }

    private static MemoryFileSystem InMemory(VirtualFileSystemLimits? limits)
    {
        var system = new MemoryFileSystem(limits);
        foreach (var (path, text) in Seeds)
            system.WriteFile(path, Encoding.UTF8.GetBytes(text));
        return system;
    }

    private static MemoryFileSystem SeedsInMemory() =>
        MemoryFileSystem.ReadOnly(Seeds.Select(seed => new KeyValuePair<string, ReadOnlyMemory<byte>>(seed.Key, Encoding.UTF8.GetBytes(seed.Value))));

    private HostFileSystem OnHost(bool isReadOnly)
    {
        var folder = new TemporaryFolder();
        Folder ??= folder.Path;
        foreach (var (path, text) in Seeds)
            folder.Write(path, text);
        var system = new HostFileSystem(folder.Path, new HostFileSystemOptions { IsReadOnly = isReadOnly, AllowsSymbolicLinks = true });
        _toDispose.Add(system);
        _toDispose.Add(folder);
        return system;
    }
}

/// <summary>A folder of the host that goes when it is disposed.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("lazyoc-wasi-").FullName;

    public string PathOf(string name) => System.IO.Path.Combine(Path, name);

    public void Write(string name, string text)
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(PathOf(name))!);
        File.WriteAllText(PathOf(name), text);
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
