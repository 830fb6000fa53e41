using System.Collections.Immutable;
using LazyOC.Plugins.Contracts.Json;
using LazyOC.Plugins.Contracts.Permissions;
using LazyOC.Plugins.Contracts.Views;

namespace LazyOC.Plugins.Contracts.Manifest;

/// <summary>What <c>contributes</c> must also satisfy to make sense.</summary>
internal sealed class ContributionRules(PluginManifest manifest, ManifestText text)
{
    private readonly HashSet<string> _ids = new(StringComparer.Ordinal);

    public void Check()
    {
        var c = manifest.Contributes;
        Each("columns", c.Columns, CheckColumn);
        Each("tabs", c.Tabs, (at, tab) =>
        {
            CheckHead(at, tab);
            if (tab.Resource != TabContribution.AnyKind) CheckKind($"{at}.resource", tab.Resource);
        });
        Each("sections", c.Sections, (at, section) => CheckOf(at, section, section.Resource));
        Each("pages", c.Pages, (at, page) =>
        {
            CheckHead(at, page);
            text.Check($"{at}.group", page.Group ?? "");
        });
        Each("cards", c.Cards, CheckHead);
        Each("actions", c.Actions, CheckAction);
        Each("commands", c.Commands, (at, command) =>
        {
            CheckHead(at, command);
            CheckInputs(at, command.Inputs);
        });
        Each("keys", c.Keys, CheckKey);
        Each("statusItems", c.StatusItems, CheckHead);
        Each("themes", c.Themes, CheckTheme);
        Each("resourceViews", c.ResourceViews, (at, view) => CheckOf(at, view, view.Resource));
        Each("logTransforms", c.LogTransforms, CheckLogTransform);
        Each("relations", c.Relations, CheckRelation);
        Each("hooks", c.Hooks, CheckHook);
        Each("templates", c.Templates, CheckTemplate);
    }

    private void CheckColumn(string at, ColumnContribution column)
    {
        CheckOf(at, column, column.Resource);
        if (column.Path is null == column.Compute.IsEmpty)
            text.Add(at, column.Path is null ? "has neither `path` nor `compute`" : "has both `path` and `compute`", "`path` shows a value of the object; `compute` asks the plugin");
        text.Check($"{at}.path", column.Path ?? "");
        text.CheckItems($"{at}.compute", column.Compute);
        if (column.Width is <= 0) text.Add($"{at}.width", $"is {column.Width}; expected 1 or more");
    }

    private void CheckAction(string at, ActionContribution action)
    {
        CheckHead(at, action);
        if (action.Resources.IsEmpty) text.Add($"{at}.resources", "is empty", "name at least one kind, such as `Pod` or `apps/Deployment`");
        text.CheckItems($"{at}.resources", action.Resources);
        for (var i = 0; i < action.Resources.Length; i++) CheckKind($"{at}.resources[{i}]", action.Resources[i]);
        if (action.Key is { } key) CheckKeyText($"{at}.key", key);
        if (action.Verb is { } verb && (verb.Length is 0 or > 32 || !verb.All(char.IsAsciiLetterLower)))
            text.Add($"{at}.verb", $"is `{verb}`; expected an RBAC verb", "write a verb such as `delete` or `update`");
        CheckInputs(at, action.Inputs);
    }

    private void CheckKey(string at, KeyContribution key)
    {
        CheckKeyText($"{at}.key", key.Key);
        if (key.Command is null == key.Action is null)
            text.Add(at, key.Command is null ? "has neither `command` nor `action`" : "has both `command` and `action`", "name what the key starts");
        else if (key.Command is { } command) CheckDeclared($"{at}.command", command, "command", manifest.Contributes.Commands);
        else CheckDeclared($"{at}.action", key.Action!, "action", manifest.Contributes.Actions);
    }

    private void CheckTheme(string at, ThemeContribution theme)
    {
        CheckHead(at, theme);
        foreach (var (name, color) in theme.Colors.OrderBy(c => c.Key, StringComparer.Ordinal))
        {
            if (!ThemeColors.Names.Contains(name))
                text.Add($"{at}.colors.{name}", "does not name a colour", NearestName.Of(name, ThemeColors.Names) is { } near ? $"did you mean `{near}`?" : $"names are {string.Join(", ", ThemeColors.Names.Select(n => $"`{n}`"))}");
            if (!ThemeColors.TryParse(color, out _)) text.Add($"{at}.colors.{name}", $"is `{color}`; expected a colour", "write it as `#rrggbb`");
        }
    }

    private void CheckLogTransform(string at, LogTransformContribution transform)
    {
        CheckOf(at, transform, transform.Resource);
        if (manifest.Permissions.Decide(new Demand.TransformLogs(transform.Resource)) != Decision.Permitted)
            text.Add(at, $"is handed the log lines of `{transform.Resource}`, which no permission gives", "name the kind under `permissions.logs`");
    }

    private void CheckRelation(string at, RelationContribution relation)
    {
        CheckHead(at, relation);
        CheckKind($"{at}.from", relation.From);
        CheckKind($"{at}.to", relation.To);
        if ((relation.Selector is null ? 0 : 1) + (relation.Name is null ? 0 : 1) + (relation.Owner ? 1 : 0) != 1)
            text.Add(at, "needs one of `selector`, `name` and `owner`", "`selector` finds objects by label, `name` finds one, `owner` finds those it owns");
        if (relation is { Namespace: not null, Name: null }) text.Add($"{at}.namespace", "is there without `name`", "a selector finds objects in the namespace of the first one");
        CheckTemplateText($"{at}.selector", relation.Selector);
        CheckTemplateText($"{at}.name", relation.Name);
        CheckTemplateText($"{at}.namespace", relation.Namespace);
    }

