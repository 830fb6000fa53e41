using LazyOC.Plugins.Contracts.Views;

namespace LazyOC.Tui.Overlays;

/// <summary>Something the user should know and need not answer. It fades, and stays in the history for a while.</summary>
/// <param name="Text">One sentence.</param>
/// <param name="Style">How bad it is; also shown as a sign.</param>
internal sealed record Notice(string Text, TextStyle Style = TextStyle.Info)
{
    /// <summary>What to do next.</summary>
    public string? Hint { get; init; }

    /// <summary>The plugin it comes from; null for the host.</summary>
    public PluginMark? Plugin { get; init; }

    /// <summary>Names it among those of the same origin: a later one with the same id takes its place.</summary>
    public string? Id { get; init; }

    /// <summary>Work that goes on: shown until one with the same <see cref="Id"/> says that it is done.</summary>
    public bool Lasts { get; init; }

    /// <summary>How far the work is, from 0 to 1; null when nobody knows.</summary>
    public double? Progress { get; init; }

    /// <summary>When it came.</summary>
    public DateTimeOffset Time { get; init; }

    /// <summary>How long it is shown; the worse, the longer.</summary>
    public TimeSpan Shown => Style switch
    {
        _ when Lasts => TimeSpan.MaxValue,
        TextStyle.Error => TimeSpan.FromSeconds(12),
        TextStyle.Warn => TimeSpan.FromSeconds(8),
        _ => TimeSpan.FromSeconds(5),
    };

    internal bool IsSame(Notice other) => Id is not null && Id == other.Id && Plugin?.Id == other.Plugin?.Id;

    internal bool HasFaded(DateTimeOffset now) => !Lasts && now - Time >= Shown;
}
