using System.Formats.Tar;
using System.IO.Compression;
using LazyOC.EndToEnd.Tests;

namespace LazyOC.Cli.Tests.Plugin.Authoring;

/// <summary>
/// A folder in which plugins are made and built as on an author's machine, where <c>npm install</c> has been run once for all of
/// them: the SDKs from the packages that the program ships, the tools from those of the repository.
/// </summary>
internal sealed class AuthorFolder : IDisposable
{
    private readonly LazyOc _lazyoc = new();

    public AuthorFolder()
    {
        var modules = Path.Combine(_lazyoc.Home, "node_modules");
        foreach (var name in (string[])["plugin", "assemblyscript"])
        {
            var unpacked = Directory.CreateDirectory(_lazyoc.PathOf($"unpacked-{name}")).FullName;
            using (var file = File.OpenRead(Directory.EnumerateFiles(ProgramSdk, $"lazyoc-{name}-*.tgz").Single()))
            using (var tar = new GZipStream(file, CompressionMode.Decompress))
                TarFile.ExtractToDirectory(tar, unpacked, overwriteFiles: true);
            Directory.CreateDirectory(Path.Combine(modules, "@lazyoc"));
            Directory.Move(Path.Combine(unpacked, "package"), Path.Combine(modules, "@lazyoc", name));
        }
        foreach (var tool in (string[])["esbuild", "@esbuild", "typescript", "assemblyscript", "binaryen", "long", ".bin"])
            Directory.CreateSymbolicLink(Path.Combine(modules, tool), Path.Combine(LazyOc.RepositoryRoot, "node_modules", tool));
    }

    /// <summary>What the program ships for authors.</summary>
    public static string ProgramSdk { get; } = Path.Combine(Path.GetDirectoryName(LazyOc.Program)!, "sdk");

    public LazyOc LazyOC => _lazyoc;

    /// <summary>Makes a plugin from a template.</summary>
    public async Task<string> NewAsync(string template, string name = "")
    {
        var directory = _lazyoc.PathOf(name.Length == 0 ? template : name);
        await _lazyoc.OkAsync("plugin", "new", directory, "--template", template, "--yes", "--no-install");
        return directory;
    }

    public void Dispose() => _lazyoc.Dispose();
}
