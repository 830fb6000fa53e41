using System.Reflection;
using System.Text;
using System.Text.Json;
using System.Text.Json.Schema;
using System.Text.Json.Serialization.Metadata;
using LazyOC.Plugins.Contracts.Calls;
using LazyOC.Plugins.Contracts.Manifest;
using LazyOC.Plugins.Contracts.Messages;
using LazyOC.Plugins.Contracts.Views;
using LazyOC.Plugins.Runtime.Events;
using LazyOC.Plugins.Sandbox.Broker;

namespace LazyOC.Plugins.Runtime.Tests.Reference;

/// <summary>Writes the types of the host calls as TypeScript.</summary>
internal sealed class TypeScript(IReadOnlyList<HostCallRow> rows, XmlDocs docs)
{
    /// <summary>Types that the SDK declares itself, with what makes them pleasant to write.</summary>
    private static readonly Dictionary<Type, string> Own = new()
    {
        [typeof(ViewNode)] = "ViewNode",
        [typeof(ViewPatch)] = "ViewPatch",
        [typeof(FormField)] = "FormField",
        [typeof(TextStyle)] = "TextStyle",
        [typeof(DangerLevel)] = "DangerLevel",
    };

    private readonly SortedDictionary<string, string> _declared = new(StringComparer.Ordinal);
    private readonly SortedSet<string> _imported = new(StringComparer.Ordinal);

    /// <summary>Types that the file of host calls declares, for a file that takes them from there; and those that it takes.</summary>
    private readonly HashSet<string> _ofCalls = new(StringComparer.Ordinal);
    private readonly SortedSet<string> _takenOfCalls = new(StringComparer.Ordinal);

    public string Write()
    {
        var calls = new StringBuilder();
        foreach (var row in rows)
        {
            calls.Append(Comment(HostApi.Sentence(row), "  "))
                .Append("  \"").Append(row.Name).Append("\": { request: ").Append(NameOf(row.RequestType)).Append("; answer: ").Append(NameOf(row.AnswerType)).Append(" };\n");
        }
        var text = new StringBuilder("/** Every host call with its types. Generated from the table of host calls; do not edit. */\n\n");
        if (_imported.Count > 0) text.Append("import type { ").AppendJoin(", ", _imported).Append(" } from \"./views.js\";\n\n");
        text.Append("/** Why a call was refused or failed: the closed list of codes. */\nexport type ErrorCode =");
        foreach (var code in typeof(ErrorCode).GetFields(BindingFlags.Public | BindingFlags.Static).OrderBy(field => field.MetadataToken).Select(field => (string)field.GetRawConstantValue()!)) text.Append("\n  | \"").Append(code).Append('"');
        text.Append(";\n\n/** By name: what a call takes and what it answers. */\nexport interface HostCalls {\n").Append(calls).Append("}\n");
        foreach (var declaration in _declared.Values) text.Append('\n').Append(declaration);
        return text.ToString();
    }

    public string WriteEvents(IEnumerable<HostTopic> topics)
    {
        foreach (var row in rows) _ = (NameOf(row.RequestType), NameOf(row.AnswerType));
        _ofCalls.UnionWith(_declared.Keys);
        _declared.Clear();
        var members = new StringBuilder();
        foreach (var topic in topics)
        {
            var name = topic.Name == "resource.PLURAL" ? "[topic: `resource.${string}`]" : $"\"{topic.Name}\"";
            members.Append(Comment(topic.Description, "  ")).Append("  ").Append(name).Append(": ").Append(NameOf(topic.Data())).Append(";\n");
        }
        var text = new StringBuilder("/** Every topic of the host's own with the type of its data. Generated from the table of topics; do not edit. */\n\n");
        if (_takenOfCalls.Count > 0) text.Append("import type { ").AppendJoin(", ", _takenOfCalls).Append(" } from \"./host-calls.js\";\n\n");
        text.Append("/** By topic: what an event carries. */\nexport interface HostEvents {\n").Append(members).Append("}\n");
        foreach (var declaration in _declared.Values) text.Append('\n').Append(declaration);
        return text.ToString();
    }

    private string NameOf(JsonTypeInfo info)
    {
        var type = Nullable.GetUnderlyingType(info.Type) ?? info.Type;
        if (Own.TryGetValue(type, out var own))
        {
            _imported.Add(own);
            return own;
        }
        if (type == typeof(JsonElement)) return "unknown";
        if (type == typeof(string) || type == typeof(DateTimeOffset) || type == typeof(Contracts.PluginId)) return "string";
        if (type == typeof(bool)) return "boolean";
        if (type.IsEnum) return Union(info, type);
        if (type.IsPrimitive) return "number";
        if (type == typeof(byte[]) || type == typeof(ReadOnlyMemory<byte>)) return "string";
        if (type == typeof(TextOrBytes)) return "string | { base64: string }";
        switch (info.Kind)
        {
            case JsonTypeInfoKind.Enumerable:
                var element = NameOf(info.Options.GetTypeInfo(info.ElementType!));
                return element.Contains(' ', StringComparison.Ordinal) ? $"({element})[]" : $"{element}[]";
            case JsonTypeInfoKind.Dictionary:
                return $"Record<string, {NameOf(info.Options.GetTypeInfo(info.ElementType!))}>";
            case JsonTypeInfoKind.Object when _ofCalls.Contains(type.Name):
                _takenOfCalls.Add(type.Name);
                return type.Name;
            case JsonTypeInfoKind.Object:
                if (!_declared.ContainsKey(type.Name)) Declare(info, type);
                return type.Name;
            default:
                throw new InvalidOperationException($"{type} has no TypeScript type.");
        }
    }

    private void Declare(JsonTypeInfo info, Type type)
    {
        // Before its properties, which may be of the same type.
        _declared[type.Name] = "";
        var text = new StringBuilder().Append(Comment(docs.Of(type), "")).Append("export interface ").Append(type.Name).Append(" {\n");
        foreach (var property in info.Properties)
        {
            var name = (property.AttributeProvider as MemberInfo)?.Name ?? property.Name;
            text.Append(Comment(docs.Of(property.DeclaringType, name), "  ")).Append("  ").Append(property.Name).Append(property.IsRequired ? ": " : "?: ")
                .Append(NameOf(info.Options.GetTypeInfo(property.PropertyType))).Append(";\n");
        }
        _declared[type.Name] = text.Append("}\n").ToString();
    }

    private static string Union(JsonTypeInfo info, Type type)
    {
        var names = JsonSchemaExporter.GetJsonSchemaAsNode(info.Options, type)["enum"]!.AsArray();
        return string.Join(" | ", names.Where(name => name is not null).Select(name => $"\"{name}\""));
    }

    private static string Comment(string? text, string indent) => text is null ? "" : $"{indent}/** {text.Replace("*/", "* /", StringComparison.Ordinal)} */\n";
}
