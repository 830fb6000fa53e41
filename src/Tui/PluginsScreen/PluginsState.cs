using System.Collections.Immutable;
using LazyOC.Plugins.Contracts.Views;
using LazyOC.Plugins.Runtime.Lifecycle;
using LazyOC.Plugins.Runtime.Supervision;

namespace LazyOC.Tui.PluginsScreen;

/// <summary>What the details of a plugin show.</summary>
internal enum PluginTab
{
    Overview,
    Permissions,
    Activity,
    Log,
    Audit,
}

/// <summary>A plugin in the list.</summary>
/// <param name="Plugin">As it is installed.</param>
/// <param name="Status">As it runs; null when the host does not run it.</param>
/// <param name="History">What it used, oldest first.</param>
internal sealed record PluginRow(ListedPlugin Plugin, PluginStatus? Status, ImmutableArray<PluginSample> History)
{
    /// <summary>Whether it is stopped until the user lifts that.</summary>
    public bool IsStopped => Plugin.Enabled && Status?.State is PluginState.Suspended or PluginState.Quarantined;

    /// <summary>Its state as a sign, a word, and how bad it is.</summary>
    public (string Sign, string Word, TextStyle Style) State => (Plugin.Enabled, Status?.State) switch
    {
        (false, _) => ("–", "disabled", TextStyle.Muted),
        (_, null) when Plugin.Withdrawn is not null => ("✗", "withdrawn", TextStyle.Error),
        (_, null) => ("…", "not running", TextStyle.Muted),
        (_, PluginState.Enabled) => ("○", "ready", TextStyle.Plain),
        (_, PluginState.Activating) => ("◌", "starting", TextStyle.Info),
        (_, PluginState.Active) => ("●", "active", TextStyle.Ok),
        (_, PluginState.Hibernated) => ("◐", "hibernated", TextStyle.Muted),
        (_, PluginState.Faulted) => ("✗", "faulted", TextStyle.Error),
        (_, PluginState.Suspended) => ("▲", "suspended", TextStyle.Warn),
        (_, PluginState.Blocked) => ("⊘", "blocked", TextStyle.Warn),
        _ => ("‼", "quarantined", TextStyle.Error),
    };

    /// <summary>Why it is in its state.</summary>
    public string Why => Plugin.Withdrawn is { } withdrawn && Status is null ? withdrawn : Plugin.Enabled && Status?.Reason is { Length: > 0 } reason ? reason : (Plugin.Enabled, Status?.State) switch
    {
        (false, _) => "you disabled it; it runs no code and adds nothing to the screen",
        (_, null) => "this session does not run it",
        (_, PluginState.Enabled) => "nothing needed it yet; it starts when something does",
        (_, PluginState.Activating) => "something needs it; its code is being started",
        (_, PluginState.Active) => "it answers",
        (_, PluginState.Hibernated) => "it had nothing to do; its state is kept and it wakes when something needs it",
        (_, PluginState.Faulted) => "it failed; it starts again after a pause",
        (_, PluginState.Suspended) => "it was refused too often; it runs again when you lift that",
        (_, PluginState.Blocked) => "the administrator's policy does not let it run",
        _ => "it failed too often or broke out of its part; it runs again when you lift that",
    };
}

/// <summary>Everything the plugins page shows at one moment. Immutable: drawing it twice gives the same cells.</summary>
internal sealed record PluginsState
{
    public required ImmutableArray<PluginRow> Rows { get; init; }

    /// <summary>Index of the selected plugin.</summary>
    public int Selected { get; init; }

    public PluginTab Tab { get; init; }

    /// <summary>Whether the details have the keyboard.</summary>
    public bool InDetails { get; init; }

    /// <summary>Rows scrolled away at the top of the tab; null stands at its beginning, or at the end of what grows.</summary>
    public int? Scroll { get; init; }

    /// <summary>Last lines of the selected plugin's log.</summary>
    public ImmutableArray<PluginLogLine> Log { get; init; } = [];

    /// <summary>Last lines of the selected plugin's audit.</summary>
    public ImmutableArray<PluginAuditLine> Audit { get; init; } = [];

    public PluginRow? Current => Selected >= 0 && Selected < Rows.Length ? Rows[Selected] : null;

    /// <summary>Whether the tab grows at its end, where one wants to be.</summary>
    public bool Follows => Tab is PluginTab.Log or PluginTab.Audit;
}
