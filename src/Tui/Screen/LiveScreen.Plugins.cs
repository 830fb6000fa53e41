using System.Collections.Immutable;
using LazyOC.Plugins.Contracts.Manifest;
using LazyOC.Plugins.Contracts.Views;
using LazyOC.Plugins.Runtime.Extensions;
using LazyOC.Tui.Overlays;
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
        _commands = [.. OwnCommands(), .. offered is null ? [] : PluginCommands(offered)];
        _keymap = new Keymap(_commands);
        foreach (var clash in _keymap.Clashes)
        {
            if (_toldClashes.Add(clash.ToString()))
                _dialogs.Notify(new Notice(clash.ToString(), TextStyle.Warn) { Hint = "`?` shows all keys; the palette `:` runs it by its name" });
        }
    }

    private IEnumerable<ScreenCommand> PluginCommands(ContributionIndex offered)
    {
        foreach (var command in offered.Commands)
        {
            var keys = offered.Keys.Where(k => k.Contribution.Command == command.Contribution.Id).ToList();
            foreach (var scope in keys.Select(k => ScopeOf(k.Contribution.Context)).DefaultIfEmpty(KeyScope.Global).Distinct())
            {
                yield return new ScreenCommand(command.Contribution.Id, command.Contribution.Title, scope, [.. keys.Where(k => ScopeOf(k.Contribution.Context) == scope).Select(k => k.Contribution.Key)])
                {
                    Run = () => _ = RunPluginCommandAsync(command),
                    Owner = new PluginMark(command.Plugin, command.PluginName),
                    Group = "Plugins",
                };
            }
        }
    }

    private static KeyScope ScopeOf(KeyContext context) => context switch
    {
        KeyContext.List => KeyScope.List,
        KeyContext.Details => KeyScope.Details,
        KeyContext.Navigation => KeyScope.Navigation,
        _ => KeyScope.Global,
    };

    /// <summary>Asks for its inputs, runs it, and tells what became of it.</summary>
    private async Task RunPluginCommandAsync(Contributed<CommandContribution> command)
    {
        var (contribution, mark) = (command.Contribution, new PluginMark(command.Plugin, command.PluginName));
        System.Text.Json.JsonElement? inputs = null;
        if (!contribution.Inputs.IsEmpty)
        {
            inputs = await _dialogs.AskAsync(new Prompt(contribution.Title, contribution.Inputs, "Run") { Plugin = mark }, _closing.Token);
            if (inputs is null)
                return;
        }
        if (_workbench.Session.Extensions is not { } extensions)
            return;
        var result = await extensions.RunCommandAsync(contribution.Id, inputs, _closing.Token);
        if (result is InvocationResult.Faulted faulted)
            _dialogs.Notify(new Notice(faulted.Failure.Message, TextStyle.Error) { Plugin = mark, Hint = PluginViews.FaultView.Hint(faulted.Failure) });
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
