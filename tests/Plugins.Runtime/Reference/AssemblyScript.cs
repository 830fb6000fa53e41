using System.Globalization;
using System.Reflection;
using System.Text;
using System.Text.Json;
using System.Text.Json.Schema;
using System.Text.Json.Serialization.Metadata;
using LazyOC.Plugins.Contracts.Calls;
using LazyOC.Plugins.Contracts.Messages;
using LazyOC.Plugins.Contracts.Views;
using LazyOC.Plugins.Sandbox.Broker;

namespace LazyOC.Plugins.Runtime.Tests.Reference;

/// <summary>
/// Writes the host calls, and the messages, as classes of AssemblyScript: what is sent has a constructor and setters, what is read
/// has getters, each around the JSON that goes over the line.
/// </summary>
internal sealed class AssemblyScript(IReadOnlyList<HostCallRow> rows, XmlDocs docs)
{
    /// <summary>Types that the SDK declares itself.</summary>
    private static readonly Type[] Own = [typeof(ViewNode), typeof(ViewPatch), typeof(FormField)];

    private readonly SortedDictionary<string, string> _read = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, string> _sent = new(StringComparer.Ordinal);
    private readonly SortedSet<string> _own = new(StringComparer.Ordinal);
    private readonly HashSet<string> _ofCalls = new(StringComparer.Ordinal);
    private readonly SortedSet<string> _takenOfCalls = new(StringComparer.Ordinal);

    /// <summary>What makes a call, and what of its answer is read, for a program that uses all there is.</summary>
    private readonly StringBuilder _uses = new();

    public string WriteCalls()
    {
        foreach (var row in rows) Reads(row.AnswerType);
        var calls = new StringBuilder();
        foreach (var row in rows) calls.Append('\n').Append(Call(row));
        var text = new StringBuilder("/** Every host call as a class. Generated from the table of host calls; do not edit. */\n\n")
            .Append("import { callHost } from \"./guest\";\nimport { Json } from \"./json\";\nimport { Answer, listOf, textsOf, Value, valuesOf } from \"./value\";\n");
        if (_own.Count > 0) text.Append("import { ").AppendJoin(", ", _own).Append(" } from \"./views\";\n");
        text.Append("\n/** Why a call was refused or failed: the closed list of codes. */\nexport namespace ErrorCode {\n");
        foreach (var code in typeof(ErrorCode).GetFields(BindingFlags.Public | BindingFlags.Static).OrderBy(field => field.MetadataToken))
            text.Append("  export const ").Append(JsonNamingPolicy.CamelCase.ConvertName(code.Name)).Append(" = \"").Append((string)code.GetRawConstantValue()!).Append("\";\n");
        text.Append("}\n").Append(calls);
        foreach (var declaration in _sent.Values.Concat(_read.Values)) text.Append('\n').Append(declaration);
        return text.ToString();
    }

    /// <summary>Readers of messages' payloads; after <see cref="WriteCalls"/>, whose types they share.</summary>
    public string WriteMessages(IEnumerable<JsonTypeInfo> payloads)
    {
        _ofCalls.UnionWith(_read.Keys);
        _read.Clear();
        foreach (var payload in payloads) Reads(payload);
        var text = new StringBuilder("/** What messages carry: each is read with `receive`. Generated from their contracts; do not edit. */\n\n");
        if (_takenOfCalls.Count > 0) text.Append("import { ").AppendJoin(", ", _takenOfCalls).Append(" } from \"./host-calls\";\n");
        text.Append("import { Json } from \"./json\";\nimport { textsOf, Value, valuesOf } from \"./value\";\n");
        foreach (var declaration in _read.Values) text.Append('\n').Append(declaration);
        return text.ToString();
    }

    /// <summary>A program that makes every call with all that it takes: AssemblyScript compiles only what is used.</summary>
    public string WriteUses() => $"import * as sdk from \"@lazyoc/assemblyscript/assembly\";\n\nexport function activate(): i32 {{\n{_uses}  return sdk.done();\n}}\n";

