using System.Collections.Immutable;
using LazyOC.Plugins.Contracts.Manifest;
using LazyOC.Plugins.Runtime.Extensions;

namespace LazyOC.Tui.Screen;

/// <summary>A key that a plugin asks for where one of LazyOC's own commands has it.</summary>
/// <param name="Key">The key or chord.</param>
/// <param name="Owner">The id of LazyOC's command, as in the user's keymap.</param>
/// <param name="Claimant">The id of the plugin's command or action, which goes without.</param>
public sealed record OwnKeyClash(string Key, string Owner, string Claimant);

/// <summary>
/// The keys of LazyOC's own commands, which no plugin takes from them: only the user does, in the keymap.
/// </summary>
public static class OwnKeys
{
    private static readonly ImmutableArray<Row> Rows =
    [
        new("panel.next", [KeyScope.Global], ["tab"]),
        new("panel.previous", [KeyScope.Global], ["shift-tab"]),
        new("panel.navigation", [KeyScope.Global], ["1"]),
        new("panel.list", [KeyScope.Global], ["2"]),
        new("panel.details", [KeyScope.Global], ["3"]),
        new("panel.zoom", [KeyScope.Global], ["z"]),
        new("palette", [KeyScope.Global], [":", "ctrl-p"]),
        new("namespace.switch", [KeyScope.Global], ["n"]),
        new("context.switch", [KeyScope.Global], ["c"]),
        new("plugins", [KeyScope.Global], ["P"]),
        new("theme", [KeyScope.Global], ["C"]),
        new("tour", [KeyScope.Global], ["T"]),
        new("notices", [KeyScope.Global], ["N"]),
        new("reconnect", [KeyScope.Global], ["ctrl-r"]),
        new("undo", [KeyScope.Global], ["u"]),
        new("help", [KeyScope.Global], ["?"]),
        new("suspend", [KeyScope.Global], ["ctrl-z"]),
        new("quit", [KeyScope.Global], ["q"]),
        new("navigation.up", [KeyScope.Navigation], ["up", "k"]),
        new("navigation.down", [KeyScope.Navigation], ["down", "j"]),
        new("navigation.first", [KeyScope.Navigation], ["g g", "home"]),
        new("navigation.last", [KeyScope.Navigation], ["G", "end"]),
        new("navigation.pageUp", [KeyScope.Navigation], ["pageup", "ctrl-b", "ctrl-u"]),
        new("navigation.pageDown", [KeyScope.Navigation], ["pagedown", "ctrl-f", "ctrl-d"]),
        new("navigation.open", [KeyScope.Navigation], ["enter", "right", "l"]),
        new("navigation.leave", [KeyScope.Navigation], ["escape"]),
        new("page.leave", [KeyScope.Page], ["escape", "left", "h"]),
        new("list.open", [KeyScope.List], ["enter", "right"]),
        new("list.up", [KeyScope.List], ["up", "k"]),
        new("list.down", [KeyScope.List], ["down", "j"]),
        new("list.first", [KeyScope.List], ["g g", "home"]),
        new("list.last", [KeyScope.List], ["G", "end"]),
        new("list.pageUp", [KeyScope.List], ["pageup", "ctrl-b", "ctrl-u"]),
        new("list.pageDown", [KeyScope.List], ["pagedown", "ctrl-f", "ctrl-d"]),
        new("list.mark", [KeyScope.List], ["space"]),
        new("list.markAll", [KeyScope.List], ["ctrl-a"]),
        new("list.filter", [KeyScope.List], ["/"]),
        new("list.sort", [KeyScope.List], ["o"]),
        new("list.back", [KeyScope.List], ["escape"]),
        new("list.navigation", [KeyScope.List], ["left", "h"]),
        new("list.actions", [KeyScope.List], ["a"]),
        new("object.logs", [KeyScope.List], ["l"]),
        new("object.yaml", [KeyScope.List], ["y y", "Y"]),
        new("object.copyName", [KeyScope.List], ["y n"]),
        new("object.delete", [KeyScope.List, KeyScope.Details], ["d"]),
        new("object.deleteWith", [KeyScope.List, KeyScope.Details], ["D"]),
        new("object.restart", [KeyScope.List, KeyScope.Details], ["r"]),
        new("object.scale", [KeyScope.List, KeyScope.Details], ["s"]),
        new("object.scaleUp", [KeyScope.List, KeyScope.Details], ["+"]),
        new("object.scaleDown", [KeyScope.List, KeyScope.Details], ["-"]),
        new("object.startBuild", [KeyScope.List, KeyScope.Details], ["b"]),
        new("details.back", [KeyScope.Details], ["escape", "left", "h"]),
        new("details.copy", [KeyScope.Details], ["y"]),
        new("details.actions", [KeyScope.Details], ["a"]),
        new("object.related", [KeyScope.List, KeyScope.Details], ["J"]),
        new("object.edit", [KeyScope.List, KeyScope.Details], ["e"]),
        new("place.back", [KeyScope.Global], ["ctrl-o"]),
        new("list.view", [KeyScope.List, KeyScope.Page], ["v"]),
    ];

    private static readonly ImmutableDictionary<string, Row> ById = Rows.ToImmutableDictionary(row => row.Command, StringComparer.Ordinal);

    /// <summary>The keys of plugins that LazyOC's own commands have.</summary>
    /// <param name="plugin">What it asks for.</param>
    /// <param name="user">The user's keymap, whose keys go before all others.</param>
    /// <param name="warn">Told what is wrong with that file.</param>
    public static ImmutableArray<OwnKeyClash> ClashesOf(PluginManifest plugin, UserKeys user, Action<string> warn)
    {
        var given = user.Read(warn);
        return
        [
            .. from claim in KeyConflicts.ClaimsOf(plugin)
               let claimant = claim.Action ?? claim.Command!
               where !given.ContainsKey(claimant)
               let scope = ScopeOf(claim.Context)
               let owner = Rows.FirstOrDefault(row => row.IsIn(scope) && (given.TryGetValue(row.Command, out var own) ? own : row.Keys).Contains(claim.Key))
               where owner is not null
               group claimant by (claim.Key, owner!.Command, claimant) into clash
               select new OwnKeyClash(clash.Key.Key, clash.Key.Command, clash.Key.claimant),
        ];
    }

    /// <summary>The keys of a command.</summary>
    internal static ImmutableArray<string> Of(string command) => ById[command].Keys;

    /// <summary>Where a plugin's key works.</summary>
    internal static KeyScope ScopeOf(KeyContext context) => context switch
    {
        KeyContext.List => KeyScope.List,
        KeyContext.Details => KeyScope.Details,
        KeyContext.Navigation => KeyScope.Navigation,
        _ => KeyScope.Global,
    };

    private sealed record Row(string Command, ImmutableArray<KeyScope> Scopes, ImmutableArray<string> Keys)
    {
        /// <summary>Whether its keys are taken in a scope: those that work everywhere are in every panel.</summary>
        public bool IsIn(KeyScope scope) => Scopes.Contains(scope) || Scopes.Contains(KeyScope.Global);
    }
}
