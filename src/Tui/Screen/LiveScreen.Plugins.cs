using System.Collections.Immutable;
using LazyOC.Cluster.Discovery;
using LazyOC.Plugins.Contracts.Manifest;
using LazyOC.Plugins.Contracts.Messages;
using LazyOC.Plugins.Contracts.Views;
using LazyOC.Plugins.Runtime.Extensions;
using LazyOC.Tui.Overlays;
using LazyOC.Tui.Panels;
using LazyOC.Tui.PluginsScreen;
using LazyOC.Tui.Terminal;

namespace LazyOC.Tui.Screen;

/// <content>What plugins add to the commands, keys and themes.</content>
public sealed partial class LiveScreen
{
    private readonly HashSet<string> _toldClashes = new(StringComparer.Ordinal);

    /// <summary>Commands depend on the kind that is listed, on what the cluster serves and on the plugins that run.</summary>
    private void FollowCommands()
    {
        var kind = _workbench.List?.Kind;
        var present = (_workbench.Session.Extensions?.Contributions, kind, _workbench.Catalog, _workbench.Namespace);
        if (_commandsFor == present)
            return;
        _commandsFor = present;
        var offered = _workbench.Session.ContributionsFor(kind);
        var keys = _options.Keys?.Read(Warn);
        IEnumerable<ScreenCommand> all = [.. OwnCommands(), .. offered is null ? [] : PluginCommands(offered), .. offered is null ? [] : Templates(offered), .. offered is null || kind is null ? [] : PluginActions(offered, kind)];
        _commands = [.. all.Select(command => keys?.TryGetValue(command.Id, out var own) == true ? command with { Keys = own, HasUserKeys = true } : command)];
        _keymap = new Keymap(_commands);
        // What the user took a key from for another command is no news to them.
        foreach (var clash in _keymap.Clashes.Where(clash => !clash.Winner.HasUserKeys))
        {
            if (_toldClashes.Add(clash.ToString()))
                _dialogs.Notify(new Notice(clash.ToString(), TextStyle.Warn) { Hint = _options.Keys?.HintFor(clash.Loser.Id) ?? "`?` shows all keys; the palette `:` runs it by its name" });
        }
    }

    /// <summary>Tells plugins where the user is, once there is anything to be seen.</summary>
    private void TellPlace()
    {
        if (_workbench is { Session: { Extensions: { } extensions } session, Screen: { } screen })
        {
            extensions.TellPlace(session.Cluster, new UserPlace(
                _pluginsPage is null ? screen : new UiScreen { Screen = "plugins" },
                new UiNamespace { Namespace = _workbench.Namespace },
                new UiSelection { Object = _pluginsPage is null ? _workbench.Selected : null },
                new UiTheme { Name = _terminal.Theme.Name, IsLight = _terminal.Theme.IsLight }));
        }
    }

    private void Warn(string what) => _dialogs.Notify(new Notice(what, TextStyle.Warn));

    private IEnumerable<ScreenCommand> PluginCommands(ContributionIndex offered)
    {
        foreach (var command in offered.Commands)
        {
            var keys = offered.Keys.Where(k => k.Contribution.Command == command.Contribution.Id).ToList();
            foreach (var scope in keys.Select(k => OwnKeys.ScopeOf(k.Contribution.Context)).DefaultIfEmpty(KeyScope.Global).Distinct())
            {
                yield return new ScreenCommand(command.Contribution.Id, command.Contribution.Title, scope, [.. keys.Where(k => OwnKeys.ScopeOf(k.Contribution.Context) == scope).Select(k => k.Contribution.Key)])
                {
                    Run = () => Start(_operations.RunPluginCommandAsync(command, _closing.Token)),
                    Owner = new PluginMark(command.Plugin, command.PluginName),
                    Group = "Plugins",
                };
            }
        }
    }

    private IEnumerable<ScreenCommand> PluginActions(ContributionIndex offered, ResourceKind kind)
    {
        foreach (var action in offered.ActionsFor(new GroupKind(kind.Group, kind.Kind)))
        {
            var contribution = action.Contribution;
            foreach (var scope in new[] { KeyScope.List, KeyScope.Details })
            {
                var keys = offered.Keys.Where(k => k.Contribution.Action == contribution.Id && OwnKeys.ScopeOf(k.Contribution.Context) is var own && (own == scope || own == KeyScope.Global)).Select(k => k.Contribution.Key);
                yield return new ScreenCommand(contribution.Id, contribution.Title, scope, [.. contribution.Key is { } key ? [key] : Array.Empty<string>(), .. keys])
                {
                    Run = () => Start(_operations.RunPluginActionAsync(action, kind, TargetsIn(scope), _closing.Token)),
                    WhyNot = () => TargetsIn(scope) is { IsEmpty: false } targets ? _operations.WhyNot(contribution, kind, _workbench.Namespace, targets.Length) : "nothing is selected",
                    Owner = new PluginMark(action.Plugin, action.PluginName),
                    Group = "Plugins",
                    IsOnObjects = true,
                };
            }
        }
    }

