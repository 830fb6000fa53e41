using System.Text;

namespace LazyOC.Plugins.Packages.Tests;

/// <summary>Small packages to take apart.</summary>
internal static class SamplePackage
{
    public const string Permissions = """{"kubernetes":[{"apiGroups":[""],"resources":["pods"],"verbs":["get","list"]}],"events":{"subscribe":["resource.*"]}}""";

    public static string Manifest(string id = "acme.demo", string version = "1.0.0", string main = "dist/plugin.js") =>
        $$"""{"manifestVersion":1,"id":"{{id}}","version":"{{version}}","displayName":"Demo","engines":{"lazyoc":"^1.0"},"main":"{{main}}","permissions":{{Permissions}}}""";

    public static List<PackageFile> Files(string id = "acme.demo", string version = "1.0.0", string code = "export {};") =>
    [
        File("plugin.json", Manifest(id, version)),
        File("dist/plugin.js", code),
        File("dist/plugin.js.map", "{}"),
        File("README.md", "# Demo\n"),
    ];

    public static PackageFile File(string path, string content) => new(path, Encoding.UTF8.GetBytes(content));

    /// <summary>Adds the file list and packs.</summary>
    public static byte[] Pack(IReadOnlyList<PackageFile> files) => ArchiveWriter.Write(files.Append(new PackageFile(FileList.Path, FileList.Of(files).ToUtf8())));

    public static PluginPackage Open(string id = "acme.demo", string version = "1.0.0", string code = "export {};")
    {
        Assert.True(PluginPackage.Open(Pack(Files(id, version, code))).TryGet(out var package, out var problems), Contracts.Problem.Join(problems));
        return package;
    }
}

/// <summary>A directory that goes away with the test.</summary>
internal sealed class TemporaryDirectory : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("lazyoc-test-").FullName;

    public void Write(string name, string content)
    {
        var path = System.IO.Path.Combine(Path, name);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        File.WriteAllText(path, content);
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
