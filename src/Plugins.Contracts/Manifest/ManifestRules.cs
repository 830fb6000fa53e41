using System.Collections.Immutable;
using LazyOC.Plugins.Contracts.Json;
using LazyOC.Plugins.Contracts.Permissions;
using LazyOC.Plugins.Contracts.Versions;

namespace LazyOC.Plugins.Contracts.Manifest;

/// <summary>What a well-formed manifest must also satisfy to make sense.</summary>
internal sealed class ManifestRules(PluginManifest manifest, ManifestLimits limits)
{
    private static readonly ImmutableArray<string> ReasonPaths =
    [
        "kubernetes", "hooks", "logs", "network", "network.connect", "network.listen", "files", "events", "events.publish", "events.subscribe",
        "services", "services.call", "storage", "clipboard", "audit",
    ];

    /// <summary>First parts of the topics that only the host publishes.</summary>
    private static readonly ImmutableArray<string> HostTopics = ["resource", "cluster", "plugin", "ui", "audit", "events"];

    private readonly ManifestText _text = new(limits);

    public ImmutableArray<Problem> Check()
    {
        CheckHead();
        new ContributionRules(manifest, _text).Check();
        CheckActivation();
        CheckDependencies();
        CheckPermissions();
        new SchemaRules(manifest, _text).Check();
        CheckMigrations();
        return _text.Problems;
    }

    private void CheckHead()
    {
        if (manifest.ManifestVersion != 1)
            _text.Add("manifestVersion", $"is {manifest.ManifestVersion}; this host reads version 1", manifest.ManifestVersion > 1 ? "a newer LazyOC may read it" : null);
        if (Compatibility.Explain(manifest.Engines.Lazyoc, SemanticVersion.Parse(PluginManifest.HostApiVersion)) is { } unfit) _text.Add(unfit);
        if (manifest.DisplayName.Length == 0) _text.Add("displayName", "is empty");
        _text.Check("displayName", manifest.DisplayName);
        _text.Check("description", manifest.Description);
        _text.Check("license", manifest.License);
        _text.Check("repository", manifest.Repository ?? "");
        _text.CheckItems("categories", manifest.Categories);
        _text.CheckItems("keywords", manifest.Keywords);
        CheckMain();
        CheckMemory();
    }

    private void CheckMain()
    {
        _text.Check("main", manifest.Main);
        if (!PackagePath.IsValid(manifest.Main, out var reason)) _text.Add("main", $"is `{manifest.Main}`, which {reason}", "name a file of the package, such as `dist/plugin.js`");
        else if (!manifest.Main.EndsWith(".js", StringComparison.Ordinal) && !manifest.Main.EndsWith(".wasm", StringComparison.Ordinal))
            _text.Add("main", $"is `{manifest.Main}`; expected a `.js` or `.wasm` file");
    }

    private void CheckMemory()
    {
        if (manifest.Limits.Memory is not { } memory) return;
        if (!ByteSize.TryParse(memory, out var bytes)) _text.Add("limits.memory", $"is `{memory}`; expected a size", "write it as `64MiB`");
        else if (bytes < limits.MinMemoryBytes || bytes > limits.MaxMemoryBytes)
            _text.Add("limits.memory", $"is `{memory}`; expected {ByteSize.Format(limits.MinMemoryBytes)} to {ByteSize.Format(limits.MaxMemoryBytes)}");
    }

    private void CheckMigrations()
    {
        if (_text.TooMany("migrations", manifest.Migrations.Length)) return;
        for (var i = 0; i < manifest.Migrations.Length; i++)
        {
            var (at, migration) = ($"migrations[{i}]", manifest.Migrations[i]);
            if (!PackagePath.IsValid(migration.Entry, out var reason)) _text.Add($"{at}.entry", $"is `{migration.Entry}`, which {reason}", "name a file of the package, such as `migrations/v2.js`");
            else if (!migration.Entry.EndsWith(".js", StringComparison.Ordinal)) _text.Add($"{at}.entry", $"is `{migration.Entry}`; expected a `.js` file");
            if (migration.From.Contains(manifest.Version)) _text.Add($"{at}.from", $"is `{migration.From}`, which holds {manifest.Version} itself", "name the versions before it, such as `<2.0.0`");
        }
        if (!manifest.Migrations.IsEmpty && manifest.Permissions.StorageBytes == 0) _text.Add("migrations", "change stored data, but the plugin may store none", "add `permissions.storage`");
    }

