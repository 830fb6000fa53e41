using System.Collections.Immutable;
using LazyOC.Cluster.Columns;
using LazyOC.Cluster.Discovery;
using LazyOC.Cluster.Watch;
using LazyOC.Plugins.Contracts.Manifest;
using LazyOC.Plugins.Contracts.Messages;
using LazyOC.Plugins.Runtime.Extensions;
using LazyOC.Tui.Details.Logs;
using LazyOC.Tui.Overlays;
using LazyOC.Tui.Panels;
using LazyOC.Tui.Screen;
using LazyOC.Tui.Terminal;
using LazyOC.Tui.Widgets;

namespace LazyOC.Tui.Details;

/// <summary>
/// One object with its tabs. Only the current tab is ever asked for; what a tab has, it keeps when another is looked at.
/// Belongs to the loop; what runs elsewhere raises the signal.
/// </summary>
internal sealed class DetailsSource : IDisposable
{
    private readonly ScreenSession _session;
    private readonly ResourceKind _kind;
    private readonly ChangeSignal _changed;
    private readonly Dialogs _dialogs;
    private readonly TuiLimits _limits;
    private readonly ViewInputs _inputs;
    private readonly EventHandler _onStateChange;
    private ResourceRow _row;
    private ObjectSource _object;
    private ImmutableArray<DetailsTab> _tabs;
    private ContributionIndex? _contributions;
    private int _current;
    private FrameSize _size = new(1, 1);

    /// <param name="session">What the screen looks at.</param>
    /// <param name="kind">The object's kind.</param>
    /// <param name="row">The object.</param>
    /// <param name="changed">Raised when the content changed, except by its plugin.</param>
    /// <param name="dialogs">Asks the user.</param>
    /// <param name="current">Index of the first tab shown, in <see cref="TitlesFor"/>.</param>
    /// <param name="limits">Limits; null takes <see cref="TuiLimits.Default"/>.</param>
    public DetailsSource(ScreenSession session, ResourceKind kind, ResourceRow row, ChangeSignal changed, Dialogs dialogs, int current = 0, TuiLimits? limits = null)
    {
        (_session, _kind, _row, _changed, _dialogs, _limits) = (session, kind, row, changed, dialogs, limits ?? TuiLimits.Default);
        _inputs = new ViewInputs(session, dialogs);
        (_object, _tabs) = Open();
        _onStateChange = (_, _) => changed.Raise();
        session.Cluster.Client.StateChanged += _onStateChange;
        _current = Math.Clamp(current, 0, _tabs.Length - 1);
    }

    /// <summary>The object as the list shows it, or showed it last.</summary>
    public ResourceRow Row => _row;

    /// <summary>Title of the tab that is shown.</summary>
    public string CurrentTitle => Tab.Title;

    /// <summary>Name of the tab that has not answered; null when it has.</summary>
    public string? Pending => Tab.Pending;

    /// <summary>Whether every key is text for the details, such as a search: the screen's own keys must wait.</summary>
    public bool IsTyping => Tab.IsTyping;

    /// <summary>Keys of the details as they are now.</summary>
    public ImmutableArray<KeyHint> Hints => [new("[ ]", "tab"), new("↑↓", "scroll"), .. Tab.Hints];

    /// <summary>When the details look different although nothing happened (a spinner, an age); null when they stay as they are.</summary>
    public TimeSpan? RedrawAfter => Tab.RedrawAfter;

    /// <summary>What the user stands on in the current tab; null when that is nothing.</summary>
    public string? SelectedText => Tab.SelectedText;

    /// <summary>All of the current tab as text; null when it has none.</summary>
    public string? WholeText => Tab.WholeText;

    private DetailsTab Tab => _tabs[_current];

    private string ObjectName => $"{_kind.Kind}/{_row.Name}";

    /// <summary>Titles of the tabs that objects of a kind have.</summary>
    public static List<string> TitlesFor(ScreenSession session, ResourceKind kind)
    {
        var views = Views(session, kind);
        return
        [
            .. views.Select(view => view.Contribution.Title),
            .. HasOverview(views) ? (ReadOnlySpan<string>)["Overview"] : [],
            .. LogPods.Have(kind) ? (ReadOnlySpan<string>)["YAML", "Events", "Logs"] : ["YAML", "Events"],
            .. Contributed(session, kind).Select(t => t.Contribution.Title),
        ];
    }

