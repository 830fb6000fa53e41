using System.Collections.Immutable;
using System.Text.Json;
using LazyOC.Plugins.Contracts.Versions;

namespace LazyOC.Plugins.Testing;

/// <summary>How a <see cref="PluginHarness"/> starts a plugin.</summary>
public sealed record HarnessOptions
{
    /// <summary>What the cluster holds, one of <see cref="Cluster.Simulator.SimulatedCluster.ScenarioNames"/>.</summary>
    public string Scenario { get; init; } = "bookstore";

    /// <summary>Permissions of the manifest that the user does not grant, by their place: <c>kubernetes</c> is all rules, <c>kubernetes[1]</c> one.</summary>
    public ImmutableArray<string> Withheld { get; init; } = [];

    /// <summary>Whether the session refuses every write.</summary>
    public bool ReadOnly { get; init; }

    /// <summary>What the user answers to every question of yes or no.</summary>
    public bool Confirms { get; init; }

    /// <summary>What the user fills in when asked, an object from field name to value; null dismisses it.</summary>
    public JsonElement? Filled { get; init; }

    /// <summary>Settings, as the user sets them before the start.</summary>
    public ImmutableDictionary<string, JsonElement> Settings { get; init; } = ImmutableDictionary<string, JsonElement>.Empty;

    /// <summary>What the plugin finds in its storage.</summary>
    public ImmutableDictionary<string, JsonElement> Stored { get; init; } = ImmutableDictionary<string, JsonElement>.Empty;

    /// <summary>The version of the plugin that stored it, whose data is migrated as the manifest says; null for the present one.</summary>
    public SemanticVersion? StoredBy { get; init; }

    /// <summary>Host calls that fail, or are answered, in the place of the host's answer. The first that fits counts.</summary>
    public ImmutableArray<CallFault> Faults { get; init; } = [];

    /// <summary>Width of views in cells.</summary>
    public int Width { get; init; } = 80;

    /// <summary>Height of views in cells.</summary>
    public int Height { get; init; } = 24;

    /// <summary>Bounds of the harness.</summary>
    public TestingLimits Limits { get; init; } = TestingLimits.Default;
}

/// <summary>What becomes of a host call in the place of what the host would do. The host's own checks are not made.</summary>
/// <param name="Call">Its name, such as <c>kubernetes.list</c>.</param>
/// <param name="Code">The error code it fails with; null for one that is answered.</param>
/// <param name="Message">What the error says.</param>
/// <param name="Answer">What is answered when it does not fail: JSON.</param>
/// <param name="Times">How many of the calls, from the first on; null for all.</param>
public sealed record CallFault(string Call, string? Code = null, string? Message = null, JsonElement? Answer = null, int? Times = null);

/// <summary>What the harness and the tests that it runs may use at most.</summary>
public sealed record TestingLimits
{
    public static TestingLimits Default { get; } = new();

    /// <summary>Wall time for any one answer of the plugin. Longer than the host's own, so that a slow machine fails no test.</summary>
    public TimeSpan AnswerTime { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>Wall time for one test.</summary>
    public TimeSpan TestTime { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Guest CPU a turn of the tests' own code, in milliseconds.</summary>
    public int TestTurnCpuMs { get; init; } = 5_000;

    /// <summary>Memory of the tests' own code, in bytes.</summary>
    public long TestMemoryBytes { get; init; } = 256L << 20;

    /// <summary>Tests in one bundle.</summary>
    public int Tests { get; init; } = 2_000;

    /// <summary>Characters of a golden file.</summary>
    public int GoldenChars { get; init; } = 512 << 10;

    /// <summary>Host calls that are recorded of one plugin.</summary>
    public int Calls { get; init; } = 10_000;
}
