using System.Diagnostics.CodeAnalysis;

namespace LazyOC.Plugins.Contracts.Manifest;

/// <summary>What starts a plugin; see <see cref="PluginManifest.Activation"/>.</summary>
public enum ActivationKind
{
    /// <summary>The session begins.</summary>
    Startup,

    /// <summary>A computed column is shown.</summary>
    Column,

    /// <summary>A details tab is opened.</summary>
    Tab,

    /// <summary>A section of an overview is shown.</summary>
    Section,

    /// <summary>A page is opened.</summary>
    Page,

    /// <summary>A card of the dashboard is shown.</summary>
    Card,

    /// <summary>The user starts an action.</summary>
    Action,

    /// <summary>The user starts a command.</summary>
    Command,

    /// <summary>An event of a topic is published.</summary>
    Event,

    /// <summary>A view of a kind's list or details is opened.</summary>
    ResourceView,

    /// <summary>A log is opened whose lines it transforms.</summary>
    LogTransform,

    /// <summary>The user makes a change that it takes part in.</summary>
    Hook,
}

/// <summary>One entry of the manifest's <c>activation</c>.</summary>
/// <param name="Kind">What happens.</param>
/// <param name="Argument">Id of the contribution, or topic pattern; empty for <see cref="ActivationKind.Startup"/>.</param>
public readonly record struct ActivationEvent(ActivationKind Kind, string Argument)
{
    internal const string Grammar = "`onStartup`, `onColumn:ID`, `onTab:ID`, `onSection:ID`, `onPage:ID`, `onCard:ID`, `onAction:ID`, `onCommand:ID`, `onResourceView:ID`, `onLogTransform:ID`, `onHook:ID` and `onEvent:TOPIC`";

    /// <summary>Reads an entry; false when it is not one.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out ActivationEvent activation)
    {
        activation = default;
        if (text == "onStartup") return true;
        var colon = text?.IndexOf(':', StringComparison.Ordinal) ?? -1;
        if (colon < 0 || colon == text!.Length - 1) return false;
        ActivationKind? kind = text[..colon] switch
        {
            "onColumn" => ActivationKind.Column,
            "onTab" => ActivationKind.Tab,
            "onSection" => ActivationKind.Section,
            "onPage" => ActivationKind.Page,
            "onCard" => ActivationKind.Card,
            "onAction" => ActivationKind.Action,
            "onCommand" => ActivationKind.Command,
            "onEvent" => ActivationKind.Event,
            "onResourceView" => ActivationKind.ResourceView,
            "onLogTransform" => ActivationKind.LogTransform,
            "onHook" => ActivationKind.Hook,
            _ => null,
        };
        if (kind is null) return false;
        activation = new ActivationEvent(kind.Value, text[(colon + 1)..]);
        return true;
    }

    /// <summary>That a view is opened.</summary>
    public static ActivationEvent Of(ViewContribution view) => new(
        view switch
        {
            TabContribution => ActivationKind.Tab,
            SectionContribution => ActivationKind.Section,
            PageContribution => ActivationKind.Page,
            CardContribution => ActivationKind.Card,
            ResourceViewContribution => ActivationKind.ResourceView,
            _ => throw new ArgumentException($"{view} is no known view", nameof(view)),
        },
        view.Id);

    public override string ToString() => Kind == ActivationKind.Startup ? "onStartup" : $"on{Kind}:{Argument}";

    /// <summary>Ids of the contributions the argument must be among; null when it names none.</summary>
    internal string[]? Contributions(Contributions contributes) => Kind switch
    {
        ActivationKind.Column => [.. contributes.Columns.Select(c => c.Id)],
        ActivationKind.Tab => [.. contributes.Tabs.Select(c => c.Id)],
        ActivationKind.Section => [.. contributes.Sections.Select(c => c.Id)],
        ActivationKind.Page => [.. contributes.Pages.Select(c => c.Id)],
        ActivationKind.Card => [.. contributes.Cards.Select(c => c.Id)],
        ActivationKind.Action => [.. contributes.Actions.Select(c => c.Id)],
        ActivationKind.Command => [.. contributes.Commands.Select(c => c.Id)],
        ActivationKind.ResourceView => [.. contributes.ResourceViews.Select(c => c.Id)],
        ActivationKind.LogTransform => [.. contributes.LogTransforms.Select(c => c.Id)],
        ActivationKind.Hook => [.. contributes.Hooks.Select(c => c.Id)],
        _ => null,
    };
}