    /// <summary>Asks for what the current tab needs and has not got; returns at once.</summary>
    /// <param name="content">Cells inside the panel, below its tabs.</param>
    public void Advance(FrameSize content)
    {
        _size = content;
        if (_session.Extensions is { } extensions && !ReferenceEquals(extensions.Contributions, _contributions))
            Replug(extensions);
        Tab.Advance(Below(Notes()));
    }

    public DetailsState Compose()
    {
        var notes = Notes();
        var size = Below(notes);
        return new DetailsState
        {
            Title = _row.Namespace is { } ns ? $"{_kind.Kind} · {ns}/{_row.Name}" : $"{_kind.Kind} · {_row.Name}",
            Tabs = [.. _tabs.Select(t => t.Title)],
            Current = _current,
            Content = Tab.Compose(size),
            Now = _session.Clock.GetUtcNow(),
            Notes = notes,
        };
    }

    /// <summary>
    /// Takes a key, paste or mouse event; a mouse event in the coordinates of the panel, border included. True when it was
    /// for the details.
    /// </summary>
    public bool Handle(TerminalEvent input)
    {
        return input switch
        {
            TerminalEvent.KeyPressed { Press: var press } when !Tab.IsTyping && press.ToString() is ("[" or "]") => Switch((_current + (press.ToString() == "]" ? 1 : -1) + _tabs.Length) % _tabs.Length),
            TerminalEvent.Mouse mouse => HandleMouse(mouse),
            _ => Tab.Handle(input),
        };
    }

    private bool HandleMouse(TerminalEvent.Mouse mouse)
    {
        var (x, y) = (mouse.X - DetailsPanel.ContentLeft, mouse.Y - DetailsPanel.ContentTop(Notes().Length));
        if (mouse is { Action: MouseAction.Press, Y: DetailsPanel.TabsRow })
            return new TabsLine([.. _tabs.Select(t => t.Title)], _current).TabAt(x, _size.Width) is { } index && Switch(index);
        return Tab.Handle(mouse with { X = x, Y = y });
    }

    /// <summary>Shows another tab, by its title; false when there is none.</summary>
    public bool TrySwitch(string title)
    {
        var index = _tabs.IndexOf(_tabs.FirstOrDefault(t => t.Title.Equals(title, StringComparison.OrdinalIgnoreCase))!);
        return index >= 0 && Switch(index);
    }

    /// <summary>
    /// The list's row changed, or the object is gone (null): what was read of it stays and is marked. Another object of
    /// the same name (another uid) is opened anew.
    /// </summary>
    public void Update(ResourceRow? row)
    {
        if (row is not null && ReferenceEquals(row, _row) && _object.State.GoneSince is null)
            return;
        if (row is not null && row.Uid != _row.Uid)
        {
            _row = row;
            CloseAll();
            (_object, _tabs) = Open();
            _current = Math.Min(_current, _tabs.Length - 1);
            return;
        }
        _row = row ?? _row;
        _object.Update(row);
        foreach (var tab in _tabs)
            tab.Update(row);
    }

    public void Dispose()
    {
        _session.Cluster.Client.StateChanged -= _onStateChange;
        CloseAll();
    }

    private static IEnumerable<Contributed<TabContribution>> Contributed(ScreenSession session, ResourceKind kind) =>
        session.ContributionsFor(kind)?.TabsFor(new GroupKind(kind.Group, kind.Kind)) ?? [];

    /// <summary>Views of plugins that stand before all other tabs, or in the place of the overview.</summary>
    private static ImmutableArray<Contributed<ResourceViewContribution>> Views(ScreenSession session, ResourceKind kind) =>
        [.. session.ContributionsFor(kind)?.ResourceViewsFor(new GroupKind(kind.Group, kind.Kind), ResourcePart.Details) ?? []];

    private static bool HasOverview(ImmutableArray<Contributed<ResourceViewContribution>> views) => views.All(view => !view.Contribution.Replaces);

    /// <summary>What stands before the YAML: views of plugins and the overview.</summary>
    private IEnumerable<DetailsTab> FirstTabs(ObjectSource source)
    {
        var views = Views(_session, _kind);
        foreach (var view in views)
            yield return Plug(view.Contribution.Title, view.PluginName, size => _session.Extensions!.OpenResourceView(view.Contribution.Id, Reference, null, size.Width, size.Height));
        if (HasOverview(views))
            yield return new OverviewTab(source, OpenSections(), ObjectName, _session.Clock, _limits);
    }

