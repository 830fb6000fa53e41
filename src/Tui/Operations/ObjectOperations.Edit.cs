using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using LazyOC.Cluster.Discovery;
using LazyOC.Cluster.Errors;
using LazyOC.Cluster.Resources;
using LazyOC.Cluster.Watch;
using LazyOC.Plugins.Contracts.Manifest;
using LazyOC.Plugins.Contracts.Messages;
using LazyOC.Plugins.Contracts.Views;
using LazyOC.Plugins.Runtime.Extensions;
using LazyOC.Tui.Overlays;
using LazyOC.Tui.Panels;

namespace LazyOC.Tui.Operations;

/// <summary>Lets the user edit a text in their own editor; null when that could not be done.</summary>
/// <param name="name">What is edited, for the file's name: letters, digits and hyphens.</param>
/// <param name="text">What the editor begins with.</param>
/// <param name="cancellationToken">Ends the wait.</param>
public delegate Task<string?> EditText(string name, string text, CancellationToken cancellationToken);

/// <summary>Editing an object as YAML, and creating one from a template.</summary>
internal sealed partial class ObjectOperations
{
    /// <summary>The user's editor; null when there is none.</summary>
    public EditText? Editor { get; init; }

    /// <summary>Why nothing can be edited; null when it can.</summary>
    public string? WhyNoEditor => Editor is null ? "there is no editor here" : _session.Cluster.ReadOnly ? "the session is read-only" : null;

    /// <summary>Edits one object and writes what the user saved, after the hooks; what is refused can be edited again.</summary>
    public async Task EditAsync(ResourceKind kind, ImmutableArray<ResourceRow> rows, CancellationToken cancellationToken = default)
    {
        var targets = new Targets(kind, rows);
        if (IsRefused(Operation.Edit, targets) || IsRefused($"cannot edit {targets}", rows.Length == 1 ? WhyNoEditor : "one object is edited at a time"))
            return;
        try
        {
            using var document = await Resources.GetAsync(kind, rows[0].Namespace, rows[0].Name, cancellationToken: cancellationToken);
            var text = YamlText.Of(document.RootElement, new YamlOptions(_limits.EditedCharacters, RevealSecrets: true));
            if (IsRefused($"cannot edit {targets}", text.Length > _limits.EditedCharacters ? $"it has more than {_limits.EditedCharacters} characters" : null))
                return;
            await EditAsync(targets.ToString(), $"{kind.Singular}-{rows[0].Name}", text, isNew: false, edited => UpdateAsync(targets, edited, cancellationToken), cancellationToken);
        }
        catch (ClusterException e)
        {
            _dialogs.Notify(new Notice($"cannot edit {targets}: {e.Message}", TextStyle.Error) { Hint = e.Hint });
        }
    }

    /// <summary>Creates an object that begins as a plugin's template, after the user edited and confirmed it, and the hooks.</summary>
    /// <param name="template">Whose template it is.</param>
    /// <param name="text">Its YAML.</param>
    /// <param name="catalog">What the cluster serves.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task CreateAsync(Contributed<TemplateContribution> template, string text, ResourceCatalog catalog, CancellationToken cancellationToken = default)
    {
        var what = $"a {GroupKind.Parse(template.Contribution.Resource).Kind} from “{template.Contribution.Title}”";
        if (IsRefused($"cannot create {what}", WhyNoEditor))
            return;
        await EditAsync(what, "new", text, isNew: true, edited => CreateAsync(template, edited, catalog, cancellationToken), cancellationToken);
    }

    /// <summary>Edits until it is written or given up.</summary>
    /// <param name="what">What, in words.</param>
    /// <param name="name">For the file.</param>
    /// <param name="text">To begin with.</param>
    /// <param name="isNew">Whether a text that was only saved counts.</param>
    /// <param name="write">Writes the object; null when that is done or given up, otherwise why it was refused.</param>
    /// <param name="cancellationToken">Ends it.</param>
    private async Task EditAsync(string what, string name, string text, bool isNew, Func<JsonElement, Task<string?>> write, CancellationToken cancellationToken)
    {
        for (var given = text; ;)
        {
            var edited = await Editor!(name, given, cancellationToken);
            if (string.IsNullOrWhiteSpace(edited) || (!isNew && edited == text))
            {
                _dialogs.Notify(edited is null
                    ? new Notice($"the editor could not be run, or failed: {(isNew ? "nothing is created" : $"{what} is as it was")}", TextStyle.Warn) { Hint = "`$EDITOR` names the editor" }
                    : new Notice(isNew ? "nothing is created: the text is empty" : $"{what} is as it was"));
                return;
            }
            if (await TryAsync(edited, write) is not { } refusal)
                return;
            var again = new Confirmation { Verb = "Edit again", Refusal = "Give up", What = what, Consequence = refusal, Danger = DangerLevel.Caution };
            if (!await _dialogs.AskAsync(again, cancellationToken))
                return;
            given = edited;
        }
    }

