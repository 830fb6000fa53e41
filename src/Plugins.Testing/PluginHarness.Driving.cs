using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using LazyOC.Cluster.Columns;
using LazyOC.Cluster.Discovery;
using LazyOC.Plugins.Contracts.Json;
using LazyOC.Plugins.Contracts.Manifest;
using LazyOC.Plugins.Contracts.Messages;
using LazyOC.Plugins.Contracts.Views;
using LazyOC.Plugins.Runtime.Extensions;

namespace LazyOC.Plugins.Testing;

/// <content>What a user does with a plugin.</content>
public sealed partial class PluginHarness
{
    /// <summary>Opens a tab of an object and waits until it is drawn.</summary>
    /// <exception cref="PluginFailedException">It failed.</exception>
    public Task<HarnessView> OpenTabAsync(string id, ObjectReference obj, CancellationToken cancellationToken = default) =>
        OpenAsync(id, Manifest.Contributes.Tabs, () => _host.Extensions.OpenTab(id, obj, Options.Width, Options.Height), cancellationToken);

    /// <summary>Opens a section of an object's overview and waits until it is drawn.</summary>
    /// <exception cref="PluginFailedException">It failed.</exception>
    public Task<HarnessView> OpenSectionAsync(string id, ObjectReference obj, CancellationToken cancellationToken = default) =>
        OpenAsync(id, Manifest.Contributes.Sections, () => _host.Extensions.OpenSection(id, obj, Options.Width, Options.Height), cancellationToken);

    /// <summary>Opens a page and waits until it is drawn.</summary>
    /// <exception cref="PluginFailedException">It failed.</exception>
    public Task<HarnessView> OpenPageAsync(string id, CancellationToken cancellationToken = default) =>
        OpenAsync(id, Manifest.Contributes.Pages, () => _host.Extensions.OpenPage(id, Options.Width, Options.Height), cancellationToken);

    /// <summary>Opens a card of the dashboard and waits until it is drawn.</summary>
    /// <exception cref="PluginFailedException">It failed.</exception>
    public Task<HarnessView> OpenCardAsync(string id, CancellationToken cancellationToken = default) =>
        OpenAsync(id, Manifest.Contributes.Cards, () => _host.Extensions.OpenCard(id, Options.Width, Options.Height), cancellationToken);

    /// <summary>Opens a view of a kind's details, or with no object of its list, and waits until it is drawn.</summary>
    /// <exception cref="PluginFailedException">It failed.</exception>
    public Task<HarnessView> OpenResourceViewAsync(string id, ObjectReference? obj, CancellationToken cancellationToken = default) =>
        OpenAsync(id, Manifest.Contributes.ResourceViews, () => _host.Extensions.OpenResourceView(id, obj, Namespace, Options.Width, Options.Height), cancellationToken);

    /// <summary>The cells of a computed column for objects of the cluster, one an object.</summary>
    /// <exception cref="PluginFailedException">It failed, or an object is not there.</exception>
    public async Task<ImmutableArray<ComputedCell>> ComputeAsync(string id, ImmutableArray<ObjectReference> objects, CancellationToken cancellationToken = default)
    {
        var column = Find(id, Manifest.Contributes.Columns);
        if (column.Compute.IsEmpty) throw new PluginFailedException(ErrorCode.Invalid, $"`{id}` has a `path`: no code of the plugin runs for it");
        // Values are what the list of the screen would have.
        var inputs = column.Compute.Select((path, i) => ColumnSpec.FromPath($"{id}#{i}", "", JsonPath.Parse(path))).ToArray();
        var rows = ImmutableArray.CreateBuilder<ComputeRow>();
        foreach (var obj in objects)
        {
            var kind = await KindAsync(new GroupKind(obj.Group, obj.Kind), cancellationToken);
            using var json = JsonDocument.Parse((Stored(kind, obj) ?? throw new PluginFailedException(ErrorCode.NotFound, $"the cluster has no {obj.Kind} `{obj.Name}`")).ToJsonString());
            rows.Add(new ComputeRow { Object = obj, Values = [.. inputs.Select(input => input.Project(json.RootElement).Text)] });
        }
        return await _host.Extensions.ComputeAsync(id, rows.DrainToImmutable(), cancellationToken) switch
        {
            ComputeResult.Computed computed => computed.Cells,
            ComputeResult.Faulted faulted => throw ExceptionOf(faulted.Failure),
            var other => throw new InvalidOperationException($"A computation ended in {other}."),
        };
    }

    /// <summary>Runs an action that the user has started and confirmed.</summary>
    /// <exception cref="PluginFailedException">It failed.</exception>
    public async Task RunActionAsync(string id, ImmutableArray<ObjectReference> objects, JsonElement? inputs = null, CancellationToken cancellationToken = default)
    {
        Find(id, Manifest.Contributes.Actions);
        ThrowIfFailed(await _host.Extensions.RunActionAsync(id, objects, inputs, cancellationToken));
    }

    /// <summary>Runs a command that the user has started.</summary>
    /// <exception cref="PluginFailedException">It failed.</exception>
    public async Task RunCommandAsync(string id, JsonElement? inputs = null, CancellationToken cancellationToken = default)
    {
        Find(id, Manifest.Contributes.Commands);
        ThrowIfFailed(await _host.Extensions.RunCommandAsync(id, inputs, cancellationToken));
    }