    private void CheckTemplateText(string at, string? template)
    {
        if (template is null) return;
        text.Check(at, template);
        if (PathTemplate.Check(template) is { } wrong) text.Add(at, $"is `{template}`, which {wrong}", "write paths in braces, such as `app={.metadata.labels.app}`");
    }

    private void CheckHook(string at, HookContribution hook)
    {
        CheckHead(at, hook);
        if (hook.Resources.IsEmpty) text.Add($"{at}.resources", "is empty", "name at least one kind, such as `apps/Deployment`");
        text.CheckItems($"{at}.resources", hook.Resources);
        for (var i = 0; i < hook.Resources.Length; i++) CheckKind($"{at}.resources[{i}]", hook.Resources[i]);
        if (hook.Verbs.IsEmpty) text.Add($"{at}.verbs", "is empty", $"verbs are {string.Join(", ", HookRule.AllVerbs)}");
        foreach (var verb in hook.Verbs)
            if (!HookRule.AllVerbs.Contains(verb)) text.Add($"{at}.verbs", $"has `{verb}`; expected {string.Join(", ", HookRule.AllVerbs)}");
        if (hook is { Phase: HookPhase.After, Effects.IsEmpty: false }) text.Add($"{at}.effects", "is there, but what has been done cannot be changed", "only a hook `before` has effects");
        if (hook is { OnFailure: HookFailure.Deny } && !hook.Effects.Contains(HookEffect.Deny))
            text.Add($"{at}.onFailure", "is `deny`, which only a hook that may deny can bring about", "add `deny` to its `effects`");
        if (hook.Effects.Contains(HookEffect.Patch) && hook.Resources.FirstOrDefault(r => GroupKind.TryParse(r, out var kind) && !HookRule.MayBePatched(kind)) is { } fixedKind)
            text.Add($"{at}.effects", $"has `patch`, but no hook changes a `{fixedKind}`", "leave `patch` out, or name the other kinds in a hook of their own");
        CheckHookPermissions(at, hook);
    }

    /// <summary>What a hook declares without a permission could never come about: the first such thing is enough to tell.</summary>
    private void CheckHookPermissions(string at, HookContribution hook)
    {
        foreach (var kind in hook.Resources)
            foreach (var verb in hook.Verbs)
                foreach (var effect in hook.Effects.Select(effect => (HookEffect?)effect).Prepend(null))
                {
                    var demand = new Demand.Hook(kind, verb, effect);
                    if (!HookRule.AllVerbs.Contains(verb) || manifest.Permissions.Decide(demand) == Decision.Permitted) continue;
                    text.Add(at, $"wants to {demand}, which no permission gives", "say so under `permissions.hooks`");
                    return;
                }
    }

    private void CheckTemplate(string at, TemplateContribution template)
    {
        CheckOf(at, template, template.Resource);
        text.Check($"{at}.file", template.File);
        text.Check($"{at}.description", template.Description);
        if (!PackagePath.IsValid(template.File, out var reason)) text.Add($"{at}.file", $"is `{template.File}`, which {reason}", "name a file of the package, such as `templates/web.yaml`");
        else if (!template.File.EndsWith(".yaml", StringComparison.Ordinal)) text.Add($"{at}.file", $"is `{template.File}`; expected a `.yaml` file");
    }

    private void Each<T>(string kind, ImmutableArray<T> contributions, Action<string, T> check)
    {
        if (text.TooMany($"contributes.{kind}", contributions.Length)) return;
        for (var i = 0; i < contributions.Length; i++) check($"contributes.{kind}[{i}]", contributions[i]);
    }

    private void CheckOf(string at, Contribution contribution, string resource)
    {
        CheckHead(at, contribution);
        CheckKind($"{at}.resource", resource);
    }

    private void CheckHead(string at, Contribution contribution)
    {
        var id = contribution.Id;
        text.Check($"{at}.title", contribution.Title);
        text.Check($"{at}.id", id);
        var prefix = manifest.Id + ".";
        var name = id.StartsWith(prefix, StringComparison.Ordinal) ? id[prefix.Length..] : "";
        if (name.Length == 0 || !name.All(ch => char.IsAsciiLetterOrDigit(ch) || ch is '-' or '_' or '.'))
            text.Add($"{at}.id", $"is `{id}`; expected `{prefix}` and a name of letters, digits, `-`, `_` and `.`", $"write `{prefix}{(id.Length > 0 && id.All(char.IsAsciiLetterOrDigit) ? id : "name")}`");
        else if (!_ids.Add(id)) text.Add($"{at}.id", $"is `{id}`, which another contribution has", "ids are unique in a plugin");
    }

    private void CheckKind(string at, string kind)
    {
        text.Check(at, kind);
        if (!GroupKind.TryParse(kind, out _)) text.Add(at, $"is `{kind}`; expected a kind", "write `Pod` or, with its API group, `apps/Deployment`");
    }

    private void CheckKeyText(string at, string key)
    {
        if (!KeyText.IsValid(key)) text.Add(at, $"is `{key}`; expected {KeyText.Grammar}");
    }

    private void CheckInputs(string at, ImmutableArray<FormField> inputs)
    {
        if (FormRules.CheckFields(inputs, $"{at}.inputs") is { } problem) text.Add(problem);
    }

    private void CheckDeclared<T>(string at, string id, string what, ImmutableArray<T> declared)
        where T : Contribution
    {
        var ids = declared.Select(d => d.Id).ToArray();
        if (ids.Contains(id)) return;
        text.Add(at, $"is `{id}`, but no such {what} is declared", NearestName.Of(id, ids) is { } near ? $"did you mean `{near}`?" : $"declare it under `contributes.{what}s`");
    }
}
