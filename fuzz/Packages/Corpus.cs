using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Packages;

namespace LazyOC.Fuzz.Packages;

/// <summary>The sound packages that are damaged: made by <c>plugin pack</c>'s own code, of this repository's files.</summary>
internal static class Corpus
{
    private const int SmallFiles = 60;

    /// <summary>Packs them in a folder that must be empty, and empties it.</summary>
    public static ImmutableArray<PluginPackage> Make(string scratch)
    {
        var plugin = Repository("plugins/pod-health/src/plugin.ts");
        return
        [
            Pack(scratch, ("dist/plugin.js", "export {};"u8.ToArray())),
            Pack(scratch, ("dist/plugin.js", plugin), ("dist/plugin.js.map", "{\"version\":3,\"sources\":[],\"mappings\":\"\"}"u8.ToArray()), ("README.md", Repository("README.md")), ("data/deep/er/x.bin", [.. Enumerable.Range(0, 999).Select(i => (byte)(i * i))])),
            Pack(scratch, ("dist/plugin.wasm", Repository("tests/EndToEnd/Fixtures/loop.wasm"))),
            Pack(scratch, [("dist/plugin.js", plugin), .. Enumerable.Range(0, SmallFiles).Select(i => (string.Create(CultureInfo.InvariantCulture, $"data/{i:D2}.txt"), Encoding.UTF8.GetBytes(new string('x', i))))]),
        ];
    }

    private static byte[] Repository(string file) => File.ReadAllBytes(Path.Combine(RepositoryFolder.Root, file));

    private static PluginPackage Pack(string scratch, params (string Path, byte[] Content)[] files)
    {
        Directory.CreateDirectory(scratch);
        File.WriteAllText(Path.Combine(scratch, PluginPackage.ManifestPath), $$$"""{"manifestVersion":1,"id":"acme.fuzz","version":"1.0.0","displayName":"Fuzz","engines":{"lazyoc":"^1.0"},"main":"{{{files[0].Path}}}","permissions":{"kubernetes":[{"apiGroups":[""],"resources":["pods"],"verbs":["get"]}]}}""");
        foreach (var (path, content) in files)
        {
            var file = Path.Combine(scratch, path);
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllBytes(file, content);
        }
        var outcome = PackageSource.Pack(scratch);
        Directory.Delete(scratch, recursive: true);
        return outcome.TryGet(out var packed, out var problems) ? packed.Package : throw new InvalidOperationException(Problem.Join(problems));
    }
}
