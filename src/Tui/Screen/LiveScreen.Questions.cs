using LazyOC.Cluster.Errors;
using LazyOC.Plugins.Contracts.Views;
using LazyOC.Tui.Operations;
using LazyOC.Tui.Overlays;

namespace LazyOC.Tui.Screen;

/// <content>What the screen asks: commands, namespaces, contexts, sorting, themes, help.</content>
public sealed partial class LiveScreen
{
    private const string AllNamespaces = "";

    private readonly List<string> _recent = [];

    private void AskCommand() => Start(AskCommandAsync(_commands.Where(c => c.Scope == KeyScope.Global || c.Scope == Scope).Concat(Pages()).Concat(Kinds())));

    /// <summary>What can be done with the objects, by the screen and by plugins.</summary>
    private void AskAction() => Start(AskCommandAsync(_commands.Where(c => c.Scope == Scope && c.IsOnObjects)));

    /// <summary>The pages that plugins add, as commands that open them.</summary>
    private IEnumerable<ScreenCommand> Pages() =>
        from entry in _workbench.Navigation.Entries
        where entry.Target is not NavigationTarget.List
        select new ScreenCommand(entry.Target.Key, $"Go to {entry.Title}", KeyScope.Global, []) { Run = () => _workbench.OpenPage(entry.Target), Group = "Plugins", Names = [entry.Title] };

    /// <summary>The kinds that the cluster serves, as commands that open their lists.</summary>
    private IEnumerable<ScreenCommand> Kinds() =>
        from kind in _workbench.Catalog?.Kinds ?? []
        where kind.Supports("list") && kind.Supports("watch")
        select new ScreenCommand($"kind.{kind.QualifiedName}", $"Go to {ResourceGroups.TitleOf(kind)}", KeyScope.Global, [])
        {
            Run = () => _workbench.OpenKind(kind),
            Group = kind.Group.Length == 0 ? "core" : kind.Group,
            Names = [ResourceGroups.TitleOf(kind), kind.Plural, kind.QualifiedName, kind.Singular, .. kind.ShortNames],
        };

    private async Task AskCommandAsync(IEnumerable<ScreenCommand> commands)
    {
        var offered = commands.DistinctBy(c => c.Id).ToList();
        var palette = CommandPalette.Of([.. offered.Select(ItemOf)], [.. _recent]);
        if (await _dialogs.AskAsync(palette, _closing.Token) is { } chosen && offered.Find(c => c.Id == chosen.Id) is { } command)
            Post(() => RunChosen(command));
    }

    private void RunChosen(ScreenCommand command)
    {
        _recent.Remove(command.Id);
        _recent.Insert(0, command.Id);
        if (_recent.Count > TuiLimits.Default.RecentCommands)
            _recent.RemoveAt(_recent.Count - 1);
        Run(command);
    }

    private static PaletteItem ItemOf(ScreenCommand command) =>
        new(command.Id, command.Title, command.Group, command.Keys.IsEmpty ? "" : command.Keys[0], command.Owner, command.WhyNot()) { Names = command.Names };

    private void AskHelp()
    {
        var groups = _commands.Where(c => !c.Keys.IsEmpty && (c.Scope == Scope || c.Scope == KeyScope.Global))
            .GroupBy(c => c.Scope == KeyScope.Global ? "Everywhere" : $"In the {c.Scope.ToString().ToLowerInvariant()}")
            .Select(g => new HelpGroup(g.Key, [.. g.Select(c => new HelpKey(string.Join(", ", c.Keys), c.Title, c.WhyNot()) { Plugin = c.Owner })]))
            .ToList();
        if (_workbench is { Focus: FocusedPanel.Details, Details: { } details })
            groups.Insert(0, new HelpGroup("In this tab", [.. details.Hints.Select(h => new HelpKey(h.Key, h.Action))]));
        if (!_keymap.Clashes.IsEmpty)
            groups.Add(new HelpGroup("Keys that others have", [.. _keymap.Clashes.Select(c => new HelpKey(c.Key, c.Loser.Title, $"it is the key of “{c.Winner.Title}”") { Plugin = c.Loser.Owner })]));
        Start(PressChosenAsync(new Help([.. groups])));
    }

