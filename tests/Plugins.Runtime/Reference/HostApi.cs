using System.Reflection;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using System.Text.Json.Serialization.Metadata;
using LazyOC.Plugins.Contracts.Calls;
using LazyOC.Plugins.Contracts.Messages;
using LazyOC.Plugins.Runtime.Events;
using LazyOC.Plugins.Sandbox;
using LazyOC.Plugins.Sandbox.Broker;
using LazyOC.Plugins.Sandbox.Quotas;

namespace LazyOC.Plugins.Runtime.Tests.Reference;

/// <summary>Writes the reference of the host calls: a page, and JSON Schemas.</summary>
internal sealed class HostApi(IReadOnlyList<HostCallRow> rows, XmlDocs docs)
{
    /// <summary>What a call is, and what it needs.</summary>
    public static string Sentence(HostCallRow row)
    {
        var text = new StringBuilder(row.Description);
        if (row.Permission is { } permission) text.Append(" Permission: `").Append(permission).Append("`.");
        if (row.IsWrite) text.Append(" Changes the cluster: needs a gesture, or a rule with `unattended`.");
        else if (row.NeedsGesture) text.Append(" Needs a gesture.");
        if (row.Deprecated is { } deprecated) text.Append(" Deprecated since ").Append(deprecated.Since).Append(", gone in ").Append(deprecated.RemovedIn).Append(": ").Append(deprecated.Instead).Append('.');
        if (row.WaitsForUser) text.Append(" The wait for the user costs no time of the message.");
        return text.ToString();
    }

    /// <summary>The codes that a call can be refused or fail with.</summary>
    public static IEnumerable<string> ErrorsOf(HostCallRow row)
    {
        if (row.Permission is not null || row.IsWrite) yield return ErrorCode.PermissionDenied;
        if (row.IsWrite || row.NeedsGesture) yield return ErrorCode.GestureRequired;
        yield return ErrorCode.QuotaExceeded;
        yield return ErrorCode.Invalid;
        foreach (var code in row.Errors) yield return code;
        yield return ErrorCode.TooLarge;
        yield return ErrorCode.Cancelled;
        yield return ErrorCode.Internal;
    }

    public JsonObject Schemas()
    {
        var calls = new JsonObject();
        foreach (var row in rows)
            calls[row.Name] = new JsonObject { ["description"] = Sentence(row), ["request"] = SchemaOf(row.RequestType), ["answer"] = SchemaOf(row.AnswerType) };
        return new JsonObject
        {
            ["$schema"] = "https://json-schema.org/draft/2020-12/schema",
            ["$id"] = "https://lazyoc.dev/schemas/host-api-v1.json",
            ["title"] = "LazyOC host calls: the schemas of each call's request and answer",
            ["calls"] = calls,
        };
    }

    public string Page(SandboxLimits limits)
    {
        var page = new StringBuilder("""
            # Host calls

            All that a plugin can do outside of itself. Each call is checked in this order: quota of all calls, known call, size and shape of the arguments, the call's own quota, permission, gesture; then it is audited and done. A refusal is an error with one of the codes below.

            Generated from the table of host calls. JavaScript and TypeScript: `host.…` of `@lazyoc/plugin`, or `lazyoc.call(name, arguments, gesture)`. WebAssembly: `extism:host/user` `host_call` with `{"call","args","gesture"?}`.

            | call | permission | draws on | gesture | before taking over in a hot swap |
            |---|---|---|---|---|

            """);
        foreach (var row in rows)
        {
            page.Append("| [`").Append(row.Name).Append("`](#").Append(row.Name.Replace(".", "", StringComparison.Ordinal).ToLowerInvariant()).Append(") | ")
                .Append(row.Permission is null ? "—" : $"`{row.Permission}`").Append(" | ").Append(row.Quota is { } quota ? QuotaText(quota, limits) : "—").Append(" | ")
                .Append(row.IsWrite ? "yes, unless `unattended`" : row.NeedsGesture ? "yes" : "—").Append(" | ").Append(row.WhileStaged.ToString().ToLowerInvariant()).Append(" |\n");
        }
        page.Append('\n').Append(string.Create(null, $"Every call draws on the quota of all host calls ({RateText(limits.HostCalls)}) and on that of argument bytes; arguments and answers have at most 1 MiB.\n"));
        foreach (var row in rows)
        {
            page.Append("\n## ").Append(row.Name).Append("\n\n").Append(Sentence(row)).Append('\n');
            AddFields(page, "Takes", row.RequestType);
            AddFields(page, "Answers", row.AnswerType);
            page.Append("\nErrors: ").AppendJoin(", ", ErrorsOf(row).Distinct().Select(code => $"`{code}`")).Append(".\n");
        }
        return page.ToString();
    }

