using System.Collections;
using System.Collections.Immutable;
using System.Text;
using System.Text.RegularExpressions;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Contracts.Manifest;

namespace LazyOC.Plugins.Samples.Tests;

/// <summary>What the samples have to be together: an author finds one of everything.</summary>
public sealed partial class EverySampleTests
{
    public static TheoryData<string> Points => new(typeof(Contributions).GetProperties().Where(point => point.PropertyType != typeof(Type)).Select(point => point.Name));

    public static TheoryData<string> Names => new(Folders.Select(folder => Path.GetFileName(folder)));

    private static IEnumerable<string> Folders => Directory.EnumerateDirectories(Path.Combine(Sample.Repository, "plugins")).Where(folder => File.Exists(Path.Combine(folder, "plugin.json"))).Order(StringComparer.Ordinal);

    private static ImmutableArray<PluginManifest> Manifests { get; } = [.. Folders.Select(ManifestIn)];

    [Theory]
    [MemberData(nameof(Points))]
    public void Point_IsExtendedByASample(string point) =>
        Assert.Contains(Manifests, manifest => ((IEnumerable)typeof(Contributions).GetProperty(point)!.GetValue(manifest.Contributes)!).Cast<object>().Any());

    [Fact]
    public void ServicesMigrationsAndSettings_AreInASample()
    {
        Assert.Contains(Manifests, manifest => !manifest.Exports.Services.IsEmpty);
        Assert.Contains(Manifests, manifest => !manifest.Permissions.Services.Call.IsEmpty);
        Assert.Contains(Manifests, manifest => !manifest.Migrations.IsEmpty);
        Assert.Contains(Manifests, manifest => !manifest.Settings.IsEmpty);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Readme_ShowsAPictureOutOfThePackage(string sample)
    {
        var content = Sample.Packed(sample).Content;
        var picture = Picture().Match(Encoding.UTF8.GetString(content.Read("README.md")!.Value.Span));
        Assert.True(picture.Success, "the README shows no picture");
        Assert.NotNull(content.Read(picture.Groups["file"].Value));
    }

    private static PluginManifest ManifestIn(string folder) =>
        ManifestReader.Read(File.ReadAllBytes(Path.Combine(folder, "plugin.json"))).TryGet(out var manifest, out var problems) ? manifest : throw new InvalidOperationException($"{folder}: {Problem.Join(problems)}");

    [GeneratedRegex(@"!\[[^\]]+\]\((?<file>screens/[a-z]+\.svg)\)", RegexOptions.NonBacktracking)]
    private static partial Regex Picture();
}