    private async Task PressChosenAsync(Help help)
    {
        if (await _dialogs.AskAsync(help, _closing.Token) is { } chosen && _commands.FirstOrDefault(c => string.Join(", ", c.Keys) == chosen.Key && c.Title == chosen.Action) is { } command)
            Post(() => Run(command));
    }

    private async Task AskNamespaceAsync()
    {
        var workbench = _workbench;
        var client = workbench.Session.Cluster.Client;
        var picker = new Picker(workbench.Catalog?.IsOpenShift == true ? "Projects" : "Namespaces", new PickerContent.Loading(), workbench.Namespace ?? AllNamespaces);
        var chosen = await Picker.PickAsync(_dialogs, picker, async cancel =>
        {
            try
            {
                var names = await NamespaceNames.ListAsync(client, cancel);
                return new PickerContent.Items([new PickerItem(AllNamespaces, "all namespaces"), .. names.Select(name => new PickerItem(name, name))]);
            }
            catch (ClusterException e)
            {
                return new PickerContent.Failed(e.Message, e.Hint);
            }
        }, _closing.Token);
        if (chosen is not null)
        {
            Post(() =>
            {
                if (workbench == _workbench) // which another context may have replaced meanwhile
                    workbench.OpenNamespace(chosen.Id == AllNamespaces ? null : chosen.Id);
            });
        }
    }

    private async Task AskContextAsync()
    {
        var current = _workbench.Session.Cluster.Context;
        var picker = new Picker("Contexts", new PickerContent.Items([.. _options.Contexts.Select(name => new PickerItem(name, name))]), current);
        if (await _dialogs.AskAsync(picker, _closing.Token) is not { } chosen || chosen.Id == current)
            return;
        var switching = new Notice($"switching to {chosen.Id} …") { Id = "context", Lasts = true };
        _dialogs.Notify(switching);
        try
        {
            var session = await _options.SwitchContext(chosen.Id, _closing.Token);
            Post(() => Enter(session));
            _dialogs.Notify(switching with { Text = $"in {chosen.Id} as {session.Cluster.User}", Style = TextStyle.Ok, Lasts = false });
        }
        catch (ClusterException e)
        {
            _dialogs.Notify(switching with { Text = e.Message, Hint = e.Hint, Style = TextStyle.Error, Lasts = false });
        }
    }

    /// <summary>Goes on in another session; what was open belonged to the one before.</summary>
    private void Enter(ScreenSession session)
    {
        Save();
        _workbench.Dispose();
        _filtering = null;
        _workbench = Begin(session, null);
        _operations = new ObjectOperations(session, _dialogs, _changed) { Editor = _options.Editor };
        _commandsFor = null;
    }

    private async Task AskSortAsync()
    {
        if (_workbench.List is not { } list)
            return;
        var items = list.Columns.Select(c => new PickerItem(c.Id, c.Column.Title, list.Order is { } order && order.Column == c.Id ? order.Descending ? "↓" : "↑" : ""));
        if (await _dialogs.AskAsync(new Picker("Sort by", new PickerContent.Items([.. items]), list.Order?.Column ?? RowOrder.Name), _closing.Token) is { } chosen)
            Post(() => list.SortBy(NextOrder(list.Order, chosen.Id)));
    }

    private async Task AskThemeAsync()
    {
        var themes = Themes();
        var picker = new Picker("Themes", new PickerContent.Items([.. themes.Select(t => new PickerItem(t.Name, t.Name))]), _terminal.Theme.Name);
        if (await _dialogs.AskAsync(picker, _closing.Token) is { } chosen)
            Post(() => _terminal.Theme = themes.First(t => t.Name == chosen.Id));
    }

    private void ShowNotices() => Start(_dialogs.AskAsync(Message.OfNotices(_dialogs.Board.History, TimeProvider.System.GetUtcNow()), _closing.Token));
}