    private void OpenPluginsPage() => _pluginsPage = new PluginsPage(_options.Plugins!, _dialogs, _changed, TimeProvider.System);

    private void HandlePluginsPage(PluginsPage page, TerminalEvent input)
    {
        if (!page.Handle(input, PluginsPageArea) && input is TerminalEvent.KeyPressed { Press: var press })
            HandlePluginsKey(page, press.ToString());
        if (page.IsClosed)
        {
            page.Dispose();
            _pluginsPage = null;
        }
    }

    /// <summary>On the page the screen's own keys for the whole program still work.</summary>
    private void HandlePluginsKey(PluginsPage page, string key)
    {
        if (key == "?")
            Start(_dialogs.AskAsync(new Help([page.Keys]), _closing.Token));
        else if (_keymap.Match(KeyScope.Global, key) is KeyMatch.Found { Command.Id: "quit" or "theme" or "notices" or "suspend" } found)
            Run(found.Command);
    }

    /// <summary>Between the header and the status bar, which stay.</summary>
    private Rect PluginsPageArea => _size.Height >= 6 ? new Rect(0, 1, _size.Width, _size.Height - 2) : new Rect(0, 0, _size.Width, _size.Height);

    private void DrawPluginsPage(PluginsPage page, Canvas canvas, ScreenState state, DateTimeOffset now)
    {
        if (_size.Height >= 6)
        {
            HeaderPanel.Draw(canvas.Part(new Rect(0, 0, _size.Width, 1)), state.Header);
            StatusBar.Draw(canvas.Part(new Rect(0, _size.Height - 1, _size.Width, 1)), state.Status with { Hints = page.Hints });
        }
        PluginsDrawing.Draw(canvas.Part(PluginsPageArea), page.Compose(), now);
    }

    /// <summary>Shows a view of a plugin that asked for it: a page, or a tab of the object it names.</summary>
    private async Task<bool> OpenPluginViewAsync(Contributed<ViewContribution> view, ObjectReference? obj, CancellationToken cancellationToken)
    {
        var shown = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        Post(() => shown.SetResult(TryShow(view, obj)));
        return await shown.Task.WaitAsync(cancellationToken);
    }

    private bool TryShow(Contributed<ViewContribution> view, ObjectReference? obj)
    {
        if (view.Contribution is PageContribution)
        {
            _workbench.OpenPage(new NavigationTarget.Page(view.Contribution.Id));
            return _workbench.Page?.Target.Key == new NavigationTarget.Page(view.Contribution.Id).Key;
        }
        if (view.Contribution is not TabContribution || obj is null || _workbench.Catalog?.FindKind(obj.Group, obj.Kind) is not { } kind)
            return false;
        _workbench.OpenKind(kind, obj.Namespace is { } ns ? $"{ns}/{obj.Name}" : obj.Name, view.Contribution.Title);
        return true;
    }

    /// <summary>The screen's themes and those of plugins.</summary>
    private ImmutableArray<Theme> Themes() =>
    [
        .. Theme.BuiltIn,
        .. (_workbench.Session.Extensions?.Contributions.Themes ?? []).Select(t => Theme.FromColors(
            t.Contribution.Title, t.Contribution.Base == ThemeBase.Light ? Theme.Light : Theme.Dark, ColorsOf(t.Contribution))),
    ];

    /// <summary>Colours by name; the manifest's were checked when the plugin was installed.</summary>
    private static Dictionary<string, Rgb> ColorsOf(ThemeContribution theme)
    {
        var colors = new Dictionary<string, Rgb>(StringComparer.Ordinal);
        foreach (var (name, text) in theme.Colors)
        {
            if (Rgb.TryParse(text, out var color))
                colors[name] = color;
        }
        return colors;
    }

    private void ChooseTheme(string? name)
    {
        if (Themes().FirstOrDefault(t => t.Name == name) is { } theme)
            _terminal.Theme = theme;
    }
}
