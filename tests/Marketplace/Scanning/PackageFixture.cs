using System.Collections.Immutable;
using System.IO.Compression;
using System.Text;
using System.Text.Json;
using LazyOC.Marketplace.Scanning;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Packages;

namespace LazyOC.Marketplace.Tests.Scanning;

/// <summary>A plugin's folder as its author packs it. As it stands, no scanner has anything to say of it.</summary>
internal sealed record PackageFixture
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);

    public string Id { get; init; } = "acme.weather";

    public string Version { get; init; } = "1.0.0";

    public string DisplayName { get; init; } = "Weather of the cluster";

    public string License { get; init; } = "Apache-2.0";

    public string? Repository { get; init; } = "https://git.acme.org/weather";

    public string Description { get; init; } = "Shows the weather.";

    public string Main { get; init; } = "main.js";

    /// <summary>JSON object.</summary>
    public string Permissions { get; init; } = "{}";

    /// <summary>JSON object.</summary>
    public string Reasons { get; init; } = "{}";

    public ImmutableSortedDictionary<string, byte[]> Files { get; init; } = new Dictionary<string, byte[]>
    {
        ["main.js"] = Utf8.GetBytes("lazyoc.on(\"activate\", () => null);\n"),
        ["README.md"] = Utf8.GetBytes("# Weather\n\nShows what the weather of the cluster is.\n"),
        ["LICENSE"] = Utf8.GetBytes("                                 Apache License\n                           Version 2.0, January 2004\n"),
    }.ToImmutableSortedDictionary(StringComparer.Ordinal);

    public static PackageFixture Clean { get; } = new();

    /// <summary>One whose <c>main.js</c> is this.</summary>
    public static PackageFixture Script(string code, string permissions = "{}") => (Clean with { Permissions = permissions }).With("main.js", code);

    public PackageFixture With(string path, string text) => With(path, Utf8.GetBytes(text));

    public PackageFixture With(string path, byte[] content) => this with { Files = Files.SetItem(path, content) };

    public PackageFixture Without(string path) => this with { Files = Files.Remove(path) };

    public PluginPackage Pack()
    {
        var folder = Directory.CreateTempSubdirectory("lazyoc-scan-");
        try
        {
            File.WriteAllText(Path.Combine(folder.FullName, "plugin.json"), Manifest(), Utf8);
            foreach (var (path, content) in Files)
            {
                Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(folder.FullName, path))!);
                File.WriteAllBytes(Path.Combine(folder.FullName, path), content);
            }
            Assert.True(PackageSource.Pack(folder.FullName).TryGet(out var packed, out var problems), Problem.Join(problems));
            return packed.Package;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>Packs it and changes a file that packing wrote, as an author with a tool of his own can; null takes it out.</summary>
    public PluginPackage PackWith(string path, string? text)
    {
        var files = Pack().Files.Where(file => file.Path != path && file.Path != "files.json").ToDictionary(file => file.Path, file => file.Content.ToArray(), StringComparer.Ordinal);
        if (text is not null) files.Add(path, Utf8.GetBytes(text));
        var list = new { files = files.OrderBy(file => file.Key, StringComparer.Ordinal).Select(file => new { path = file.Key, size = file.Value.Length, digest = Digest.Of(file.Value).ToString() }) };
        files.Add("files.json", JsonSerializer.SerializeToUtf8Bytes(list));
        using var output = new MemoryStream();
        using (var zip = new ZipArchive(output, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (name, content) in files.OrderBy(file => file.Key, StringComparer.Ordinal))
            {
                var entry = zip.CreateEntry(name, CompressionLevel.NoCompression);
                entry.LastWriteTime = new DateTimeOffset(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);
                using var stream = entry.Open();
                stream.Write(content);
            }
        }
        Assert.True(PluginPackage.Open(output.ToArray()).TryGet(out var package, out var problems), Problem.Join(problems));
        return package;
    }

    private string Manifest()
    {
        var repository = Repository is null ? "" : $"\"repository\": {JsonSerializer.Serialize(Repository)},\n";
        return $$"""
            {
              "manifestVersion": 1,
              "id": "{{Id}}",
              "version": "{{Version}}",
              "displayName": {{JsonSerializer.Serialize(DisplayName)}},
              "description": {{JsonSerializer.Serialize(Description)}},
              "license": {{JsonSerializer.Serialize(License)}},
              {{repository}}"engines": { "lazyoc": "^1.0" },
              "main": "{{Main}}",
              "activation": ["onStartup"],
              "permissions": {{Permissions}},
              "permissionReasons": {{Reasons}}
            }
            """;
    }
}

/// <summary>Runs scanners and says what came of it.</summary>
internal static class Scans
{
    public static Submission Submit(this PluginPackage package, PluginPackage? previous = null, params KnownPlugin[] known) =>
        new() { Package = package, Previous = previous, Catalog = new ScanCatalog { Plugins = [.. known] } };

    public static Task<ScanResult> ScanAsync(this IScanner scanner, PackageFixture fixture) => scanner.ScanAsync(fixture.Pack().Submit(), CancellationToken.None);

    /// <summary>There is a finding of that rule, and the verdict is that of the rule or worse.</summary>
    public static Finding Caught(this ScanResult result, string rule)
    {
        var found = result.Findings.FirstOrDefault(finding => finding.Rule == rule);
        Assert.True(found is not null, $"expected `{rule}`, found: {Show(result)}");
        var verdict = ScannerSet.Rules.SelectMany(scanner => scanner.Rules).Single(known => known.Name == rule).Verdict;
        Assert.True(result.Verdict >= verdict, Show(result));
        return found;
    }

    /// <summary>Nothing was found at all.</summary>
    public static void Clean(this ScanResult result) => Assert.True(result.Verdict == Verdict.Pass && result.Findings.IsEmpty, Show(result));

    /// <summary>Nothing was found by that rule.</summary>
    public static void Free(this ScanResult result, string rule) => Assert.False(result.Findings.Any(finding => finding.Rule == rule), Show(result));

    public static string Show(ScanResult result) => $"{result.Verdict}: {string.Join("; ", result.Findings)}";
}
