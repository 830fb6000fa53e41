using System.Text.Unicode;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Contracts.Manifest;

namespace LazyOC.Plugins.Packages;

/// <summary>The files of a package that its manifest's templates name.</summary>
internal static class TemplateFiles
{
    /// <summary>The first problem with one; null when there is none.</summary>
    public static Problem? Check(PluginManifest manifest, Func<string, ReadOnlyMemory<byte>?> find, PackageLimits limits)
    {
        foreach (var template in manifest.Contributes.Templates)
        {
            if (find(template.File) is not { } file)
                return new Problem(template.File, $"is the template `{template.Id}`, but it is not in the package", "name a file that is packed, with its path from `plugin.json`");
            if (file.Length > limits.MaxTemplateBytes)
                return new Problem(template.File, $"has {ByteSize.Format(file.Length)}; a template has at most {ByteSize.Format(limits.MaxTemplateBytes)}");
            if (!Utf8.IsValid(file.Span)) return new Problem(template.File, "is not UTF-8");
        }
        return null;
    }
}
