namespace LazyOC.Marketplace.Trial;

/// <summary>What a trial does at most. The process around it has its own limits, which hold when these do not.</summary>
internal sealed record TrialLimits
{
    /// <summary>Size of a package.</summary>
    public int PackageBytes { get; init; } = 32 << 20;

    /// <summary>For all visits together; those that are left then are not made.</summary>
    public TimeSpan VisitsTime { get; init; } = TimeSpan.FromSeconds(40);

    /// <summary>For what begins with the session to have begun.</summary>
    public TimeSpan StartTime { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>For one visit.</summary>
    public TimeSpan VisitTime { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>For any answer of the plugin: nobody sits before the screen, and a machine that is busy is no fault of it.</summary>
    public TimeSpan AnswerTime { get; init; } = TimeSpan.FromSeconds(8);

    /// <summary>How long timers and events are waited for at the end.</summary>
    public TimeSpan AfterTime { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>Visits that are made.</summary>
    public int Visits { get; init; } = 100;

    /// <summary>Inputs to one view.</summary>
    public int Inputs { get; init; } = 10;

    /// <summary>Rows of a column that is computed, and objects of a kind that are looked at.</summary>
    public int Objects { get; init; } = 10;

    /// <summary>Different calls that are told.</summary>
    public int Calls { get; init; } = 300;

    /// <summary>Characters of a target, a reason or an id.</summary>
    public int TextChars { get; init; } = 400;
}
