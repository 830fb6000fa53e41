using System.Text;
using System.Text.RegularExpressions;
using LazyOC.Plugins.Contracts;

namespace LazyOC.Cli.Commands.Plugin.New;

/// <summary>A plugin that is yet to be made: what its author decides.</summary>
/// <param name="Directory">Where.</param>
/// <param name="Template">From what.</param>
/// <param name="Id">Its id.</param>
/// <param name="DisplayName">What its users read.</param>
internal sealed partial record NewPlugin(string Directory, PluginTemplate Template, PluginId Id, string DisplayName)
{
    /// <summary>Where the plugin keeps its copy of the SDK; a name with a dot is not packed.</summary>
    private const string SdkFolder = ".sdk";

    private const string DefaultPublisher = "example";

    /// <summary>Whether a plugin can be made in a directory.</summary>
    /// <exception cref="UserError">It cannot.</exception>
    public static void CheckPlace(string directory)
    {
        if (File.Exists(directory)) throw new UserError(ExitCode.Failed, $"{directory} is a file", "give the name of a directory that is yet to be made");
        if (!System.IO.Directory.Exists(directory)) return;
        var there = System.IO.Directory.EnumerateFileSystemEntries(directory).Select(Path.GetFileName).Where(name => name != ".git").Order(StringComparer.Ordinal).Take(3).ToArray();
        if (there.Length > 0)
            throw new UserError(ExitCode.Failed, $"{directory} is not empty: it holds {string.Join(", ", there.Select(name => $"`{name}`"))}", "give an empty directory, or the name of one that is yet to be made; nothing was written") { Help = HelpPage.NotEmpty };
    }

    /// <summary>An id for a plugin in a directory, of a publisher that is yet to be named.</summary>
    public static PluginId? DefaultId(string directory)
    {
        var name = NoIdCharacters().Replace(Path.GetFileName(directory.TrimEnd(Path.DirectorySeparatorChar)).ToLowerInvariant(), "-").Trim('-');
        return PluginId.TryParse($"{DefaultPublisher}.{name}", out var id) ? id : null;
    }

    /// <summary>A display name for an id: <c>acme.pod-notes</c> is <c>Pod notes</c>.</summary>
    public static string DefaultName(PluginId id)
    {
        var text = id.ToString();
        var words = text[(text.IndexOf('.', StringComparison.Ordinal) + 1)..].Replace('-', ' ');
        return char.ToUpperInvariant(words[0]) + words[1..];
    }

    /// <summary>What is wrong with a display name; null when nothing is.</summary>
    public static string? ProblemOfName(string name) =>
        DisplayNames().IsMatch(name) ? null : $"`{Output.Printable(name)}` is no display name: it has 1 to 60 letters, digits, spaces and any of . , : ( ) ' + & -";

    /// <summary>Makes the plugin: all its files, or none.</summary>
    /// <exception cref="UserError">A file cannot be written.</exception>
    public void Make(TemplateFolder templates)
    {
        CheckPlace(Directory);
        var sdk = templates.SdkPackage;
        var stage = $"{Directory.TrimEnd(Path.DirectorySeparatorChar)}.{Guid.NewGuid():N}";
        try
        {
            foreach (var (path, source) in templates.FilesOf(Template))
            {
                var target = Path.Combine(stage, path);
                System.IO.Directory.CreateDirectory(Path.GetDirectoryName(target)!);
                File.WriteAllText(target, Filled(File.ReadAllText(source), Path.GetFileName(sdk)), new UTF8Encoding(false));
            }
            // An editor knows the ids before the first build.
            ManifestIdsFile.Write(stage);
            System.IO.Directory.CreateDirectory(Path.Combine(stage, SdkFolder));
            foreach (var file in templates.SdkFilesOf(Template)) File.Copy(file, Path.Combine(stage, SdkFolder, Path.GetFileName(file)));
            if (!System.IO.Directory.Exists(Directory)) System.IO.Directory.Move(stage, Directory);
            else
                foreach (var entry in System.IO.Directory.GetFileSystemEntries(stage)) System.IO.Directory.Move(entry, Path.Combine(Directory, Path.GetFileName(entry)));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new UserError(ExitCode.Failed, $"the plugin cannot be made in {Directory}: {error.Message}", "give a directory that you may write to", error);
        }
        finally
        {
            if (System.IO.Directory.Exists(stage)) System.IO.Directory.Delete(stage, recursive: true);
        }
    }

    private string Filled(string text, string sdk) => text
        .Replace("__ID__", Id.ToString(), StringComparison.Ordinal)
        .Replace("__NAME__", DisplayName, StringComparison.Ordinal)
        .Replace("__PACKAGE__", Id.ToString().Replace('.', '-'), StringComparison.Ordinal)
        .Replace("__SDK__", sdk, StringComparison.Ordinal);

    // What may stand in JSON, in Markdown and in a comment as it is.
    [GeneratedRegex(@"^[\p{L}\p{N}][\p{L}\p{N} .,:()'+&-]{0,59}\z", RegexOptions.NonBacktracking)]
    private static partial Regex DisplayNames();

    [GeneratedRegex("[^a-z0-9-]+", RegexOptions.NonBacktracking)]
    private static partial Regex NoIdCharacters();
}
