using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using LazyOC.Cluster.Discovery;
using LazyOC.Cluster.Errors;
using LazyOC.Cluster.Resources;
using LazyOC.Cluster.Watch;
using LazyOC.Plugins.Contracts.Manifest;
using LazyOC.Plugins.Contracts.Messages;
using LazyOC.Plugins.Contracts.Views;
using LazyOC.Plugins.Runtime.Extensions;
using LazyOC.Tui.Panels;
using LazyOC.Tui.Screen;

namespace LazyOC.Tui.Details;

/// <summary>One object with its tabs; only the current tab is ever asked for.</summary>
internal sealed class DetailsSource : IDisposable
{
    private readonly ScreenSession _session;
    private readonly ResourceKind _kind;
    private readonly ResourceRow _row;
    private readonly ChangeSignal _changed;
    private readonly ImmutableArray<Tab> _tabs;
    private readonly int _current;
    private Task<ViewNode>? _loading;
    private ViewSession? _view;

    /// <param name="session">What the screen looks at.</param>
    /// <param name="kind">The object's kind.</param>
    /// <param name="row">The object.</param>
    /// <param name="current">Index of the current tab in <see cref="TitlesFor"/>.</param>
    /// <param name="changed">Raised when the tab's content changed, except by its plugin.</param>
    public DetailsSource(ScreenSession session, ResourceKind kind, ResourceRow row, int current, ChangeSignal changed)
    {
        (_session, _kind, _row, _changed) = (session, kind, row, changed);
        _tabs = [.. TabsFor(session, kind)];
        _current = current;
    }

    /// <summary>Name of the tab that has not answered; null when it has.</summary>
    public string? Pending => Content is TabContent.Pending pending ? pending.Who : null;

    private TabContent Content => _view is { } view
        ? view.State switch
        {
            ViewState.Ready ready => new TabContent.View(ready.Content),
            ViewState.Faulted faulted => new TabContent.Faulted(faulted.Failure),
            _ => new TabContent.Pending($"tab {_tabs[_current].Title} of {view.View.PluginName}"),
        }
        : _loading is { IsCompleted: true, IsCanceled: false } loaded ? new TabContent.View(loaded.GetAwaiter().GetResult())
        : new TabContent.Pending($"tab {_tabs[_current].Title} of {_kind.Kind}/{_row.Name}");

    /// <summary>Titles of the tabs that objects of a kind have.</summary>
    public static List<string> TitlesFor(ScreenSession session, ResourceKind kind) => [.. TabsFor(session, kind).Select(t => t.Title)];

    /// <summary>Asks for the current tab if nobody has; returns at once.</summary>
    public void Advance(FrameSize content, CancellationToken cancellationToken)
    {
        if (_view is not null || _loading is not null)
            return;
        var tab = _tabs[_current];
        if (tab.Contributed is { } contributed && _session.Extensions is { } extensions)
        {
            _view = extensions.OpenTab(contributed.Contribution.Id, Reference, content.Width, content.Height);
            return;
        }
        _loading = LoadAsync(tab.Load!(this, cancellationToken));
        _ = _loading.ContinueWith(_ => _changed.Raise(), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    public DetailsState Compose() => new()
    {
        Title = _row.Namespace is { } ns ? $"{_kind.Kind} · {ns}/{_row.Name}" : $"{_kind.Kind} · {_row.Name}",
        Tabs = [.. _tabs.Select(t => t.Title)],
        Current = _current,
        Content = Content,
    };

    public void Dispose() => _view?.Dispose();

    private ObjectReference Reference => new() { Group = _kind.Group, Kind = _kind.Kind, Namespace = _row.Namespace, Name = _row.Name, Uid = _row.Uid };

    private DateTimeOffset Now => _session.Clock.GetUtcNow();

    private static async Task<ViewNode> LoadAsync(Task<ViewNode> load)
    {
        try
        {
            return await load;
        }
        catch (ClusterException e)
        {
            return new ViewNode.Error { Message = e.Message, Hint = e.Hint };
        }
    }

    private async Task<ViewNode> OverviewAsync(CancellationToken cancellationToken)
    {
        using var document = await GetAsync(cancellationToken);
        return Overview.Of(document.RootElement, Now, TuiLimits.Default);
    }

    private async Task<ViewNode> YamlAsync(CancellationToken cancellationToken)
    {
        using var document = await GetAsync(cancellationToken);
        return new ViewNode.Code { Content = YamlText.Of(document.RootElement, TuiLimits.Default.YamlCharacters), Language = "yaml" };
    }

    private async Task<ViewNode> EventsAsync(CancellationToken cancellationToken)
    {
        using var page = await _session.Cluster.Client.Resources.EventsForAsync(_kind, _row.Namespace, _row.Name, _row.Uid, cancellationToken);
        return EventsTable.Of(page.Items, Now, TuiLimits.Default);
    }

    private async Task<ViewNode> LogsAsync(CancellationToken cancellationToken)
    {
        using var document = await GetAsync(cancellationToken);
        var container = DefaultContainer(document.RootElement);
        var options = new LogOptions { Container = container, TailLines = TuiLimits.Default.LogLines };
        var text = new StringBuilder();
        await foreach (var line in _session.Cluster.Client.Resources.LogsAsync(_row.Namespace ?? "", _row.Name, options, cancellationToken))
            text.Append(line).Append('\n');
        return text.Length == 0
            ? new ViewNode.Empty { Message = $"Container {container} has written nothing" }
            : new ViewNode.Code { Content = text.ToString(), Language = "log" };
    }

    /// <summary>The container kubectl would take: the annotated one, otherwise the first.</summary>
    private static string? DefaultContainer(JsonElement pod) =>
        pod.Text("metadata", "annotations", "kubectl.kubernetes.io/default-container")
        ?? pod.Items("spec", "containers").Select(c => c.Text("name")).FirstOrDefault();

    private Task<JsonDocument> GetAsync(CancellationToken cancellationToken) =>
        _session.Cluster.Client.Resources.GetAsync(_kind, _row.Namespace, _row.Name, cancellationToken: cancellationToken);

    private static IEnumerable<Tab> TabsFor(ScreenSession session, ResourceKind kind)
    {
        yield return new Tab("Overview", (details, cancel) => details.OverviewAsync(cancel));
        yield return new Tab("YAML", (details, cancel) => details.YamlAsync(cancel));
        yield return new Tab("Events", (details, cancel) => details.EventsAsync(cancel));
        if (kind is { Group: "", Kind: "Pod" })
            yield return new Tab("Logs", (details, cancel) => details.LogsAsync(cancel));
        foreach (var tab in session.Extensions?.Contributions.TabsFor(new GroupKind(kind.Group, kind.Kind)) ?? [])
            yield return new Tab(tab.Contribution.Title, null, tab);
    }

    private sealed record Tab(string Title, Func<DetailsSource, CancellationToken, Task<ViewNode>>? Load, Contributed<TabContribution>? Contributed = null);
}
