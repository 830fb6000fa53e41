namespace LazyOC.Cluster.Simulator;

/// <summary>What a <see cref="SimulatedCluster"/> holds and where it listens.</summary>
public sealed record SimulatorOptions
{
    /// <summary>Name of the scenario that fills and drives the cluster; one of <see cref="SimulatedCluster.ScenarioNames"/>.</summary>
    public string Scenario { get; init; } = "bookstore";

    /// <summary>Seed of every name, UID, address and scenario decision. Equal seeds and equal steps give equal histories.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>TCP port on the loopback interface; 0 takes a free one.</summary>
    public int Port { get; init; }

    /// <summary>Path of a Unix domain socket to listen on in the place of a port; null listens on <see cref="Port"/>.</summary>
    public string? Socket { get; init; }

    /// <summary>
    /// The clock behind every timestamp. Pass a <see cref="SimulatedClock"/> for timestamps that repeat from run to run:
    /// then each step advances it by the scenario's tick.
    /// </summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>Real time without an event after which a watch that allows bookmarks gets one.</summary>
    public TimeSpan BookmarkInterval { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Bounds on what clients may ask of the server.</summary>
    public SimulatorLimits Limits { get; init; } = new();
}
