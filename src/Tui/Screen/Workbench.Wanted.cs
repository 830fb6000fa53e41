using LazyOC.Cluster.Discovery;
using LazyOC.Plugins.Contracts.Views;
using LazyOC.Tui.Details;
using LazyOC.Tui.Overlays;

namespace LazyOC.Tui.Screen;

/// <content>Going to what was asked for by name, and what happens when it is not there.</content>
internal sealed partial class Workbench
{
    /// <summary>Opens the list that was asked for; when there is none of that kind, the pods, unless the question was the point.</summary>
    private void OpenWanted(ResourceCatalog catalog)
    {
        var wanted = _wanted!;
        var kind = catalog.Resolve(wanted.Resource);
        if (kind is null)
        {
            var names = catalog.Kinds.Where(k => k.Supports("list")).SelectMany(k => (IEnumerable<string>)[k.Plural, .. k.ShortNames]);
            Missing = new FrameResult.NotFound($"the server serves no kind `{wanted.Resource}`", NearestNames.Hint(wanted.Resource, names, "the server lists no kinds at all"));
        }
        else if (!kind.Supports("list") || !kind.Supports("watch"))
        {
            Missing = new FrameResult.NotFound($"`{kind.QualifiedName}` cannot be listed and watched", "choose a kind that `lazyoc get` can list");
        }
        if (Missing is null && wanted.Name?.Split('/') is [var ns, _])
            LookAt(ns);
        if (Missing is null && wanted is { Name: null, Tab: null } && OpenReplacing(kind!))
        {
            _wanted = null;
            return;
        }
        if (Missing is null)
        {
            OpenList(kind!);
            return;
        }
        if (_settles)
            return;
        Recover();
        if (catalog.FindPlural("", "pods") is { } pods)
            OpenList(pods);
    }

    /// <summary>On the live screen what is not there is told, and something else is shown.</summary>
    private void Recover()
    {
        _dialogs.Notify(new Notice(Missing!.Message, TextStyle.Warn) { Hint = Missing.Hint });
        (Missing, _wanted) = (null, null);
        Focus = FocusedPanel.List;
    }

    /// <summary>Selects the object asked for and the tab, or says that there is none.</summary>
    private void SelectWanted(ViewRequest wanted)
    {
        _wanted = null;
        var @namespace = wanted.Name?.Split('/') is [var given, _] ? given : null;
        if (wanted.Name?.Split('/')[^1] is { } name && !List!.TrySelect(row => row.Name == name && (@namespace is null || row.Namespace == @namespace)))
        {
            Missing = new FrameResult.NotFound(
                $"no {List.Kind.Kind} `{wanted.Name}`{(List.Namespace is { } ns ? $" in `{ns}`" : "")}",
                NearestNames.Hint(name, List.Rows.Select(r => r.Name), $"there are no {List.Kind.Plural}{(List.Namespace is null ? "" : " there; `--namespace` names another")}"));
        }
        var titles = DetailsSource.TitlesFor(_session, List!.Kind);
        if (Missing is null && wanted.Tab is { } tab && !titles.Contains(tab, StringComparer.OrdinalIgnoreCase))
            Missing = new FrameResult.NotFound($"`{List.Kind.Kind}` has no tab `{tab}`", NearestNames.Hint(tab, titles, "it has no tabs"));
        if (Missing is not null && !_settles)
            Recover();
    }
}