    private void CheckActivation()
    {
        _text.CheckItems("activation", manifest.Activation);
        for (var i = 0; i < manifest.Activation.Length; i++)
        {
            var text = manifest.Activation[i];
            if (!ActivationEvent.TryParse(text, out var activation))
            {
                _text.Add($"activation[{i}]", $"is `{text}`, which is not an activation event", $"events are {ActivationEvent.Grammar}");
            }
            else if (activation.Contributions(manifest.Contributes) is { } declared && !declared.Contains(activation.Argument))
            {
                var near = NearestName.Of(activation.Argument, declared);
                _text.Add($"activation[{i}]", $"is `{text}`, but no such contribution is declared", near is null ? "declare it under `contributes`" : $"did you mean `{near}`?");
            }
        }
    }

    private void CheckDependencies()
    {
        Check("dependencies", manifest.Dependencies);
        Check("optionalDependencies", manifest.OptionalDependencies);
        foreach (var (id, _) in manifest.OptionalDependencies)
            if (manifest.Dependencies.ContainsKey(id)) _text.Add($"optionalDependencies['{id}']", "is among `dependencies` as well", "name it in one of them");

        void Check(string at, ImmutableSortedDictionary<PluginId, VersionRange> plugins)
        {
            if (_text.TooMany(at, plugins.Count)) return;
            foreach (var (id, range) in plugins)
            {
                if (id == manifest.Id) _text.Add($"{at}['{id}']", "is the plugin itself");
                if (range.IsEmpty) _text.Add($"{at}['{id}']", $"is `{range}`, which no version is in", "write a range such as `^1.2`");
            }
        }
    }

    private void CheckPermissions()
    {
        var rules = manifest.Permissions.Kubernetes;
        if (!_text.TooMany("permissions.kubernetes", rules.Length))
            for (var i = 0; i < rules.Length; i++) CheckRule($"permissions.kubernetes[{i}]", rules[i]);
        _text.CheckItems("permissions.events.publish", manifest.Permissions.Events.Publish);
        _text.CheckItems("permissions.events.subscribe", manifest.Permissions.Events.Subscribe);
        for (var i = 0; i < manifest.Permissions.Events.Publish.Length; i++)
        {
            var topic = manifest.Permissions.Events.Publish[i];
            if (!topic.StartsWith(manifest.Id + ".", StringComparison.Ordinal))
                _text.Add($"permissions.events.publish[{i}]", $"is `{topic}`; a plugin publishes under its own id", $"write `{manifest.Id}.…`");
            else if (HostTopics.Contains(manifest.Id.Publisher))
                _text.Add($"permissions.events.publish[{i}]", $"is `{topic}`, which looks like a topic of the host's", $"a plugin of the publisher `{manifest.Id.Publisher}` cannot publish");
        }
        CheckHooks();
        CheckNetwork();
        CheckFiles();
        CheckServices();
        if (manifest.Permissions.Storage is { } storage && manifest.Permissions.StorageBytes <= 0)
            _text.Add("permissions.storage", $"is `{storage}`; expected a size", "write it as `5MiB`");
        foreach (var (path, reason) in manifest.PermissionReasons)
        {
            _text.Check($"permissionReasons.{path}", reason);
            if (!ReasonPaths.Contains(path))
                _text.Add($"permissionReasons.{path}", "does not name a permission", NearestName.Of(path, ReasonPaths) is { } near ? $"did you mean `{near}`?" : null);
        }
    }

