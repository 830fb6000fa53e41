using System.Collections.Immutable;
using LazyOC.Plugins.Contracts.Json;
using LazyOC.Plugins.Contracts.Permissions;
using LazyOC.Plugins.Contracts.Versions;

namespace LazyOC.Plugins.Contracts.Manifest;

/// <summary>What a well-formed manifest must also satisfy to make sense.</summary>
internal sealed class ManifestRules(PluginManifest manifest, ManifestLimits limits)
{
    private static readonly ImmutableArray<string> ReasonPaths = ["kubernetes", "events", "events.publish", "events.subscribe"];

    private readonly List<Problem> _problems = [];
    private readonly HashSet<string> _ids = new(StringComparer.Ordinal);

    public ImmutableArray<Problem> Check()
    {
        CheckHead();
        CheckContributions();
        CheckActivation();
        CheckPermissions();
        return [.. _problems.Take(limits.MaxProblems)];
    }

    private void CheckHead()
    {
        if (manifest.ManifestVersion != 1)
            Add("manifestVersion", $"is {manifest.ManifestVersion}; this host reads version 1", manifest.ManifestVersion > 1 ? "a newer LazyOC may read it" : null);
        if (!manifest.Engines.Lazyoc.Contains(SemanticVersion.Parse(PluginManifest.HostApiVersion)))
            Add("engines.lazyoc", $"is `{manifest.Engines.Lazyoc}`, which leaves out host API {PluginManifest.HostApiVersion}", "install a version of the plugin, or of LazyOC, that fits the other");
        if (manifest.DisplayName.Length == 0) Add("displayName", "is empty");
        CheckText("displayName", manifest.DisplayName);
        CheckText("description", manifest.Description);
        CheckText("license", manifest.License);
        CheckText("repository", manifest.Repository ?? "");
        CheckItems("categories", manifest.Categories);
        CheckItems("keywords", manifest.Keywords);
        CheckMain();
        CheckMemory();
    }

    private void CheckMain()
    {
        CheckText("main", manifest.Main);
        if (!PackagePath.IsValid(manifest.Main, out var reason)) Add("main", $"is `{manifest.Main}`, which {reason}", "name a file of the package, such as `dist/plugin.js`");
        else if (!manifest.Main.EndsWith(".js", StringComparison.Ordinal) && !manifest.Main.EndsWith(".wasm", StringComparison.Ordinal))
            Add("main", $"is `{manifest.Main}`; expected a `.js` or `.wasm` file");
    }

    private void CheckMemory()
    {
        if (manifest.Limits.Memory is not { } memory) return;
        if (!ByteSize.TryParse(memory, out var bytes)) Add("limits.memory", $"is `{memory}`; expected a size", "write it as `64MiB`");
        else if (bytes < limits.MinMemoryBytes || bytes > limits.MaxMemoryBytes)
            Add("limits.memory", $"is `{memory}`; expected {ByteSize.Format(limits.MinMemoryBytes)} to {ByteSize.Format(limits.MaxMemoryBytes)}");
    }

    private void CheckContributions()
    {
        var c = manifest.Contributes;
        Each("columns", c.Columns, (at, column) =>
        {
            Contribution(at, column.Id, column.Title);
            Resource($"{at}.resource", column.Resource);
            if (column.Path is null == column.Compute.IsEmpty)
                Add(at, column.Path is null ? "has neither `path` nor `compute`" : "has both `path` and `compute`", "`path` shows a value of the object; `compute` asks the plugin");
            CheckText($"{at}.path", column.Path ?? "");
            CheckItems($"{at}.compute", column.Compute);
            if (column.Width is <= 0) Add($"{at}.width", $"is {column.Width}; expected 1 or more");
        });
        Each("tabs", c.Tabs, (at, tab) =>
        {
            Contribution(at, tab.Id, tab.Title);
            Resource($"{at}.resource", tab.Resource);
        });
        Each("actions", c.Actions, (at, action) =>
        {
            Contribution(at, action.Id, action.Title);
            if (action.Resources.IsEmpty) Add($"{at}.resources", "is empty", "name at least one kind, such as `Pod` or `apps/Deployment`");
            CheckItems($"{at}.resources", action.Resources);
            for (var i = 0; i < action.Resources.Length; i++) Resource($"{at}.resources[{i}]", action.Resources[i]);
        });
        Each("commands", c.Commands, (at, command) => Contribution(at, command.Id, command.Title));
        Each("statusItems", c.StatusItems, (at, item) => Contribution(at, item.Id, item.Title));
    }

    private void Each<T>(string kind, ImmutableArray<T> contributions, Action<string, T> check)
    {
        if (TooMany($"contributes.{kind}", contributions.Length)) return;
        for (var i = 0; i < contributions.Length; i++) check($"contributes.{kind}[{i}]", contributions[i]);
    }

