
using System.Collections.Immutable;
using LazyOC.Cluster.Discovery;
using LazyOC.Cluster.Watch;
using LazyOC.Tui.Operations;

namespace LazyOC.Tui.Screen;

/// <content>Everything the user can do, with its keys.</content>
public sealed partial class LiveScreen
{
    private IEnumerable<ScreenCommand> OwnCommands() => [.. PanelCommands(), .. ListCommands(), .. ObjectCommands(), .. RelatedCommands(), .. PlaceCommands(), .. DetailsCommands(), .. EverywhereCommands()];

    private IEnumerable<ScreenCommand> EverywhereCommands() =>
    [
        Command("panel.next", "Next panel", KeyScope.Global, () => MoveFocus(1)) with { Hint = "panel" },
        Command("panel.previous", "Previous panel", KeyScope.Global, () => MoveFocus(-1)),
        Command("panel.navigation", "Go to the resources", KeyScope.Global, () => _workbench.FocusOn(FocusedPanel.Navigation)),
        Command("panel.list", "Go to the list", KeyScope.Global, () => _workbench.FocusOn(FocusedPanel.List)),
        Command("panel.details", "Go to the details", KeyScope.Global, () => _workbench.FocusOn(FocusedPanel.Details)),
        Command("panel.zoom", "Give the panel the whole screen", KeyScope.Global, () => _workbench.IsZoomed = !_workbench.IsZoomed),
        Command("palette", "Command palette", KeyScope.Global, AskCommand) with { Hint = "command" },
        Command("namespace.switch", NamespaceTitle, KeyScope.Global, () => Start(AskNamespaceAsync())) with { Hint = _workbench.Catalog?.IsOpenShift == true ? "project" : "namespace" },
        Command("context.switch", "Switch the context", KeyScope.Global, () => Start(AskContextAsync())) with { Hint = "context" },
        Command("plugins", "Plugins", KeyScope.Global, OpenPluginsPage) with { Hint = "plugins", WhyNot = () => _options.Plugins is null ? "LazyOC was started without plugins" : null },
        Command("theme", "Choose a theme", KeyScope.Global, () => Start(AskThemeAsync())),
        Command(TourCommand, "Tour of the screen", KeyScope.Global, GoOnTour),
        Command("notices", "Show earlier notices", KeyScope.Global, ShowNotices),
        Command("reconnect", "Ask the cluster anew", KeyScope.Global, Reconnect),
        Command("undo", "Undo the last scale", KeyScope.Global, () => Start(_operations.UndoAsync(_closing.Token))) with { WhyNot = () => _operations.Undoable is null ? "there is nothing to undo" : null },
        Command("help", "Keys", KeyScope.Global, AskHelp) with { Hint = "keys" },
        Command("suspend", "Suspend LazyOC", KeyScope.Global, _terminal.Suspend),
        Command("quit", "Quit", KeyScope.Global, () => Leave("the user left")) with { Hint = "quit" },
    ];

    private IEnumerable<ScreenCommand> PanelCommands() =>
    [
        Command("navigation.up", "Up", KeyScope.Navigation, () => _workbench.Navigation.MoveBy(-1)) with { Hint = null },
        Command("navigation.down", "Down", KeyScope.Navigation, () => _workbench.Navigation.MoveBy(1)),
        Command("navigation.first", "First", KeyScope.Navigation, () => _workbench.Navigation.MoveBy(int.MinValue / 2)),
        Command("navigation.last", "Last", KeyScope.Navigation, () => _workbench.Navigation.MoveBy(int.MaxValue / 2)),
        Command("navigation.pageUp", "Page up", KeyScope.Navigation, () => _workbench.Navigation.MoveBy(-PageRows)),
        Command("navigation.pageDown", "Page down", KeyScope.Navigation, () => _workbench.Navigation.MoveBy(PageRows)),
        Command("navigation.open", "Open", KeyScope.Navigation, OpenNavigation) with { Hint = "open" },
        Command("navigation.leave", "Back to the list", KeyScope.Navigation, () => _workbench.FocusOn(FocusedPanel.List)),
        Command("page.leave", "Back to the resources", KeyScope.Page, () => _workbench.FocusOn(FocusedPanel.Navigation)) with { Hint = "back" },
    ];

