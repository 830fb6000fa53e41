using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using LazyOC.Plugins.Contracts.Json;

namespace LazyOC.Cli.Commands.Plugin.New;

/// <summary>One of the templates that <c>plugin new</c> makes plugins from.</summary>
/// <param name="Name">Such as <c>tab</c>.</param>
/// <param name="Description">What its plugin does, without full stop.</param>
internal sealed record PluginTemplate(string Name, string Description);

/// <summary>What <c>template.json</c> says.</summary>
/// <param name="Description">What its plugin does, without full stop.</param>
/// <param name="Sdk">Files of the SDKs of other languages that the plugin gets a copy of, each with its path below <c>sdk/</c>; null for none.</param>
internal sealed record TemplateDescription(string Description, ImmutableArray<string>? Sdk = null);

/// <summary>
/// The templates and the SDK that lie beside the program, in <c>sdk/</c>: files in which a few words in capitals stand for what is
/// the plugin's own. What all templates have is in <c>shared</c>.
/// </summary>
internal sealed class TemplateFolder(string sdk)
{
    private const string Shared = "shared";
    private const string DescriptionFile = "template.json";

    public static TemplateFolder OfProgram { get; } = new(Path.Combine(AppContext.BaseDirectory, "sdk"));

    private string Templates => Path.Combine(sdk, "templates");

    /// <summary>The package of the SDK that plugins are made with.</summary>
    /// <exception cref="UserError">The program is not complete.</exception>
    public string SdkPackage => Directory.Exists(sdk) && Directory.EnumerateFiles(sdk, "lazyoc-plugin-*.tgz").Order(StringComparer.Ordinal).LastOrDefault() is { } file ? file : throw Incomplete();

    /// <summary>All templates, by name.</summary>
    /// <exception cref="UserError">The program is not complete.</exception>
    public ImmutableArray<PluginTemplate> All()
    {
        if (!Directory.Exists(Templates)) throw Incomplete();
        return
        [
            .. Directory.EnumerateDirectories(Templates).Where(folder => File.Exists(Path.Combine(folder, DescriptionFile))).Order(StringComparer.Ordinal).Select(folder =>
                new PluginTemplate(Path.GetFileName(folder), Describe(folder).Description)),
        ];
    }

    /// <exception cref="UserError">There is no such template.</exception>
    public PluginTemplate Find(string name)
    {
        var all = All();
        var names = all.Select(template => template.Name).ToArray();
        return all.FirstOrDefault(template => template.Name == name) ?? throw new UserError(
            ExitCode.Usage, $"there is no template `{name}`",
            NearestName.Of(name, names) is { } near ? $"did you mean `{near}`?" : $"the templates are {string.Join(", ", names.Select(n => $"`{n}`"))}");
    }

    /// <summary>The files of a template, those that all have before those in their place, each with its path in the plugin.</summary>
    public IEnumerable<(string Path, string Source)> FilesOf(PluginTemplate template)
    {
        foreach (var folder in (string[])[Path.Combine(Templates, Shared), Path.Combine(Templates, template.Name)])
            foreach (var file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
                if (Path.GetRelativePath(folder, file) is var path and not DescriptionFile) yield return (path, file);
    }

    /// <summary>What of the SDKs the plugin keeps a copy of.</summary>
    public IEnumerable<string> SdkFilesOf(PluginTemplate template) => [SdkPackage, .. (Describe(Path.Combine(Templates, template.Name)).Sdk ?? []).Select(file => Path.Combine(sdk, file))];

    private static TemplateDescription Describe(string folder) => JsonSerializer.Deserialize(File.ReadAllBytes(Path.Combine(folder, DescriptionFile)), TemplateJson.Default.TemplateDescription)!;

    private UserError Incomplete() => new(ExitCode.Failed, $"the templates are not beside the program, in {sdk}", "install LazyOC again, or build it with `dotnet build`");
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
[JsonSerializable(typeof(TemplateDescription))]
internal sealed partial class TemplateJson : JsonSerializerContext;
