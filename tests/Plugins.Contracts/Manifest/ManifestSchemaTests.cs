using System.Text.Encodings.Web;
using System.Text.Json;
using LazyOC.Plugins.Contracts.Manifest;

namespace LazyOC.Plugins.Contracts.Tests.Manifest;

/// <summary><c>schemas/plugin-v1.json</c> and the reference are written from the records; editors and authors use them, the reader does not.</summary>
public sealed class ManifestSchemaTests
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    [Fact]
    public void Schema_Committed_IsWhatTheRecordsSay() => AssertCommitted("schemas/plugin-v1.json", ManifestSchema.Generate().ToJsonString(Indented) + "\n");

    [Fact]
    public void Reference_Committed_IsWhatTheRecordsSay()
    {
        var page = new ManifestPage(ManifestSchema.Generate(asMarkdown: true), ManifestLimits.Default);

        AssertCommitted("docs/reference/manifest.md", page.Write());
        Assert.True(page.Undescribed.Count == 0, $"not documented: {string.Join(", ", page.Undescribed)}");
        Assert.True(ManifestReader.Read(System.Text.Encoding.UTF8.GetBytes(ManifestPage.Example)).TryGet(out _, out var problems), Problem.Join(problems));
    }

    [Theory]
    [InlineData("pod-health")]
    [InlineData("cluster-pulse")]
    public void Read_SamplePlugin_IsSound(string plugin)
    {
        var manifest = File.ReadAllBytes(Path.Combine(Root(), "plugins", plugin, "plugin.json"));
        Assert.True(ManifestReader.Read(manifest).TryGet(out _, out var problems), Problem.Join(problems));
    }

    private static void AssertCommitted(string file, string text)
    {
        var path = Path.Combine(Root(), file);
        if (Environment.GetEnvironmentVariable("LAZYOC_UPDATE_GOLDENS") == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, text);
        }
        Assert.True(File.Exists(path), $"{path} is missing: run the tests with LAZYOC_UPDATE_GOLDENS=1");
        Assert.Equal(text, File.ReadAllText(path), ignoreLineEndingDifferences: true);
    }

    private static string Root()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(directory!.FullName, "LazyOC.slnx"))) directory = directory.Parent;
        return directory.FullName;
    }
}