    /// <summary>Asks the plugin's hooks about a change of the user's, and tells those that are told after it when none denies it. The change itself is not made.</summary>
    /// <param name="verb"><c>create</c>, <c>update</c>, <c>scale</c> or <c>delete</c>.</param>
    /// <param name="obj">What is changed.</param>
    /// <param name="changed">The object as it would be; of a create or an update what is in the cluster when null.</param>
    /// <param name="replicas">Of a scaling.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="PluginFailedException">A hook failed, or the kind is not served.</exception>
    public async Task<HookVerdict> AskHooksAsync(string verb, ObjectReference obj, JsonElement? changed = null, int? replicas = null, CancellationToken cancellationToken = default)
    {
        var group = new GroupKind(obj.Group, obj.Kind);
        var kind = await KindAsync(group, cancellationToken);
        foreach (var hook in Manifest.Contributes.Hooks.Where(hook => hook.Verbs.Contains(verb) && hook.Resources.Any(resource => GroupKind.Parse(resource) == group))) _driven.Add(hook.Id);
        var isWritten = verb is "create" or "update";
        if (isWritten && changed is null && Stored(kind, obj) is { } stored)
        {
            using var json = JsonDocument.Parse(stored.ToJsonString());
            changed = json.RootElement.Clone();
        }
        var change = new UserChange { Kind = kind, Verb = verb, Reference = obj, Object = isWritten ? changed : null, Replicas = replicas, CanBePatched = isWritten };
        var verdict = await _host.Extensions.AskHooksAsync(change, cancellationToken);
        if (verdict.Unanswered is [var failure, ..]) throw ExceptionOf(failure);
        if (verdict.Denials.IsEmpty) _host.Extensions.TellHooks(change);
        return verdict;
    }

    /// <summary>Log lines of a pod as the user sees them.</summary>
    /// <exception cref="PluginFailedException">The transform failed; the user would see the lines as they are.</exception>
    public async Task<ImmutableArray<ShownLine>> TransformLogAsync(ObjectReference obj, ImmutableArray<string> lines, CancellationToken cancellationToken = default)
    {
        var kind = new GroupKind(obj.Group, obj.Kind);
        foreach (var log in Manifest.Contributes.LogTransforms.Where(log => GroupKind.Parse(log.Resource) == kind)) _driven.Add(log.Id);
        var catalog = await _client.Discovery.GetAsync(cancellationToken);
        var source = new LogLinesPayload { Transform = "", Object = obj, Pod = obj.Name, Container = "main", Lines = lines };
        var shown = await _host.Extensions.TransformLogAsync(kind, _session.When(catalog, kind, Namespace), source, cancellationToken);
        if (shown.Failures is [var failure, ..]) throw ExceptionOf(failure);
        // What no plugin has touched is shown as it is.
        return [.. shown.Lines.Select((line, i) => line is { IsHidden: false, Spans.IsDefault: true } ? line with { Spans = [new Span { Text = lines[i] }] } : line)];
    }

    /// <summary>Text of a status item; null when the plugin has not set it.</summary>
    /// <exception cref="PluginFailedException">It shows a failure.</exception>
    public string? StatusOf(string id)
    {
        Find(id, Manifest.Contributes.StatusItems);
        return _host.Extensions.StatusItems.First(item => item.Item.Contribution.Id == id).State switch
        {
            StatusItemState.Set set => set.Text,
            StatusItemState.Faulted faulted => throw ExceptionOf(faulted.Failure),
            _ => null,
        };
    }

    private async Task<HarnessView> OpenAsync<T>(string id, ImmutableArray<T> contributions, Func<ViewSession> open, CancellationToken cancellationToken)
        where T : Contribution
    {
        Find(id, contributions);
        var view = open();
        var opened = new HarnessView(this, view);
        _views.Add(opened);
        await UntilAsync(() => view.State is not ViewState.Pending, cancellationToken);
        _ = opened.Content;
        return opened;
    }

    private T Find<T>(string id, ImmutableArray<T> contributions)
        where T : Contribution
    {
        var found = contributions.FirstOrDefault(one => one.Id == id);
        if (found is null)
        {
            var ids = contributions.Select(one => one.Id).ToArray();
            throw new PluginFailedException(ErrorCode.NotFound, $"{Manifest.Id} contributes no `{id}` of this kind; {(NearestName.Of(id, ids) is { } near ? $"did you mean `{near}`?" : ids.Length == 0 ? "it has none" : $"it has {string.Join(", ", ids.Select(one => $"`{one}`"))}")}");
        }
        _driven.Add(id);
        return found;
    }

    private async Task<ResourceKind> KindAsync(GroupKind kind, CancellationToken cancellationToken) =>
        (await _client.Discovery.GetAsync(cancellationToken)).FindKind(kind.Group, kind.Kind) ?? throw new PluginFailedException(ErrorCode.NotFound, $"the cluster serves no kind `{kind.Kind}` in the group `{kind.Group}`");

    private JsonObject? Stored(ResourceKind kind, ObjectReference obj) => Cluster.Store.Get(kind.ApiVersion, kind.Kind, obj.Namespace, obj.Name);
}
