using System.Collections.Immutable;
using System.Globalization;
using LazyOC.Plugins.Contracts.Manifest;
using LazyOC.Plugins.Contracts.Messages;
using LazyOC.Plugins.Contracts.Views;
using LazyOC.Plugins.Runtime.Extensions;
using LazyOC.Tui.Operations;
using LazyOC.Tui.Overlays;

namespace LazyOC.Tui.Screen;

/// <content>Editing and creating objects, going to related ones, and the views that plugins have of a kind.</content>
public sealed partial class LiveScreen
{
    private IEnumerable<ScreenCommand> RelatedCommands() => new[] { KeyScope.List, KeyScope.Details }.SelectMany(scope => (IEnumerable<ScreenCommand>)
    [
        EditCommand(scope),
        Command("object.related", "Go to related objects", scope, () => Start(AskRelatedAsync(scope))) with
        {
            IsOnObjects = true,
            WhyNot = () => TargetsIn(scope) is not { IsEmpty: false } rows ? "nothing is selected"
                : rows.Length > 1 ? "it goes from one object"
                : RelationsHere().IsEmpty ? $"no plugin knows what is related to a {_workbench.List!.Kind.Kind}"
                : null,
        },
    ]);

    private ScreenCommand EditCommand(KeyScope scope)
    {
        var edit = OnObjects(scope, "object.edit", "Edit", Operation.Edit, _operations.EditAsync);
        return edit with { WhyNot = () => edit.WhyNot() ?? (TargetsIn(scope).Length > 1 ? "one object is edited at a time" : _operations.WhyNoEditor) };
    }

    private IEnumerable<ScreenCommand> PlaceCommands() =>
    [
        Command("place.back", "Go back to where you came from", KeyScope.Global, () => _workbench.GoBack()) with { WhyNot = () => _workbench.CanGoBack ? null : "you came from nowhere else" },
        .. new[] { KeyScope.List, KeyScope.Page }.Select(scope => Command("list.view", "Next view of these objects", scope, () => _workbench.ShowNextView()) with
        {
            WhyNot = () => _workbench.ListViews.IsEmpty ? "no plugin has a view of these objects" : null,
        }),
    ];

    /// <summary>Templates of plugins, as commands that begin an object from them.</summary>
    private IEnumerable<ScreenCommand> Templates(ContributionIndex offered) =>
        from template in offered.Templates
        select new ScreenCommand(template.Contribution.Id, $"New {GroupKind.Parse(template.Contribution.Resource).Kind} from template: {template.Contribution.Title}", KeyScope.Global, [])
        {
            Run = () => Start(CreateAsync(template, offered)),
            WhyNot = () => _operations.WhyNoEditor ?? (_workbench.Catalog is null ? "the cluster has not said what it serves" : null),
            Owner = new PluginMark(template.Plugin, template.PluginName),
            Group = "Plugins",
        };

    private Task CreateAsync(Contributed<TemplateContribution> template, ContributionIndex offered) =>
        offered.TextOf(template) is { } text && _workbench.Catalog is { } catalog
            ? _operations.CreateAsync(template, text, catalog, _closing.Token)
            : Task.CompletedTask;

    private ImmutableArray<Contributed<RelationContribution>> RelationsHere() => _workbench.List is { Kind: var kind }
        ? [.. _workbench.Session.ContributionsFor(kind)?.RelationsFrom(new GroupKind(kind.Group, kind.Kind)) ?? []]
        : [];

    /// <summary>Asks which relation to follow, when there are several, and which object to go to.</summary>
    private async Task AskRelatedAsync(KeyScope scope)
    {
        if (_workbench is not { List.Kind: { } kind, Session.Extensions: { } extensions } workbench || TargetsIn(scope) is not [var row] || RelationsHere() is not { IsEmpty: false } relations)
            return;
        var chosen = relations.Length == 1
            ? relations[0]
            : await _dialogs.AskAsync(
                new Picker($"Related to {kind.Kind.ToLowerInvariant()} {row.Name}", new PickerContent.Items([.. relations.Select(r => new PickerItem(r.Contribution.Id, r.Contribution.Title, $"{r.Contribution.To} · {r.PluginName}"))])), _closing.Token) is { } item
                ? relations.First(r => r.Contribution.Id == item.Id)
                : null;
        if (chosen is null)
            return;
        var from = new ObjectReference { Group = kind.Group, Kind = kind.Kind, Namespace = row.Namespace, Name = row.Name, Uid = row.Uid };
        switch (await extensions.FollowAsync(chosen.Contribution, from, _closing.Token))
        {
            case RelatedObjects.Nowhere nowhere:
                _dialogs.Notify(new Notice($"{chosen.Contribution.Title}: {nowhere.Reason}", TextStyle.Warn) { Hint = nowhere.Hint });
                break;
            case RelatedObjects.Found { Objects.IsEmpty: true } none:
                _dialogs.Notify(new Notice($"{chosen.Contribution.Title}: there are no {none.Kind.Plural}", TextStyle.Info));
                break;
            case RelatedObjects.Found { Objects: [var only] } one:
                Go(workbench, () => workbench.GoTo(one.Kind, only));
                break;
            case RelatedObjects.Found many:
                await AskWhichAsync(workbench, chosen.Contribution.Title, many);
                break;
        }
    }

    private async Task AskWhichAsync(Workbench workbench, string title, RelatedObjects.Found many)
    {
        const string All = "*"; // no object has it as its name
        var all = many.LabelSelector is null ? [] : ImmutableArray.Create(new PickerItem(All, string.Create(CultureInfo.InvariantCulture, $"all {many.Objects.Length}{(many.HasMore ? "+" : "")} as a list"), many.LabelSelector));
        var items = new PickerContent.Items([.. all, .. many.Objects.Select((obj, i) => new PickerItem(i.ToString(CultureInfo.InvariantCulture), obj.Name, many.Namespace is null ? obj.Namespace ?? "" : ""))]);
        if (await _dialogs.AskAsync(new Picker(title, items), _closing.Token) is not { } picked)
            return;
        if (picked.Id == All)
            Go(workbench, () => workbench.GoTo(many.Kind, many.Namespace, many.LabelSelector!));
        else
            Go(workbench, () => workbench.GoTo(many.Kind, many.Objects[int.Parse(picked.Id, CultureInfo.InvariantCulture)]));
    }

    /// <summary>Goes on the loop, unless another context has taken its place meanwhile.</summary>
    private void Go(Workbench workbench, Action go) => Post(() =>
    {
        if (workbench == _workbench)
            go();
    });
}
