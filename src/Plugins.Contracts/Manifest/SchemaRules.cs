using LazyOC.Plugins.Contracts.Json;
using LazyOC.Plugins.Contracts.Schemas;
using LazyOC.Plugins.Contracts.Views;

namespace LazyOC.Plugins.Contracts.Manifest;

/// <summary>What the schemas of a manifest must be: <c>configuration</c> and those of <c>exports.services</c>.</summary>
internal sealed class SchemaRules(PluginManifest manifest, ManifestText text)
{
    private const int MaxNameLength = 64;

    public void Check()
    {
        if (manifest.Configuration is { } configuration) CheckConfiguration(configuration);
        CheckSettingsOfPermissions();
        CheckServices();
    }

    /// <summary>Whether a name can be typed in a shell and stand in a path: letters, digits, <c>.</c>, <c>_</c> and <c>-</c>, a letter first.</summary>
    public static bool IsName(string name) =>
        name.Length is > 0 and <= MaxNameLength && char.IsAsciiLetter(name[0]) && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-');

    private void CheckConfiguration(JsonSchema configuration)
    {
        const string at = "configuration";
        if (!IsSound(configuration, at)) return;
        var root = configuration.Root;
        if (root.Types is not ["object"]) text.Add($"{at}.type", "is not `object`", "each property is a setting");
        if (root.InPlace.Any() || root.Reference is not null || root.Allowed is not null || root.Default is not null)
            text.Add(at, "has more than settings", "only `properties`, `required`, `title`, `description` and `$defs` stand at its root");
        if (root.AdditionalProperties is { IsNothing: false }) text.Add($"{at}.additionalProperties", "permits settings that are not declared", "leave it out");
        if (root.Properties.Length > FormLimits.Default.MaxFields) text.Add($"{at}.properties", $"has {root.Properties.Length} settings; at most {FormLimits.Default.MaxFields} are allowed");
        foreach (var name in root.Required)
            if (!root.Properties.Any(p => p.Key == name)) text.Add($"{at}.required", $"has `{name}`, which is no setting", Near(name, root.Properties.Select(p => p.Key)));
        foreach (var (name, node) in root.Properties)
        {
            var place = $"{at}.properties.{name}";
            if (!IsName(name)) text.Add(place, $"is no name of a setting; expected letters, digits, `.`, `_` and `-`, at most {MaxNameLength}");
            if (node.Format == SchemaFormat.Secret) CheckSecret(node, place);
        }
        var settings = root.Properties.Select(p => p.Value).ToHashSet(ReferenceEqualityComparer.Instance);
        if (configuration.Nodes.Any(node => node.Format == SchemaFormat.Secret && !settings.Contains(node)))
            text.Add(at, "has a `secret` within a setting", "a secret is a setting of its own");
    }

    private void CheckSecret(SchemaNode node, string at)
    {
        if (node.Types is not ["string"]) text.Add($"{at}.type", "is not `string`, as that of a secret must be");
        if (node.Default is not null) text.Add($"{at}.default", "is there, but a secret has none");
        if (node.Allowed is not null) text.Add(at, "is a secret, so it cannot have `enum` or `const`");
    }

    private void CheckSettingsOfPermissions()
    {
        var rules = manifest.Permissions.Network.Connect;
        var settings = manifest.Settings;
        for (var i = 0; i < rules.Length; i++)
        {
            if (rules[i].FromSetting is { } url) CheckSetting($"permissions.network.connect[{i}].fromSetting", url, isSecret: false);
            if (rules[i].SecretSetting is { } secret) CheckSetting($"permissions.network.connect[{i}].credentials", secret, isSecret: true);
        }

        void CheckSetting(string at, string name, bool isSecret)
        {
            var hint = $"declare it under `configuration.properties`{(isSecret ? " with `\"format\": \"secret\"`" : "")}";
            if (settings.FirstOrDefault(s => s.Name == name) is not { } setting) text.Add(at, $"names the setting `{name}`, which is not declared", Near(name, settings.Select(s => s.Name)) ?? hint);
            else if (setting.IsSecret != isSecret) text.Add(at, isSecret ? $"names the setting `{name}`, which is not secret" : $"names the setting `{name}`, which is secret", isSecret ? hint : "the address of a server is no secret");
            else if (setting.Types is not ["string"]) text.Add(at, $"names the setting `{name}`, whose type is not `string`");
        }
    }

    private void CheckServices()
    {
        var services = manifest.Exports.Services;
        if (text.TooMany("exports.services", services.Count)) return;
        foreach (var (name, service) in services.OrderBy(s => s.Key, StringComparer.Ordinal))
        {
            var at = $"exports.services.{name}";
            if (!IsName(name)) text.Add(at, $"is no name of a service; expected letters, digits, `.`, `_` and `-`, at most {MaxNameLength}");
            text.Check($"{at}.description", service.Description ?? "");
            CheckServiceSchema(service.Input, $"{at}.input");
            CheckServiceSchema(service.Output, $"{at}.output");
        }
    }

    private void CheckServiceSchema(JsonSchema schema, string at)
    {
        if (IsSound(schema, at) && schema.Nodes.Any(node => node.Format == SchemaFormat.Secret))
            text.Add(at, "has the format `secret`, which is for settings", "secrets are never given to plugins");
    }

    private bool IsSound(JsonSchema schema, string at)
    {
        foreach (var problem in schema.Problems) text.Add(problem.Under(at));
        return schema.Problems.IsEmpty;
    }

    private static string? Near(string name, IEnumerable<string> names) => NearestName.Of(name, names) is { } near ? $"did you mean `{near}`?" : null;
}
