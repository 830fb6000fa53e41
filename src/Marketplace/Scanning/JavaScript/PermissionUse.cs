using LazyOC.Plugins.Contracts.Json;
using LazyOC.Plugins.Contracts.Manifest;
using LazyOC.Plugins.Packages;

namespace LazyOC.Marketplace.Scanning.JavaScript;

/// <summary>Compares the host calls of all scripts with the permissions of the manifest, both ways.</summary>
internal sealed class PermissionUse(PluginManifest manifest, FindingList findings)
{
    private readonly HashSet<string> _used = new(StringComparer.Ordinal);

    /// <summary>Whether all calls are known; a permission is unused only then.</summary>
    public bool IsComplete { get; set; } = true;

    public void Add(string path, ScriptCall call)
    {
        if (!CallNeeds.ByName.TryGetValue(call.Name, out var need))
        {
            var near = NearestName.Of(call.Name, CallNeeds.ByName.Keys);
            findings.Add(ScriptRules.UnknownCall, path, call.Line, $"calls {findings.Quote(call.Name)}, which no host has", near is null ? null : $"did you mean `{near}`?");
            return;
        }
        if (need.Permission is null) return;
        _used.Add(need.Permission);
        if (!call.Certain || need.IsGiven(manifest.Permissions, call)) return;
        var what = call.Resource is { } resource ? $" of {findings.Quote(resource)}" : "";
        findings.Add(ScriptRules.UndeclaredCall, path, call.Line, $"calls `{call.Name}`{what}, which no permission of the manifest allows", $"declare it under `permissions.{need.Permission}`, or leave the call out");
    }

    public void End()
    {
        // What a WebAssembly plugin calls is not in its scripts, and migrations use what they need.
        if (!IsComplete || !TextFile.IsScript(manifest.Main)) return;
        if (!manifest.Migrations.IsEmpty) _used.Add("storage");
        if (manifest.Activation.Any(activation => activation.StartsWith("onEvent:", StringComparison.Ordinal))) _used.Add("events.subscribe");
        // What is handed to it without a call, where it may `get` it.
        var contributes = manifest.Contributes;
        var isHanded = !contributes.ResourceViews.IsEmpty || !contributes.Hooks.IsEmpty || contributes.Columns.Any(column => !column.Compute.IsEmpty);
        if (isHanded) _used.Add("kubernetes");
        foreach (var permission in CallNeeds.Declared(manifest.Permissions))
            if (!_used.Contains(permission))
                findings.Add(ScriptRules.UnusedPermission, PluginPackage.ManifestPath, null, $"`permissions.{permission}` is asked for, but no call in the code can use it", "ask for no more than is used");
    }
}
