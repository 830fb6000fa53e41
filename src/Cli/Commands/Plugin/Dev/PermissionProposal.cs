using System.Text.Json;
using System.Text.Json.Nodes;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Contracts.Permissions;
using LazyOC.Plugins.Runtime.Supervision;

namespace LazyOC.Cli.Commands.Plugin.Dev;

/// <summary>
/// The smallest permissions for what a plugin did while it was recorded, beside those in its manifest: what was not used may go; what
/// was refused is named, and never added.
/// </summary>
internal static class PermissionProposal
{
    /// <summary>For the author, line by line.</summary>
    /// <param name="declared">What <c>plugin.json</c> says.</param>
    /// <param name="recorded">What was made of it.</param>
    public static IEnumerable<string> Lines(PermissionSet declared, RecordedPermissions recorded)
    {
        var (before, after) = (EntriesOf(declared), EntriesOf(recorded.Used));
        if (before.SequenceEqual(after))
        {
            yield return "all permissions of plugin.json have been used";
        }
        else
        {
            yield return "plugin.json with no more permissions than have been used:";
            foreach (var entry in before.Except(after)) yield return $"  - {entry}";
            foreach (var entry in after.Except(before)) yield return $"  + {entry}";
        }
        var refused = EntriesOf(recorded.Refused);
        if (refused.Length > 0)
        {
            yield return "refused, for want of a permission; add it only if the plugin is to have it:";
            foreach (var entry in refused) yield return $"  ? {entry}";
        }
        foreach (var demand in recorded.WithoutGesture) yield return $"refused, because nobody had started an action or command: {demand}";
        if (recorded.More) yield return "there was more than is recorded: record a shorter time";
    }

    /// <summary>The manifest with the permissions that were used, as a text to replace it with.</summary>
    /// <param name="manifest">The text of <c>plugin.json</c>.</param>
    /// <param name="recorded">What was used.</param>
    public static string Manifest(string manifest, RecordedPermissions recorded)
    {
        var document = JsonNode.Parse(manifest)!.AsObject();
        document["permissions"] = Written(recorded.Used);
        var paths = PermissionPath.Of(recorded.Used);
        if (document["permissionReasons"] is JsonObject reasons)
            foreach (var name in reasons.Select(reason => reason.Key).Where(name => !paths.Any(path => PermissionPath.Names(name, path))).ToArray()) reasons.Remove(name);
        return document.ToJsonString(new JsonSerializerOptions { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }) + "\n";
    }

    /// <summary>Every rule and value on its own, with the member it is in.</summary>
    private static string[] EntriesOf(PermissionSet set) => [.. EntriesOf(Written(set), "")];

    private static IEnumerable<string> EntriesOf(JsonObject members, string prefix) => members.SelectMany(member => member.Value switch
    {
        JsonObject inner => EntriesOf(inner, $"{prefix}{member.Key}."),
        JsonArray rules => rules.Select(rule => $"{prefix}{member.Key}: {rule!.ToJsonString()}"),
        var value => [$"{prefix}{member.Key}: {value!.ToJsonString()}"],
    });

    /// <summary>As an author writes it: without what is empty or as it is when absent.</summary>
    private static JsonObject Written(PermissionSet set)
    {
        var written = JsonSerializer.SerializeToNode(set, ContractJson.Default.PermissionSet)!.AsObject();
        Tidy(written);
        return written;
    }

    private static void Tidy(JsonObject members)
    {
        foreach (var (name, value) in members.ToArray())
        {
            if (value is JsonObject inner) Tidy(inner);
            if (value is JsonArray entries)
                foreach (var entry in entries.OfType<JsonObject>()) Tidy(entry);
            var isDefault = value switch
            {
                JsonObject empty => empty.Count == 0,
                JsonArray empty => empty.Count == 0 || (name == "namespaces" && empty is [JsonValue all] && all.GetValueKind() == JsonValueKind.String && all.GetValue<string>() == "*"),
                JsonValue text => text.GetValueKind() == JsonValueKind.False || (text.GetValueKind() == JsonValueKind.String && text.GetValue<string>() == "none"),
                _ => true,
            };
            if (isDefault) members.Remove(name);
        }
    }
}
