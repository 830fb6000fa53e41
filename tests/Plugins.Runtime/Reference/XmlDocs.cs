using System.Xml.Linq;

namespace LazyOC.Plugins.Runtime.Tests.Reference;

/// <summary>The documentation of the vocabulary's records, which the compiler writes beside their assembly.</summary>
internal sealed class XmlDocs
{
    private readonly Dictionary<string, string> _summaries = XDocument.Load(Path.ChangeExtension(typeof(Contracts.PluginId).Assembly.Location, ".xml")).Descendants("member")
        .Where(member => member.Element("summary") is not null)
        .ToDictionary(member => member.Attribute("name")!.Value, member => Text(member.Element("summary")!));

    public string? Of(Type type) => _summaries.GetValueOrDefault($"T:{NameOf(type)}");

    public string? Of(Type owner, string property) => _summaries.GetValueOrDefault($"P:{NameOf(owner)}.{property}");

    private static string NameOf(Type type) => type.FullName!.Replace('+', '.');

    private static string Text(XElement summary)
    {
        foreach (var code in summary.Descendants("c").ToArray()) code.ReplaceWith($"`{code.Value}`");
        foreach (var see in summary.Descendants("see").ToArray()) see.ReplaceWith($"`{see.Attribute("cref")?.Value.Split('.')[^1] ?? see.Attribute("langword")?.Value}`");
        return string.Join(' ', summary.Value.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
    }
}