    private IEnumerable<ScreenCommand> ListCommands() =>
    [
        Command("list.open", "Open the object", KeyScope.List, () => _workbench.FocusOn(FocusedPanel.Details)) with { Hint = "open" },
        Command("list.up", "Up", KeyScope.List, () => _workbench.List?.MoveBy(-1)),
        Command("list.down", "Down", KeyScope.List, () => _workbench.List?.MoveBy(1)),
        Command("list.first", "First", KeyScope.List, () => _workbench.List?.MoveTo(0)),
        Command("list.last", "Last", KeyScope.List, () => _workbench.List?.MoveTo(int.MaxValue)),
        Command("list.pageUp", "Page up", KeyScope.List, () => _workbench.List?.MoveBy(-PageRows)),
        Command("list.pageDown", "Page down", KeyScope.List, () => _workbench.List?.MoveBy(PageRows)),
        Command("list.mark", "Mark", KeyScope.List, () => _workbench.List?.ToggleMark()) with { Hint = "mark" },
        Command("list.markAll", "Mark all that are shown", KeyScope.List, () => _workbench.List?.ToggleAllMarks()),
        Command("list.filter", "Filter: text, ~fuzzy, !not, -l labels", KeyScope.List, BeginFiltering) with { Hint = "filter", WhyNot = () => _workbench.List is null ? "there is no list yet" : null },
        Command("list.sort", "Sort by", KeyScope.List, () => Start(AskSortAsync())) with { Hint = "sort" },
        Command("list.back", "Take away marks, then the filter", KeyScope.List, LeaveList),
        Command("list.navigation", "Go to the resources", KeyScope.List, () => _workbench.FocusOn(FocusedPanel.Navigation)),
        Command("list.actions", "Actions on the object", KeyScope.List, AskAction) with { Hint = "actions" },
        Command("object.logs", "Logs", KeyScope.List, () => _workbench.OpenTab("Logs")) with { IsOnObjects = true, Hint = "logs", WhyNot = () => WhyNoTab("Logs") },
        Command("object.yaml", "YAML", KeyScope.List, () => _workbench.OpenTab("YAML")) with { IsOnObjects = true, WhyNot = () => WhyNoTab("YAML") },
        Command("object.copyName", "Copy the name", KeyScope.List, CopyNames) with { IsOnObjects = true },
    ];

    private IEnumerable<ScreenCommand> ObjectCommands() => new[] { KeyScope.List, KeyScope.Details }.SelectMany(scope => (IEnumerable<ScreenCommand>)
    [
        OnObjects(scope, "object.delete", "Delete", Operation.Delete, _operations.DeleteAsync),
        OnObjects(scope, "object.deleteWith", "Delete, choosing how", Operation.Delete, _operations.DeleteWithOptionsAsync),
        OnObjects(scope, "object.restart", "Restart the rollout", Operation.Restart, _operations.RestartAsync),
        OnObjects(scope, "object.scale", "Scale", Operation.Scale, _operations.ScaleAsync),
        OnObjects(scope, "object.scaleUp", "Scale up by one", Operation.Scale, (kind, rows, cancel) => _operations.ScaleByAsync(kind, rows, 1, cancel)),
        OnObjects(scope, "object.scaleDown", "Scale down by one", Operation.Scale, (kind, rows, cancel) => _operations.ScaleByAsync(kind, rows, -1, cancel)),
        OnObjects(scope, "object.startBuild", "Start a build", Operation.StartBuild, _operations.StartBuildAsync),
    ]);

