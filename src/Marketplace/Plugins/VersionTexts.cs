using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Text;
using LazyOC.Marketplace.Data;
using LazyOC.Marketplace.Publishing;
using LazyOC.Plugins.Packages;

namespace LazyOC.Marketplace.Plugins;

/// <summary>What a package says about itself besides its manifest.</summary>
internal static class VersionTexts
{
    /// <summary>Keeps what is shown and searched, so that nobody has to open the package for it.</summary>
    public static Task AddAsync(Sql sql, VersionKey key, PluginPackage package, PackageLooks looks, MarketLimits limits) => sql.ExecuteAsync(
        "INSERT INTO version_texts (plugin_id, version_key, readme, changelog, readme_sketch, icon) VALUES (@PluginId, @Key, @Readme, @Changelog, @Sketch, @Icon)",
        new
        {
            key.PluginId,
            key.Key,
            Readme = Find(package, "README.md", limits),
            Changelog = Find(package, "CHANGELOG.md", limits),
            Sketch = ToText(looks.ReadmeSketch),
            Icon = looks.Icon?.ToString(),
        });

    public static string ToText(ImmutableArray<uint> sketch)
    {
        var bytes = new byte[sketch.Length * sizeof(uint)];
        for (var i = 0; i < sketch.Length; i++) BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(i * sizeof(uint)), sketch[i]);
        return Convert.ToBase64String(bytes);
    }

    public static ImmutableArray<uint> ToSketch(string text)
    {
        var bytes = Convert.FromBase64String(text);
        return [.. Enumerable.Range(0, bytes.Length / sizeof(uint)).Select(i => BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(i * sizeof(uint))))];
    }

    private static string? Find(PluginPackage package, string name, MarketLimits limits)
    {
        if (package.Files.FirstOrDefault(file => file.Path.Equals(name, StringComparison.OrdinalIgnoreCase)) is not { } file) return null;
        // A byte is a character at least; what no text may hold becomes U+FFFD, and NUL, which PostgreSQL refuses, goes.
        var text = Encoding.UTF8.GetString(file.Content.Span[..Math.Min(file.Content.Length, limits.MaxReadmeChars * 4)]).Replace("\0", "", StringComparison.Ordinal);
        return text.Length <= limits.MaxReadmeChars ? text : text[..limits.MaxReadmeChars];
    }
}
