using System.Text;
using System.Text.Json.Nodes;
using LazyOC.Plugins.Contracts.Manifest;

namespace LazyOC.Plugins.Contracts.Tests.Manifest;

/// <summary>Writes the reference of the manifest: one table for each object in it, in the schema's order.</summary>
internal sealed class ManifestPage(JsonObject schema, ManifestLimits limits)
{
    /// <summary>The smallest manifest that does something.</summary>
    public const string Example = """
        {
          "$schema": "https://lazyoc.dev/schemas/plugin-v1.json",
          "manifestVersion": 1,
          "id": "acme.pod-notes",
          "version": "0.1.0",
          "displayName": "Pod notes",
          "description": "Shows the notes that people leave on pods.",
          "license": "Apache-2.0",
          "engines": { "lazyoc": "^1.0" },
          "main": "dist/plugin.js",
          "activation": ["onTab:acme.pod-notes.note"],
          "permissions": {
            "kubernetes": [{ "apiGroups": [""], "resources": ["pods"], "verbs": ["get"] }]
          },
          "permissionReasons": { "kubernetes": "reads the note of the pod that you look at" },
          "contributes": {
            "tabs": [{ "id": "acme.pod-notes.note", "title": "Note", "resource": "Pod" }]
          }
        }
        """;

    private readonly StringBuilder _page = new();
    private readonly List<string> _undescribed = [];

    /// <summary>Keys of which nothing is said.</summary>
    public IReadOnlyList<string> Undescribed => _undescribed;

    public string Write()
    {
        _page.Append($"""
            # The manifest

            `plugin.json` lies at the root of a package. What the user consents to, what an update is compared with and what the host enforces are this one file. A key that is not in the tables below is an error that names the nearest known one.

            Generated from the schema, [plugin-v1.json](../../schemas/plugin-v1.json), which editors use for completion when `$schema` names it. Keys marked * must be there. `lazyoc plugin validate` checks all of it.

            ```json
            {Example}
            ```

            Kinds are written `Pod` or, with their API group, `apps/Deployment`; sizes `5MiB`; ranges of versions as in npm (`^1.2`, `>=1 <3`). Each contribution has an `id` that begins with the plugin's own.

            """);
        Section("Keys", "", schema);
        _page.Append(System.Globalization.CultureInfo.InvariantCulture, $"""

            ## What a manifest may hold

            | what | at most |
            |---|---|
            | `plugin.json` | {ByteSize.Format(limits.MaxBytes)} |
            | objects and arrays inside each other | {limits.MaxDepth} |
            | a name, title, description, reason or path | {limits.MaxTextLength:N0} characters |
            | entries of a list | {limits.MaxItems} |
            | `limits.memory` | {ByteSize.Format(limits.MinMemoryBytes)} to {ByteSize.Format(limits.MaxMemoryBytes)} |

            """);
        return _page.ToString();
    }

    /// <summary>An object's table, then those of the objects in it.</summary>
    private void Section(string title, string path, JsonObject node)
    {
        _page.Append("\n## ").Append(title).Append("\n\n");
        if (path.Length > 0 && node["description"] is { } description) _page.Append(description).Append("\n\n");
        _page.Append("| key | type | what |\n|---|---|---|\n");
        var required = (node["required"] as JsonArray)?.Select(name => name!.GetValue<string>()).ToHashSet() ?? [];
        var inner = new List<(string Path, JsonObject Node)>();
        foreach (var (name, value) in node["properties"]!.AsObject())
        {
            var property = value!.AsObject();
            var at = path.Length == 0 ? name : $"{path}.{name}";
            var (below, of) = Inside(at, property);
            if (of is not null) inner.Add((below, of));
            var what = (property["description"] ?? of?["description"])?.GetValue<string>();
            if (what is null) _undescribed.Add(at);
            _page.Append("| `").Append(name).Append('`').Append(required.Contains(name) ? " *" : "").Append(" | ").Append(TypeOf(property, of is null ? ReferredTo(property) : below))
                .Append(" | ").Append(what?.Replace("|", "\\|", StringComparison.Ordinal)).Append(" |\n");
        }
        foreach (var (below, of) in inner) Section(below, below, of);
    }

    /// <summary>The object that a key holds, in a list or by names: where it is, and what it is.</summary>
    private static (string Path, JsonObject? Node) Inside(string at, JsonObject property)
    {
        if (property["properties"] is not null) return (at, property);
        if (property["items"] is JsonObject items) return Inside($"{at}[]", items);
        if (property["additionalProperties"] is JsonObject named) return Inside($"{at}.NAME", named);
        return property["anyOf"] is JsonArray any ? Inside(at, any.OfType<JsonObject>().First(one => one["properties"] is not null)) : (at, null);
    }

    /// <summary>The path of an object that is described elsewhere; null when the key holds none.</summary>
    private static string? ReferredTo(JsonObject property) =>
        (property["$ref"] ?? property["items"]?["$ref"])?.GetValue<string>() is { } reference
            ? reference.Replace("#/properties/", "", StringComparison.Ordinal).Replace("/items", "[]", StringComparison.Ordinal).Replace("/properties/", ".", StringComparison.Ordinal)
            : null;

    private static string TypeOf(JsonNode node, string? section)
    {
        var text = node["$ref"] is not null ? "object"
            : node["enum"] is JsonArray values ? string.Join(", ", values.Select(value => $"`{value}`"))
            : node["anyOf"] is not null ? "text, or object"
            : node["items"] is { } items ? $"list of {Plural(TypeOf(items, null))}"
            : node["additionalProperties"] is JsonObject named ? $"{TypeOf(named, null)} by name"
            : node["type"] is JsonArray types ? string.Join(", ", types.Select(type => Word(type!.GetValue<string>())).Where(word => word != "null"))
            : Word(node["type"]!.GetValue<string>());
        return section is null ? text : $"[{text}](#{Anchor(section)})";
    }

    private static string Word(string type) => type switch { "string" => "text", "integer" => "whole number", "boolean" => "true or false", _ => type };

    private static string Plural(string type) => type switch { "object" => "objects", "whole number" => "whole numbers", _ => type };

    /// <summary>The anchor that a forge makes of a heading.</summary>
    private static string Anchor(string title) => new([.. title.ToLowerInvariant().Where(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_')]);
}