    public string EventsPage(IEnumerable<HostTopic> topics)
    {
        var page = new StringBuilder("""
            # Events of the host

            What `events.subscribe` delivers beside the events of other plugins. A topic needs the permission `events.subscribe` with it or with a pattern that covers it, such as `plugin.*`; `audit.*` needs `audit: read` besides. What is told of an object is its identity, and more only if the plugin may `get` it.

            Generated from the table of topics. TypeScript: `HostEvents` of `@lazyoc/plugin`.

            """);
        foreach (var topic in topics)
        {
            page.Append("\n## ").Append(topic.Name).Append("\n\n").Append(topic.Description).Append('\n');
            AddFields(page, "Carries", topic.Data());
        }
        return page.ToString();
    }

    private void AddFields(StringBuilder page, string lead, JsonTypeInfo type)
    {
        if (type.Kind != JsonTypeInfoKind.Object || type.Properties.Count == 0)
        {
            page.Append('\n').Append(lead).Append(type.Kind == JsonTypeInfoKind.Object ? " nothing.\n" : " any JSON.\n");
            return;
        }
        page.Append('\n').Append(lead).Append(":\n\n");
        foreach (var property in type.Properties)
        {
            var name = (property.AttributeProvider as MemberInfo)?.Name ?? property.Name;
            page.Append("- `").Append(property.Name).Append('`').Append(property.IsRequired ? "" : "?").Append(" (").Append(TypeText(type.Options.GetTypeInfo(property.PropertyType))).Append(')')
                .Append(docs.Of(property.DeclaringType, name) is { } text ? $": {text}" : "").Append('\n');
        }
    }

    private static string TypeText(JsonTypeInfo info)
    {
        var type = Nullable.GetUnderlyingType(info.Type) ?? info.Type;
        if (type == typeof(string)) return "text";
        if (type == typeof(bool)) return "true or false";
        if (type == typeof(DateTimeOffset)) return "a time, RFC 3339";
        if (type == typeof(JsonElement)) return "any JSON";
        if (type == typeof(TextOrBytes)) return "text, or bytes as `{\"base64\": …}`";
        if (type == typeof(ReadOnlyMemory<byte>)) return "Base64";
        if (type.IsEnum) return string.Join(", ", JsonSchemaExporter.GetJsonSchemaAsNode(info.Options, type)["enum"]!.AsArray().Where(name => name is not null).Select(name => $"`{name}`"));
        if (type.IsPrimitive) return type == typeof(double) ? "a number" : "a whole number";
        return info.Kind switch
        {
            JsonTypeInfoKind.Enumerable => $"a list of {TypeText(info.Options.GetTypeInfo(info.ElementType!))}",
            JsonTypeInfoKind.Dictionary => $"an object of {TypeText(info.Options.GetTypeInfo(info.ElementType!))}",
            _ => type.Name,
        };
    }

    private JsonNode SchemaOf(JsonTypeInfo type) => JsonSchemaExporter.GetJsonSchemaAsNode(type, new JsonSchemaExporterOptions
    {
        TreatNullObliviousAsNonNullable = true,
        TransformSchemaNode = (context, node) =>
        {
            if (node is not JsonObject schema) return node;
            var text = context.PropertyInfo is { } property ? docs.Of(property.DeclaringType, (property.AttributeProvider as MemberInfo)?.Name ?? property.Name) : docs.Of(context.TypeInfo.Type);
            if (text is not null) schema.Insert(0, "description", text);
            return schema;
        },
    });

    private static string QuotaText(QuotaClass quota, SandboxLimits limits) => $"{CapabilityBroker.NameOf(quota)} ({RateText(limits.RateOf(quota))})";

    private static string RateText(QuotaRate rate) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{rate.PerSecond:0.##} a second, bursts of {rate.Burst:0.##}");
}