    private (ObjectSource Object, ImmutableArray<DetailsTab> Tabs) Open()
    {
        var source = new ObjectSource(_session, _kind, _row, _changed, _limits);
        var tabs = ImmutableArray.CreateBuilder<DetailsTab>();
        tabs.AddRange(FirstTabs(source));
        tabs.Add(new YamlTab(source, ObjectName, _changed, _limits));
        tabs.Add(new EventsTab(_session, _kind, _row, _changed, _limits));
        if (LogPods.Have(_kind))
            tabs.Add(new LogsTab(_session, _kind, _row, source, AskContainerAsync, _changed, _limits));
        _contributions = _session.Extensions?.Contributions;
        tabs.AddRange(Contributed(_session, _kind).Select(tab => Plug(tab)));
        return (source, tabs.ToImmutable());
    }

    private async Task<LogChoice?> AskContainerAsync(ImmutableArray<string> containers, LogChoice current)
    {
        const string Default = "";
        const string All = "*"; // neither is a name of a container
        var items = new PickerContent.Items([new PickerItem(Default, "default container", "what kubectl takes"), new PickerItem(All, "all containers"), .. containers.Select(name => new PickerItem(name, name))]);
        var chosen = await _dialogs.AskAsync(new Picker("Containers", items, current.AllContainers ? All : current.Container ?? Default));
        return chosen is null ? null : current with { Container = chosen.Id is Default or All ? null : chosen.Id, AllContainers = chosen.Id == All };
    }

    private ObjectReference Reference => new() { Group = _kind.Group, Kind = _kind.Kind, Namespace = _row.Namespace, Name = _row.Name, Uid = _row.Uid };

    private Sections? OpenSections()
    {
        ImmutableArray<Contributed<SectionContribution>> sections = [.. _session.ContributionsFor(_kind)?.SectionsFor(new GroupKind(_kind.Group, _kind.Kind)) ?? []];
        return sections.IsEmpty ? null : new Sections(sections, _session.Extensions!, Reference, _inputs, _session.Clock, _limits);
    }

    private PluginTab Plug(Contributed<TabContribution> tab) =>
        Plug(tab.Contribution.Title, tab.PluginName, size => _session.Extensions!.OpenTab(tab.Contribution.Id, Reference, size.Width, size.Height));

    private PluginTab Plug(string title, string plugin, Func<FrameSize, ViewSession> open) => new(title, plugin, open, _inputs, _session.Clock, _limits);

    /// <summary>Plugins came or went: their tabs do too, and the user stays where they were if that is still there.</summary>
    private void Replug(ExtensionPoints extensions)
    {
        var title = Tab.Title;
        foreach (var tab in _tabs.Where(t => t is PluginTab or OverviewTab))
            tab.Dispose();
        _contributions = extensions.Contributions;
        foreach (var logs in _tabs.OfType<LogsTab>())
            logs.Replug();
        _tabs = [.. FirstTabs(_object), .. _tabs.Where(t => t is not (PluginTab or OverviewTab)), .. Contributed(_session, _kind).Select(tab => Plug(tab))];
        _current = Math.Max(0, _tabs.IndexOf(_tabs.FirstOrDefault(t => t.Title == title)!));
    }

    private bool Switch(int index)
    {
        _current = index;
        _changed.Raise();
        return true;
    }

    private ImmutableArray<StyledText> Notes()
    {
        var state = _object.State;
        var now = _session.Cluster.Client.Time.GetUtcNow();
        if (state.GoneSince is { } gone)
            return [new StyledText($"✗ deleted {HumanDuration.Format(now - gone)} ago; this is what was seen last", new Style(Tone.Error).Bold())];
        if (state is { Root: not null, Failure: { } failure } && Tab is OverviewTab or YamlTab)
            return [.. StaleNote.Of(state.FailedSince, failure, now)];
        ImmutableArray<StyledText> notes = [.. Tab.Notes];
        return notes.IsEmpty && _session.Cluster.Client.State is { Phase: ConnectionPhase.Reconnecting, Cause: { } cause } lost
            ? [.. StaleNote.Of(lost.Since, cause, now)]
            : notes;
    }

    private FrameSize Below(ImmutableArray<StyledText> notes) => _size with { Height = Math.Max(1, _size.Height - Math.Max(0, notes.Length - 1)) };

    private void CloseAll()
    {
        foreach (var tab in _tabs)
            tab.Dispose();
        _object.Dispose();
    }
}