    private void CheckHooks()
    {
        var hooks = manifest.Permissions.Hooks;
        if (_text.TooMany("permissions.hooks", hooks.Length)) return;
        for (var i = 0; i < hooks.Length; i++)
        {
            CheckKinds($"permissions.hooks[{i}].kinds", hooks[i].Kinds);
            NotEmpty($"permissions.hooks[{i}].verbs", hooks[i].Verbs, $"verbs are {string.Join(", ", HookRule.AllVerbs)}");
            foreach (var verb in hooks[i].Verbs)
                if (!HookRule.AllVerbs.Contains(verb)) _text.Add($"permissions.hooks[{i}].verbs", $"has `{verb}`; expected {string.Join(", ", HookRule.AllVerbs)}");
        }
        var logs = manifest.Permissions.Logs;
        if (_text.TooMany("permissions.logs", logs.Length)) return;
        for (var i = 0; i < logs.Length; i++) CheckKinds($"permissions.logs[{i}].kinds", logs[i].Kinds);
    }

    private void CheckKinds(string at, ImmutableArray<string> kinds)
    {
        NotEmpty(at, kinds, "name kinds, such as `Pod` or `apps/Deployment`");
        foreach (var kind in kinds)
            if (!GroupKind.TryParse(kind, out _)) _text.Add(at, $"has `{kind}`; expected a kind", "write `Pod` or, with its API group, `apps/Deployment`");
    }

    private void CheckNetwork()
    {
        var network = manifest.Permissions.Network;
        _text.TooMany("permissions.network.connect", network.Connect.Length);
        _text.TooMany("permissions.network.listen", network.Listen.Length);
        foreach (var port in network.Listen)
            if (port is < 1024 or > 65535) _text.Add("permissions.network.listen", $"has {port}; expected 1024 to 65535");
        for (var i = 0; i < network.Connect.Length; i++)
        {
            var rule = network.Connect[i];
            _text.Check($"permissions.network.connect[{i}]", rule.ToString());
            // What any server may be told must not be a credential.
            if (rule is { Origin.IsGlob: true, Credentials: not null }) _text.Add($"permissions.network.connect[{i}].credentials", $"would be sent to every host of `{rule.Origin}`", "name the one server that they are for");
        }
    }

    private void CheckFiles()
    {
        var files = manifest.Permissions.Files;
        if (_text.TooMany("permissions.files", files.Length)) return;
        var mounts = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < files.Length; i++)
        {
            var mount = files[i].Mount;
            if (mount.Length is 0 or > 40 || !mount.All(ch => char.IsAsciiLetterLower(ch) || char.IsAsciiDigit(ch) || ch == '-'))
                _text.Add($"permissions.files[{i}].mount", $"is `{mount}`; expected lower-case letters, digits and hyphens");
            else if (!mounts.Add(mount)) _text.Add($"permissions.files[{i}].mount", $"is `{mount}`, which is there twice");
            _text.Check($"permissions.files[{i}].suggest", files[i].Suggest ?? "");
            if (files[i].Host is not null) _text.Add($"permissions.files[{i}].host", "is the user's to choose", "write it as `suggest`");
        }
    }

    private void CheckServices()
    {
        var services = manifest.Permissions.Services.Call;
        _text.CheckItems("permissions.services.call", services);
        for (var i = 0; i < services.Length; i++)
        {
            var slash = services[i].IndexOf('/', StringComparison.Ordinal);
            if (slash < 0 || !PluginId.TryParse(services[i][..slash], out _) || slash == services[i].Length - 1)
                _text.Add($"permissions.services.call[{i}]", $"is `{services[i]}`; expected a plugin and its service", "write `acme.timeseries/downsample`");
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
        if (items.IsEmpty) _text.Add(at, "is empty, so the rule permits nothing", hint);
        _text.CheckItems(at, items);
    }
}
