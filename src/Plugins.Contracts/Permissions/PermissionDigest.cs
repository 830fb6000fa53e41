using System.Buffers;
using System.Collections.Immutable;
using System.Text;
using System.Text.Json;

namespace LazyOC.Plugins.Contracts.Permissions;

/// <summary>The canonical form of a permission set: keys in ordinal order, lists as sorted sets, no white space, nothing left to defaults.</summary>
internal static class PermissionDigest
{
    public static Digest Of(PermissionSet permissions)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteStartObject("events");
            WriteSet(writer, "publish", permissions.Events.Publish);
            WriteSet(writer, "subscribe", permissions.Events.Subscribe);
            writer.WriteEndObject();
            writer.WriteStartArray("kubernetes");
            foreach (var rule in permissions.Kubernetes.Select(Canonical).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)) writer.WriteRawValue(rule);
            writer.WriteEndArray();
            writer.WriteEndObject();
        }
        return Digest.Of(buffer.WrittenSpan);
    }

    private static string Canonical(KubernetesRule rule)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            WriteSet(writer, "apiGroups", rule.ApiGroups);
            WriteSet(writer, "namespaces", rule.Namespaces);
            WriteSet(writer, "resources", rule.Resources);
            writer.WriteBoolean("unattended", rule.Unattended);
            WriteSet(writer, "verbs", rule.Verbs);
            writer.WriteEndObject();
        }
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static void WriteSet(Utf8JsonWriter writer, string name, ImmutableArray<string> items)
    {
        writer.WriteStartArray(name);
        foreach (var item in items.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)) writer.WriteStringValue(item);
        writer.WriteEndArray();
    }
}