    private static async Task<string?> TryAsync(string text, Func<JsonElement, Task<string?>> write)
    {
        try
        {
            return await write(ObjectYaml.Parse(text));
        }
        catch (FormatException wrong)
        {
            return wrong.Message;
        }
        catch (ClusterException refused)
        {
            return refused.Message;
        }
    }

    private async Task<string?> UpdateAsync(Targets targets, JsonElement edited, CancellationToken cancellationToken)
    {
        var row = targets.Rows[0];
        var change = new UserChange { Kind = targets.Kind, Verb = "update", Reference = targets.References[0], Object = edited, CanBePatched = true };
        if (await ClearAsync("Update", targets.ToString(), [change], cancellationToken) is not [var cleared])
            return null;
        using var written = await Resources.ReplaceAsync(targets.Kind, row.Namespace, row.Name, JsonMarshal.GetRawUtf8Value(cleared.Object!.Value).ToArray(), cancellationToken: cancellationToken);
        Tell(cleared, written.RootElement.Clone());
        _dialogs.Notify(new Notice($"{Operation.Edit.Done()} {targets}", TextStyle.Ok));
        return null;
    }

    private async Task<string?> CreateAsync(Contributed<TemplateContribution> template, JsonElement edited, ResourceCatalog catalog, CancellationToken cancellationToken)
    {
        var (version, kindName) = (edited.Text("apiVersion") ?? "", edited.Text("kind") ?? "");
        var group = version.IndexOf('/', StringComparison.Ordinal) is >= 0 and var slash ? version[..slash] : "";
        if (catalog.FindKind(group, kindName) is not { } kind)
            return $"the cluster serves no `{kindName}` of `{version}`";
        var ns = kind.Namespaced ? edited.Text("metadata", "namespace") ?? _session.Cluster.Namespace : null;
        var body = ns is null ? edited : InNamespace(edited, ns);
        var name = edited.Text("metadata", "name") ?? "";
        var what = $"{kindName.ToLowerInvariant()} {(name.Length > 0 ? name : $"{edited.Text("metadata", "generateName")}…")}";
        var plugin = new PluginMark(template.Plugin, template.PluginName);
        var asked = new Confirmation
        {
            Verb = "Create",
            What = what,
            Namespace = ns,
            Context = _session.Cluster.Context,
            User = _session.Cluster.User,
            ClusterWide = !kind.Namespaced,
            Consequence = $"It is what you saved; the template was of {plugin}",
        };
        if (!await _dialogs.AskAsync(asked, cancellationToken))
            return null;
        var change = new UserChange
        {
            Kind = kind,
            Verb = "create",
            Reference = new ObjectReference { Group = kind.Group, Kind = kind.Kind, Namespace = ns, Name = name },
            Object = body,
            CanBePatched = true,
        };
        if (await ClearAsync("Create", what, [change], cancellationToken) is not [var cleared])
            return null;
        using var made = await Resources.CreateAsync(kind, ns, JsonMarshal.GetRawUtf8Value(cleared.Object!.Value).ToArray(), cancellationToken: cancellationToken);
        Tell(cleared, made.RootElement.Clone());
        _dialogs.Notify(new Notice($"Created {kindName.ToLowerInvariant()} {made.RootElement.Text("metadata", "name")}", TextStyle.Ok));
        return null;
    }

    private static JsonElement InNamespace(JsonElement edited, string ns)
    {
        var root = JsonObject.Create(edited)!.DeepClone();
        if (root["metadata"] is not JsonObject metadata)
            throw new FormatException("the object has no `metadata`");
        metadata["namespace"] = ns;
        return JsonElement.Parse(root.ToJsonString());
    }
}
