using System.Collections.Immutable;
using System.ComponentModel;

namespace LazyOC.Cli.Commands.Bench.Wasm;

/// <summary>Which peers are installed, and where the files are that they run.</summary>
internal sealed class WasmPeers
{
    public const string V8 = "V8";
    public const string Native = "native";

    private readonly SortedDictionary<string, string> _versions = new(StringComparer.Ordinal);
    private readonly SortedSet<string> _missing = new(StringComparer.Ordinal);

    private WasmPeers(string folder) => Folder = folder;

    /// <summary><c>bench/wasm</c>.</summary>
    public string Folder { get; }

    public bool HasV8 => _versions.ContainsKey(V8);

    public bool HasNative => _versions.ContainsKey(Native);

    public ImmutableSortedDictionary<string, string> Versions => _versions.ToImmutableSortedDictionary();

    public ImmutableArray<string> Missing => [.. _missing];

    public static async Task<WasmPeers> FindAsync(bool needsNative, CancellationToken cancellationToken)
    {
        var peers = new WasmPeers(BenchFolder.Require("wasm"));
        if (await peers.VersionAsync(V8, "node", ["-p", "`Node.js ${process.versions.node}, V8 ${process.versions.v8}`"], cancellationToken) is { } v8)
            peers._versions.Add(V8, v8);
        if (needsNative
            && await peers.VersionAsync(Native, "wasm2c", ["--version"], cancellationToken) is { } wasm2c
            && await peers.VersionAsync(Native, "gcc", ["-dumpfullversion"], cancellationToken) is { } gcc)
            peers._versions.Add(Native, $"wasm2c {wasm2c}, gcc {gcc} -O2");
        return peers;
    }

    public string PathOf(string file) => Path.Combine(Folder, file);

    public string ModuleOf(Kernel kernel) => PathOf(Path.Combine("kernels", kernel.File + ".wasm"));

    /// <summary>Names a figure that the report will lack.</summary>
    public void Miss(string what, string why) => _missing.Add($"{what}: {why}");

    /// <summary>V8 with a program of <see cref="Folder"/>.</summary>
    public PeerProcess StartV8(string name, string script, params IEnumerable<string> arguments) =>
        PeerProcess.Start(name, "node", ["--no-warnings", PathOf(script), .. arguments]);

    private async Task<string?> VersionAsync(string peer, string program, string[] arguments, CancellationToken cancellationToken)
    {
        try
        {
            var child = await ChildProcess.RunAsync(program, arguments, cancellationToken: cancellationToken);
            if (child.ExitCode == 0) return child.Output.Trim().Split('\n')[0];
            Miss(peer, $"`{program}` ended with {child.ExitCode}");
        }
        catch (Win32Exception)
        {
            Miss(peer, $"`{program}` was not found");
        }

        return null;
    }
}
