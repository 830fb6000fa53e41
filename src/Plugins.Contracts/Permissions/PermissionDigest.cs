using System.Buffers;
using System.Collections.Immutable;
using System.Globalization;
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
            // A group that came later is left out when it gives nothing: digests made before it stay what they were.
            if (permissions.Audit != AuditAccess.None) writer.WriteString("audit", "read");
            if (permissions.Clipboard != ClipboardAccess.None) writer.WriteString("clipboard", "write");
            writer.WriteStartObject("events");
            WriteSet(writer, "publish", permissions.Events.Publish);
            WriteSet(writer, "subscribe", permissions.Events.Subscribe);
            writer.WriteEndObject();
            if (!permissions.Files.IsEmpty) WriteRules(writer, "files", permissions.Files, Write);
            if (!permissions.Hooks.IsEmpty) WriteRules(writer, "hooks", permissions.Hooks, Write);
            WriteRules(writer, "kubernetes", permissions.Kubernetes, Write);
            if (!permissions.Logs.IsEmpty) WriteSet(writer, "logs", [.. permissions.Logs.SelectMany(rule => rule.Kinds)]);
            if (!permissions.Network.Connect.IsEmpty) WriteRules(writer, "network.connect", permissions.Network.Connect, Write);
            if (!permissions.Network.Listen.IsEmpty) WriteSet(writer, "network.listen", [.. permissions.Network.Listen.Select(port => port.ToString(CultureInfo.InvariantCulture))]);
            if (!permissions.Services.Call.IsEmpty) WriteSet(writer, "services", permissions.Services.Call);
            if (permissions.StorageBytes > 0) writer.WriteNumber("storage", permissions.StorageBytes);
            writer.WriteEndObject();
        }
        return Digest.Of(buffer.WrittenSpan);
    }

    private static void Write(Utf8JsonWriter writer, KubernetesRule rule)
    {
        WriteSet(writer, "apiGroups", rule.ApiGroups);
        WriteSet(writer, "namespaces", rule.Namespaces);
        WriteSet(writer, "resources", rule.Resources);
        writer.WriteBoolean("unattended", rule.Unattended);
        WriteSet(writer, "verbs", rule.Verbs);
    }

    private static void Write(Utf8JsonWriter writer, FileRule rule)
    {
        writer.WriteBoolean("write", rule.Access == FileAccess.ReadWrite);
        writer.WriteString("host", rule.Host);
        writer.WriteString("mount", rule.Mount);
    }

    private static void Write(Utf8JsonWriter writer, HookRule rule)
    {
        WriteSet(writer, "effects", [.. rule.Effects.Select(effect => effect.ToString())]);
        WriteSet(writer, "kinds", rule.Kinds);
        WriteSet(writer, "verbs", rule.Verbs);
    }

    private static void Write(Utf8JsonWriter writer, ConnectRule rule)
    {
        writer.WriteString("credentials", rule.Credentials);
        writer.WriteString("fromSetting", rule.FromSetting);
        writer.WriteString("origin", rule.Origin?.ToString());
    }

    private static void WriteRules<T>(Utf8JsonWriter writer, string name, ImmutableArray<T> rules, Action<Utf8JsonWriter, T> write)
    {
        writer.WriteStartArray(name);
        foreach (var rule in rules.Select(rule => Canonical(rule, write)).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)) writer.WriteRawValue(rule);
        writer.WriteEndArray();
    }

    private static string Canonical<T>(T rule, Action<Utf8JsonWriter, T> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            write(writer, rule);
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