    private string Call(HostCallRow row)
    {
        var name = string.Concat(row.Name.Split('.').Select(part => char.ToUpperInvariant(part[0]) + part[1..]));
        var answer = Reads(row.AnswerType);
        var text = Sent(name, row.RequestType, HostApi.Sentence(row), out var use)
            .Append("\n  send(): Answer<").Append(answer).Append("> {\n    return new Answer<").Append(answer).Append(">(callHost(\"").Append(row.Name).Append("\", this.json));\n  }\n}\n");
        _uses.Append(CultureInfo.InvariantCulture, $"  const {JsonNamingPolicy.CamelCase.ConvertName(name)} = {use}.send().ok;\n");
        if (row.AnswerType.Kind == JsonTypeInfoKind.Object)
            foreach (var property in row.AnswerType.Properties) _uses.Append(CultureInfo.InvariantCulture, $"  {JsonNamingPolicy.CamelCase.ConvertName(name)}.{Named(property)};\n");
        return text.ToString();
    }

    /// <summary>A class that is sent, but for its end.</summary>
    private StringBuilder Sent(string name, JsonTypeInfo info, string? comment, out string use)
    {
        var required = info.Properties.Where(property => property.IsRequired).ToArray();
        var text = new StringBuilder(Comment(comment, "")).Append("export class ").Append(name).Append(" extends Value {\n");
        foreach (var property in required) text.Append(Comment($"{property.Name}: {DocOf(property)}", "  ", DocOf(property) is not null));
        text.Append("  constructor(").AppendJoin(", ", required.Select(property => $"{property.Name}: {SentType(property)}")).Append(") {\n    super(Json.object());\n");
        foreach (var property in required) text.Append("    this.json.set(\"").Append(property.Name).Append("\", ").Append(SentValue(property, property.Name)).Append(");\n");
        text.Append("  }\n");
        var uses = new StringBuilder($"new sdk.{name}({string.Join(", ", required.Select(Sample))})");
        foreach (var property in info.Properties.Except(required))
        {
            text.Append('\n').Append(Comment(DocOf(property), "  ")).Append("  ").Append(Named(property)).Append("(value: ").Append(SentType(property)).Append("): ").Append(name)
                .Append(" {\n    this.json.set(\"").Append(property.Name).Append("\", ").Append(SentValue(property, "value")).Append(");\n    return this;\n  }\n");
            uses.Append(CultureInfo.InvariantCulture, $".{Named(property)}({Sample(property)})");
        }
        use = uses.ToString();
        return text;
    }

    private string SentType(JsonPropertyInfo property) => SentType(InfoOf(property));

    private string SentType(JsonTypeInfo info)
    {
        var type = info.Type;
        if (Scalar(type) is { } scalar) return scalar;
        if (Own.Contains(type))
        {
            _own.Add(type.Name);
            return type.Name;
        }
        switch (info.Kind)
        {
            case JsonTypeInfoKind.Enumerable:
                return $"{SentType(info.Options.GetTypeInfo(info.ElementType!))}[]";
            case JsonTypeInfoKind.Object when _read.ContainsKey(type.Name):
                return type.Name;
            case JsonTypeInfoKind.Object:
                if (!_sent.ContainsKey(type.Name)) _sent[type.Name] = Sent(type.Name, info, docs.Of(type), out _).Append("}\n").ToString();
                return type.Name;
            default:
                return "Json";
        }
    }

    private string SentValue(JsonPropertyInfo property, string value)
    {
        var type = SentType(property);
        return type switch
        {
            "Json" => value,
            "string[]" => $"Json.texts({value})",
            _ when type.EndsWith("[]", StringComparison.Ordinal) => $"listOf({value})",
            "string" or "bool" or "i32" or "i64" or "f64" => $"Json.of({value})",
            _ => $"{value}.json",
        };
    }

    private string Sample(JsonPropertyInfo property) => SentType(property) switch
    {
        "Json" => InfoOf(property).Type == typeof(TextOrBytes) ? "sdk.Json.of(\"text\")" : "sdk.Json.object()",
        "string[]" => "[\"text\"]",
        "string" => EnumNames(property) is [var first, ..] ? $"\"{first}\"" : InfoOf(property).Type == typeof(Contracts.PluginId) ? "\"acme.plugin\"" : "\"text\"",
        "bool" => "true",
        "i32" or "i64" => "1",
        "f64" => "1.5",
        "ViewNode" => "sdk.empty(\"nothing\")",
        "ObjectReference" => "sdk.reference(\"Pod\", \"cart\", \"bookstore\")",
        "FormField[]" => "[sdk.FormField.of(\"name\", \"Name\", \"text\")]",
        var type => $"new Array<sdk.{type.TrimEnd('[', ']')}>()",
    };