    private IEnumerable<ScreenCommand> DetailsCommands() =>
    [
        Command("details.back", "Back to the list", KeyScope.Details, () => _workbench.FocusOn(FocusedPanel.List)) with { Hint = "back" },
        Command("details.copy", "Copy what the tab shows", KeyScope.Details, CopyDetails),
        Command("details.actions", "Actions on the object", KeyScope.Details, AskAction) with { Hint = "actions" },
    ];

    private static ScreenCommand Command(string id, string title, KeyScope scope, Action run) =>
        new(id, title, scope, OwnKeys.Of(id)) { Run = run };

    /// <summary>A command on the objects of a scope; hinted at where the kind has it.</summary>
    private ScreenCommand OnObjects(KeyScope scope, string id, string title, Operation operation, Func<ResourceKind, ImmutableArray<ResourceRow>, CancellationToken, Task> run) =>
        Command(id, title, scope, () => Start(run(_workbench.List!.Kind, TargetsIn(scope), _closing.Token))) with
        {
            IsOnObjects = true,
            Hint = id == "object.scale" || (operation != Operation.Scale && id != "object.deleteWith") ? operation.Word().ToLowerInvariant() : null,
            WhyNot = () => _workbench.List is not { } list || TargetsIn(scope).IsEmpty ? "nothing is selected" : _operations.WhyNot(operation, list.Kind, _workbench.Namespace),
        };

    /// <summary>What is acted on: in the details their object, in the list the marked ones or the selected one.</summary>
    private ImmutableArray<ResourceRow> TargetsIn(KeyScope scope) =>
        scope != KeyScope.Details ? _workbench.List?.Targets ?? [] : _workbench.Details is { } details ? [details.Row] : [];

    private string NamespaceTitle => _workbench.Catalog?.IsOpenShift == true ? "Switch the project" : "Switch the namespace";

    private void MoveFocus(int by)
    {
        var layout = _workbench.LayoutAt(_size);
        FocusedPanel[] panels = _workbench.Page is null && (_workbench.List?.Current is not null)
            ? [FocusedPanel.Navigation, FocusedPanel.List, FocusedPanel.Details]
            : [FocusedPanel.Navigation, FocusedPanel.List];
        var at = Array.IndexOf(panels, _workbench.Focus);
        _workbench.FocusOn(panels[(at + by + panels.Length) % panels.Length]);
    }

    private void BeginFiltering() => _filtering = Widgets.TextField.Of(_workbench.List?.Filter.Text ?? "");

    /// <summary>Escape leaves one thing at a time: the zoom, the marks, the filter.</summary>
    private void LeaveList()
    {
        if (_workbench.IsZoomed)
            _workbench.IsZoomed = false;
        else if (_workbench.List?.ClearMarks() == false && _workbench.List is { Filter.IsNone: false } list)
            list.FilterBy("");
    }

    private string? WhyNoTab(string title) =>
        _workbench.List is not { Current: not null } list ? "nothing is selected"
        : Details.DetailsSource.TitlesFor(_workbench.Session, list.Kind).Contains(title) ? null
        : $"a {list.Kind.Kind} has none";

    private void CopyNames() => Copy(string.Join('\n', _workbench.List?.Targets.Select(row => row.Name) ?? []), "the name");

    private void CopyDetails()
    {
        if (_workbench.Details is not { } details)
            return;
        if (details.SelectedText is { Length: > 0 } line)
            Copy(line, "the line that was found");
        else if (details.WholeText is { Length: > 0 } text)
            Copy(text, "what the tab shows");
    }

    private void Copy(string text, string what)
    {
        if (text.Length > 0)
            _dialogs.Notify(_terminal.CopyToClipboard(text) ? new Overlays.Notice($"copied {what}") : new Overlays.Notice($"{what} is too long for the clipboard", Plugins.Contracts.Views.TextStyle.Warn));
    }

    private void Reconnect()
    {
        _dialogs.Notify(new Overlays.Notice("asking the cluster anew"));
        _workbench.Reconnect();
    }
}
