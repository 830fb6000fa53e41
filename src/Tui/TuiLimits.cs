namespace LazyOC.Tui;

/// <summary>Every bound the screen puts on what it asks for and draws.</summary>
internal sealed record TuiLimits
{
    public static TuiLimits Default { get; } = new();

    /// <summary>Kinds whose objects are counted for the navigation; the others show no count.</summary>
    public int CountedKinds { get; init; } = 64;

    /// <summary>Counts asked for at the same time.</summary>
    public int ParallelCounts { get; init; } = 8;

    /// <summary>Log lines asked for of each container when its log is opened.</summary>
    public int LogTailLines { get; init; } = 500;

    /// <summary>Log lines kept while a log is followed; older ones are dropped and counted.</summary>
    public int LogLines { get; init; } = 10_000;

    /// <summary>Characters of all kept log lines together.</summary>
    public long LogCharacters { get; init; } = 16L * 1024 * 1024;

    /// <summary>Containers whose logs are followed at the same time.</summary>
    public int LogStreams { get; init; } = 24;

    /// <summary>How long the first lines of several containers are waited for, to put them in the order of their times.</summary>
    public TimeSpan LogMergeTime { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Characters shown of one line of text; the rest is counted.</summary>
    public int LineCharacters { get; init; } = 32 * 1024;

    /// <summary>Lines of a text whose places are kept as matches of a search.</summary>
    public int Matches { get; init; } = 10_000;

    /// <summary>Shortest time between two readings of one object, or two renderings of a plugin's view for a change.</summary>
    public TimeSpan RefreshInterval { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>First wait after a failed reading; doubles up to <see cref="LongestRetry"/>.</summary>
    public TimeSpan FirstRetry { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Longest wait after a failed reading.</summary>
    public TimeSpan LongestRetry { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Rows whose computed cells are asked for when the list is sorted by them; those beyond stand last.</summary>
    public int SortedComputedRows { get; init; } = 5_000;

    /// <summary>Shortest time between two frames that only new data ask for.</summary>
    public TimeSpan DataInterval { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>How long the selection rests before the object's details are opened.</summary>
    public TimeSpan DetailsDelay { get; init; } = TimeSpan.FromMilliseconds(120);

    /// <summary>Time between two counts of the kinds in the navigation.</summary>
    public TimeSpan CountInterval { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Time before a cluster that could not be read is asked again.</summary>
    public TimeSpan RetryInterval { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long the first keys of a chord wait for the next.</summary>
    public TimeSpan ChordTime { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Commands that the palette shows first because they were run last.</summary>
    public int RecentCommands { get; init; } = 8;

    /// <summary>Namespaces one may choose from.</summary>
    public int Namespaces { get; init; } = 5_000;

    /// <summary>Characters of YAML a tab shows.</summary>
    public int YamlCharacters { get; init; } = 1024 * 1024;

    /// <summary>Events a tab shows, the newest.</summary>
    public int Events { get; init; } = 200;

    /// <summary>Labels and annotations of the overview.</summary>
    public int Labels { get; init; } = 32;

    /// <summary>Characters of Markdown a view shows.</summary>
    public int MarkdownCharacters { get; init; } = 128 * 1024;

    /// <summary>Characters of a line that is typed or pasted.</summary>
    public int FieldCharacters { get; init; } = 4096;

    /// <summary>Characters of one value in the overview; the YAML has the rest.</summary>
    public int ValueCharacters { get; init; } = 400;

    /// <summary>Rows of one table in the overview.</summary>
    public int OverviewRows { get; init; } = 50;

    /// <summary>Notices about single objects of one operation that failed; the rest is counted.</summary>
    public int FailureNotices { get; init; } = 5;

    /// <summary>Names of objects in a line of a prompt.</summary>
    public int NamesInNotes { get; init; } = 5;

    /// <summary>Replicas one can scale to.</summary>
    public int Replicas { get; init; } = 10_000;

    /// <summary>How long an answer about a right of the user is taken for true.</summary>
    public TimeSpan AccessAnswerTime { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Answers about rights that are kept.</summary>
    public int AccessAnswers { get; init; } = 1_000;

    /// <summary>Objects that hooks are asked about at the same time.</summary>
    public int HookedAtOnce { get; init; } = 16;

    /// <summary>Lines shown of what a hook changes in one object; the rest is counted.</summary>
    public int DiffLines { get; init; } = 400;

    /// <summary>Characters of an object that is edited.</summary>
    public int EditedCharacters { get; init; } = 3 * 1024 * 1024;

    /// <summary>Log lines that wait for plugins; when there are more, they are shown as they are.</summary>
    public int TransformedLines { get; init; } = 4_000;

    /// <summary>Places that one can go back to.</summary>
    public int Places { get; init; } = 50;
}