    /// <summary>The name of a class that reads a type; it is declared on the way.</summary>
    private string Reads(JsonTypeInfo info)
    {
        var type = info.Type;
        if (info.Kind != JsonTypeInfoKind.Object || info.Properties.Count == 0 || Own.Contains(type)) return "Value";
        if (_ofCalls.Contains(type.Name))
        {
            _takenOfCalls.Add(type.Name);
            return type.Name;
        }
        if (_read.ContainsKey(type.Name)) return type.Name;
        // Before its properties, which may be of the same type.
        _read[type.Name] = "";
        var text = new StringBuilder(Comment(docs.Of(type), "")).Append("export class ").Append(type.Name).Append(" extends Value {\n");
        var separator = "";
        foreach (var property in info.Properties)
        {
            var (result, expression) = Getter(property);
            text.Append(separator).Append(Comment(DocOf(property), "  ")).Append("  get ").Append(Named(property)).Append("(): ").Append(result).Append(" {\n    return ").Append(expression).Append(";\n  }\n");
            separator = "\n";
        }
        _read[type.Name] = text.Append("}\n").ToString();
        return type.Name;
    }

    private (string Type, string Expression) Getter(JsonPropertyInfo property)
    {
        var info = InfoOf(property);
        var name = $"\"{property.Name}\"";
        var element = info.Kind == JsonTypeInfoKind.Enumerable ? info.Options.GetTypeInfo(info.ElementType!) : null;
        if (element is not null)
        {
            if (element.Kind == JsonTypeInfoKind.Object && !Own.Contains(element.Type)) return ($"{Reads(element)}[]", $"valuesOf<{Reads(element)}>(this.json.under({name}))");
            return Scalar(element.Type) == "string" ? ("string[]", $"textsOf(this.json.under({name}))") : ("Json[]", $"this.json.under({name}).items");
        }
        switch (Scalar(info.Type))
        {
            case "string" when property.IsRequired:
                return ("string", $"this.json.text({name})");
            case "string":
                return ("string | null", $"this.json.has({name}) ? this.json.text({name}) : null");
            case "bool":
                return ("bool", $"this.json.flag({name})");
            case "f64":
                return ("f64", $"this.json.number({name})");
            case "Json":
                return ("Json", $"this.json.any({name})");
            case { } whole:
                return (whole, $"<{whole}>this.json.number({name})");
        }
        if (info.Kind == JsonTypeInfoKind.Dictionary) return ("Json", $"this.json.under({name})");
        var read = Reads(info);
        return property.IsRequired ? (read, $"new {read}(this.json.under({name}))") : ($"{read} | null", $"this.json.has({name}) ? new {read}(this.json.under({name})) : null");
    }

    private static JsonTypeInfo InfoOf(JsonPropertyInfo property) => property.Options.GetTypeInfo(Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType);

    /// <summary>The AssemblyScript type of what is no object and no list; null of any other.</summary>
    private static string? Scalar(Type type)
    {
        if (type == typeof(JsonElement) || type == typeof(TextOrBytes)) return "Json";
        if (type == typeof(string) || type == typeof(DateTimeOffset) || type == typeof(Contracts.PluginId) || type == typeof(byte[]) || type == typeof(ReadOnlyMemory<byte>) || type.IsEnum) return "string";
        if (type == typeof(bool)) return "bool";
        if (type == typeof(double)) return "f64";
        return !type.IsPrimitive ? null : type == typeof(long) ? "i64" : "i32";
    }

    /// <summary>What a property is called: the compiler takes a member <c>continue</c> for the statement.</summary>
    private static string Named(JsonPropertyInfo property) => property.Name == "continue" ? "continue_" : property.Name;

    private string? DocOf(JsonPropertyInfo property)
    {
        var text = docs.Of(property.DeclaringType, (property.AttributeProvider as MemberInfo)?.Name ?? property.Name);
        return EnumNames(property) is { Length: > 0 } names ? $"{text ?? ""} One of {string.Join(", ", names.Select(name => $"`{name}`"))}.".Trim() : text;
    }

    private static string[] EnumNames(JsonPropertyInfo property)
    {
        var type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
        return type.IsEnum ? [.. JsonSchemaExporter.GetJsonSchemaAsNode(property.Options, type)["enum"]!.AsArray().Where(name => name is not null).Select(name => (string)name!)] : [];
    }

    private static string Comment(string? text, string indent, bool isThere = true) => text is null || !isThere ? "" : $"{indent}/** {text.Replace("*/", "* /", StringComparison.Ordinal)} */\n";
}
