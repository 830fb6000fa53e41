using System.Collections.Immutable;
using LazyOC.Marketplace.Protocol.Api;

namespace LazyOC.Marketplace.Scanning.Trials;

/// <summary>The program that tries plugins, and what it may use.</summary>
internal sealed record TrialOptions
{
    /// <summary>The program; it lies in a folder of its own beside this one.</summary>
    public string Program { get; init; } = Path.Combine(AppContext.BaseDirectory, "trial", "lazyoc-trial.dll");

    /// <summary>What runs in the process that is held: the program with <c>run</c>; nothing but a test has another.</summary>
    public (string Program, ImmutableArray<string> Arguments)? Other { get; init; }

    /// <summary>A folder that must not appear to it: the marketplace's data; null for none.</summary>
    public string? Hidden { get; init; }

    /// <summary>What is to hold its process, as far as the machine has it; nothing but a test leaves any out.</summary>
    public ImmutableArray<string> Layers { get; init; } = TrialLayers.All;

    /// <summary>From its start to its end; then it is killed with all it has started.</summary>
    public TimeSpan Time { get; init; } = TimeSpan.FromSeconds(100);

    /// <summary>CPU time of all its threads.</summary>
    public int CpuSeconds { get; init; } = 90;

    /// <summary>Bytes of the garbage-collected heap; linear memories of guests are beside it, within the process's limit of data.</summary>
    public long HeapBytes { get; init; } = 512L << 20;

    /// <summary>Bytes of its report.</summary>
    public int ReportBytes { get; init; } = 512 << 10;

    /// <summary>Bytes of what it says of its failure that are kept; what is beyond is read and dropped.</summary>
    public int ErrorBytes { get; init; } = 8 << 10;

    /// <summary>Different calls in a report.</summary>
    public int Calls { get; init; } = 300;

    /// <summary>Visits in a report.</summary>
    public int Visits { get; init; } = 200;

    /// <summary>Characters of a text in a report.</summary>
    public int TextChars { get; init; } = 500;
}
