using LazyOC.Cluster.Simulator.Control;

namespace LazyOC.Cluster.Simulator.Scenarios;

/// <summary>What fills a cluster and what happens in it with every step.</summary>
internal abstract class Scenario
{
    public static readonly IReadOnlyList<string> Names = ["bookstore", "large", "flaky", "empty"];

    /// <exception cref="ArgumentException">There is no scenario of this name.</exception>
    public static Scenario Named(string name) => name switch
    {
        "bookstore" => new BookstoreScenario(),
        "large" => new LargeScenario(),
        "flaky" => new FlakyScenario(),
        "empty" => new EmptyScenario(),
        _ => throw new ArgumentException($"unknown scenario `{name}`\nhint: scenarios are {string.Join(", ", Names)}", nameof(name)),
    };

    /// <summary>Time that one step stands for.</summary>
    public virtual TimeSpan Tick => TimeSpan.FromSeconds(1);

    /// <summary>Whether the server misbehaves on purpose.</summary>
    public virtual bool IsFlaky => false;

    public virtual void Populate(ControlPlane plane) => Foundation.Populate(plane);

    /// <summary>What happens in a step, after pods and controllers have moved.</summary>
    public virtual void Step(ControlPlane plane, long step)
    {
    }
}

/// <summary>A fresh cluster: nodes and what every OpenShift cluster has, and no workloads.</summary>
internal sealed class EmptyScenario : Scenario;

/// <summary>The bookstore on a server that drops, refuses, forgets and delays.</summary>
internal sealed class FlakyScenario : BookstoreScenario
{
    public override bool IsFlaky => true;
}
