using System.Text;
using LazyOC.Plugins.Contracts.Manifest;
using LazyOC.Plugins.Packages;

namespace LazyOC.Cli.Commands.Plugin;

/// <summary>
/// <c>src/plugin-ids.d.ts</c>: tells the TypeScript compiler, and an author's editor, the ids in <c>plugin.json</c>, so that a handler
/// that is missing or has no contribution is an error of the compiler.
/// </summary>
internal static class ManifestIdsFile
{
    private const string Sources = "src";
    private const string Name = "plugin-ids.d.ts";

    /// <summary>
    /// Writes it for a plugin in TypeScript, unless it is there and right; a manifest that cannot be read is left to the one who packs
    /// it.
    /// </summary>
    /// <exception cref="UserError">It cannot be written.</exception>
    public static void Write(string directory)
    {
        var manifest = Path.Combine(directory, PluginPackage.ManifestPath);
        if (!File.Exists(Path.Combine(directory, "tsconfig.json")) || !Directory.Exists(Path.Combine(directory, Sources)) || !File.Exists(manifest)) return;
        var file = Path.Combine(directory, Sources, Name);
        try
        {
            if (!ManifestReader.Read(File.ReadAllBytes(manifest)).TryGet(out var read, out _) || !read.Main.EndsWith(".js", StringComparison.Ordinal)) return;
            var text = Of(read);
            if (!File.Exists(file) || File.ReadAllText(file) != text) File.WriteAllText(file, text, new UTF8Encoding(false));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new UserError(ExitCode.Failed, $"{file} cannot be written: {error.Message}", "give a directory that you may write to", error);
        }
    }

    /// <summary>What it says for a manifest.</summary>
    public static string Of(PluginManifest manifest)
    {
        var kinds = ContributionCheck.AnsweredByCode(manifest.Contributes)
            .Concat(manifest.Contributes.StatusItems.Select(item => (Group: "statusItems", item.Id)))
            .Concat(manifest.Exports.Services.Keys.Order(StringComparer.Ordinal).Select(name => (Group: "services", Id: name)))
            .GroupBy(part => part.Group, part => part.Id);
        var text = new StringBuilder(
            """
            // Written by `lazyoc plugin` from plugin.json: the ids that the plugin has handlers for. Commit it; a change is made in plugin.json.
            import "@lazyoc/plugin";

            declare module "@lazyoc/plugin" {
              interface ManifestIds {

            """);
        text.Append("    plugin: \"").Append(manifest.Id).Append("\";\n");
        foreach (var kind in kinds) text.Append("    ").Append(kind.Key).Append(": ").AppendJoin(" | ", kind.Select(id => $"\"{id}\"")).Append(";\n");
        return text.Append("  }\n}\n").ToString().ReplaceLineEndings("\n");
    }
}
