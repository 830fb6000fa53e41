using System.Collections.Immutable;

namespace LazyOC.Tui.Screen.Touring;

/// <summary>As much of the screen as the tour must see to know what the user has done.</summary>
/// <param name="Focus">The panel that has the keyboard.</param>
internal sealed record TourSight(FocusedPanel Focus)
{
    /// <summary>The object that is selected; null when none is.</summary>
    public string? Selected { get; init; }

    /// <summary>Title of the tab of the details; null without details.</summary>
    public string? Tab { get; init; }

    public bool IsFiltering { get; init; }
    public bool IsPage { get; init; }
    public bool IsPalette { get; init; }
    public bool IsPlugins { get; init; }
}

/// <summary>One thing to try.</summary>
/// <param name="Place">The panel that it is about, which the card leaves free.</param>
/// <param name="Text">What to press and where to look; keys stand in backticks.</param>
/// <param name="Short">The same for a screen without room.</param>
/// <param name="IsDone">Whether the user has done it, by what was to be seen when the step began and is now.</param>
internal sealed record TourStep(FocusedPanel Place, string Text, string Short, Func<TourSight, TourSight, bool> IsDone);

/// <summary>
/// A short way around the screen. It takes no key from what it shows but its own and escape: the user does each step on the screen
/// itself. Immutable.
/// </summary>
/// <param name="At">Index of the step.</param>
/// <param name="Began">What was to be seen when it began.</param>
internal sealed record Tour(int At, TourSight Began)
{
    public static ImmutableArray<TourStep> Steps { get; } =
    [
        new(FocusedPanel.List, "In the middle is the list. `j` and `k` move in it. Columns behind the usual ones come from plugins, such as HEALTH of a pod.", "j k: move", static (began, now) => began.Selected is not null && now.Selected is not null && now.Selected != began.Selected),
        new(FocusedPanel.Details, "Below are the details of the object that is selected. `enter` goes there.", "enter: details", static (_, now) => now.Focus == FocusedPanel.Details),
        new(FocusedPanel.Details, "`]` and `[` go through its tabs. Those behind Logs belong to plugins: each is drawn by its plugin's code, in a sandbox.", "] [: tabs", static (began, now) => now.Tab is not null && began.Tab is not null && now.Tab != began.Tab),
        new(FocusedPanel.List, "`2` goes back to the list, and `/` filters it while you type: text, ~fuzzy, !not, -l app=web.", "2 /: filter", static (_, now) => now.IsFiltering),
        new(FocusedPanel.Navigation, "`1` goes to the resources on the left. At their end, with `G`, are the pages of plugins; `enter` opens one.", "1 G: pages", static (began, now) => now.IsPage && !began.IsPage),
        new(FocusedPanel.List, "`:` finds every kind, command and page by its name, those of plugins too; each says whose it is.", ":: commands", static (_, now) => now.IsPalette),
        new(FocusedPanel.List, "`P` shows the plugins: what each may do and why, what it uses, its log, and what it was refused.", "P: plugins", static (_, now) => now.IsPlugins),
        new(FocusedPanel.List, "`?` shows the keys of where you are. `lazyoc plugin new` makes a plugin of your own. That was the tour.", "?: keys", static (_, _) => false),
    ];

    public TourStep Step => Steps[At];

    /// <summary>Begins it.</summary>
    public static Tour Begin(TourSight now) => new(0, now);

    /// <summary>The next step; null after the last one.</summary>
    public Tour? Next(TourSight now) => At + 1 < Steps.Length ? new Tour(At + 1, now) : null;

    /// <summary>Where it is after what the user has done: here, or one further.</summary>
    public Tour? Follow(TourSight now)
    {
        // What was not there yet when the step began, such as a row, is there now.
        var began = Began with { Selected = Began.Selected ?? now.Selected, Tab = Began.Tab ?? now.Tab };
        return Step.IsDone(began, now) ? Next(now) : this with { Began = began };
    }
}