    private void Contribution(string at, string id, string title)
    {
        CheckText($"{at}.title", title);
        CheckText($"{at}.id", id);
        var prefix = manifest.Id + ".";
        var name = id.StartsWith(prefix, StringComparison.Ordinal) ? id[prefix.Length..] : "";
        if (name.Length == 0 || !name.All(ch => char.IsAsciiLetterOrDigit(ch) || ch is '-' or '_' or '.'))
            Add($"{at}.id", $"is `{id}`; expected `{prefix}` and a name of letters, digits, `-`, `_` and `.`", $"write `{prefix}{(id.Length > 0 && id.All(char.IsAsciiLetterOrDigit) ? id : "name")}`");
        else if (!_ids.Add(id)) Add($"{at}.id", $"is `{id}`, which another contribution has", "ids are unique in a plugin");
    }

    private void Resource(string at, string text)
    {
        CheckText(at, text);
        if (!GroupKind.TryParse(text, out _)) Add(at, $"is `{text}`; expected a kind", "write `Pod` or, with its API group, `apps/Deployment`");
    }

    private void CheckActivation()
    {
        CheckItems("activation", manifest.Activation);
        for (var i = 0; i < manifest.Activation.Length; i++)
        {
            var text = manifest.Activation[i];
            if (!ActivationEvent.TryParse(text, out var activation))
            {
                Add($"activation[{i}]", $"is `{text}`, which is not an activation event", $"events are {ActivationEvent.Grammar}");
            }
            else if (activation.Contributions(manifest.Contributes) is { } declared && !declared.Contains(activation.Argument))
            {
                var near = NearestName.Of(activation.Argument, declared);
                Add($"activation[{i}]", $"is `{text}`, but no such contribution is declared", near is null ? "declare it under `contributes`" : $"did you mean `{near}`?");
            }
        }
    }

    private void CheckPermissions()
    {
        var rules = manifest.Permissions.Kubernetes;
        if (!TooMany("permissions.kubernetes", rules.Length))
            for (var i = 0; i < rules.Length; i++) CheckRule($"permissions.kubernetes[{i}]", rules[i]);
        CheckItems("permissions.events.publish", manifest.Permissions.Events.Publish);
        CheckItems("permissions.events.subscribe", manifest.Permissions.Events.Subscribe);
        for (var i = 0; i < manifest.Permissions.Events.Publish.Length; i++)
        {
            var topic = manifest.Permissions.Events.Publish[i];
            if (!topic.StartsWith(manifest.Id + ".", StringComparison.Ordinal))
                Add($"permissions.events.publish[{i}]", $"is `{topic}`; a plugin publishes under its own id", $"write `{manifest.Id}.…`");
        }
        foreach (var (path, reason) in manifest.PermissionReasons)
        {
            CheckText($"permissionReasons.{path}", reason);
            if (!ReasonPaths.Contains(path))
                Add($"permissionReasons.{path}", "does not name a permission", NearestName.Of(path, ReasonPaths) is { } near ? $"did you mean `{near}`?" : null);
        }
    }

    private void CheckRule(string at, KubernetesRule rule)
    {
        NotEmpty($"{at}.apiGroups", rule.ApiGroups, "the core group is `\"\"`");
        NotEmpty($"{at}.resources", rule.Resources, "name plural resources, such as `pods`");
        NotEmpty($"{at}.verbs", rule.Verbs, "name RBAC verbs, such as `get`, `list` and `watch`");
        NotEmpty($"{at}.namespaces", rule.Namespaces, "leave it out for every namespace");
    }

    private void NotEmpty(string at, ImmutableArray<string> items, string hint)
    {
        if (items.IsEmpty) Add(at, "is empty, so the rule permits nothing", hint);
        CheckItems(at, items);
    }

    private void CheckItems(string at, ImmutableArray<string> items)
    {
        if (TooMany(at, items.Length)) return;
        for (var i = 0; i < items.Length; i++) CheckText($"{at}[{i}]", items[i]);
    }

    private bool TooMany(string at, int count)
    {
        if (count <= limits.MaxItems) return false;
        Add(at, $"has {count} entries; at most {limits.MaxItems} are allowed");
        return true;
    }

    private void CheckText(string at, string text)
    {
        if (text.Length > limits.MaxTextLength) Add(at, $"has {text.Length} characters; at most {limits.MaxTextLength} are allowed");
        if (text.Any(char.IsControl)) Add(at, "has control characters");
    }

    private void Add(string path, string message, string? hint = null) => _problems.Add(new Problem(path, message, hint));
}
