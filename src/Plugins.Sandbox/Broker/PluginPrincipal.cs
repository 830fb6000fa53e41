using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Contracts.Permissions;

namespace LazyOC.Plugins.Sandbox.Broker;

/// <summary>What a plugin instance belongs to; a switch of context or user makes a new epoch.</summary>
/// <param name="Context">Name of the kubeconfig context.</param>
/// <param name="User">The user in it.</param>
/// <param name="Epoch">Counts up with every switch.</param>
public sealed record PluginSession(string Context, string User, long Epoch)
{
    /// <summary>The name in envelopes: <c>CONTEXT/USER#EPOCH</c>.</summary>
    public override string ToString() => $"{Context}/{User}#{Epoch}";
}

/// <summary>What became of something that a plugin wanted to do.</summary>
public enum DemandOutcome
{
    /// <summary>It is permitted; a write, within a gesture.</summary>
    Permitted,

    /// <summary>A write that is permitted, and nobody started it.</summary>
    Unattended,

    /// <summary>A write that is permitted, but not without a gesture.</summary>
    NeedsGesture,

    /// <summary>No permission gives it.</summary>
    Refused,
}

/// <summary>On whose behalf a call is made.</summary>
public sealed record PluginPrincipal
{
    public required PluginId Id { get; init; }
    public required string Version { get; init; }

    /// <summary>SHA-256 of the package.</summary>
    public required string Digest { get; init; }

    public required PluginSession Session { get; init; }

    /// <summary>What the user granted: nothing else is permitted.</summary>
    public required PermissionSet Granted { get; init; }

    /// <summary>What the administrator permits of it; the lesser of both holds.</summary>
    public Func<Demand, Decision> Policy { get; init; } = static _ => Decision.Permitted;

    /// <summary>The present value of one of the plugin's settings, for permissions that depend on one.</summary>
    public Func<string, string?> Setting { get; init; } = static _ => null;

    /// <summary>
    /// Whether its calls draw on the plugin's quotas of calls and their arguments. Those of what is bounded otherwise, such as
    /// a migration by its deadline, do not; what else a call draws on it draws on always.
    /// </summary>
    public bool IsCallMetered { get; init; } = true;

    /// <summary>Calls that change the cluster are refused, whatever is granted.</summary>
    public required bool ReadOnly { get; init; }

    /// <summary>Told what it wants to do and what becomes of that; must return at once.</summary>
    public Action<PluginPrincipal, Demand, DemandOutcome> Demanded { get; init; } = static (_, _, _) => { };

    /// <summary>Whether it may be given something that it has not asked for just now; when it may, that counts as use of its permission.</summary>
    public bool MayReceive(Demand demand)
    {
        if (Decide(demand) != Decision.Permitted) return false;
        Demanded(this, demand, DemandOutcome.Permitted);
        return true;
    }

    /// <summary>Decides a demand by the effective permissions: grant and policy.</summary>
    public Decision Decide(Demand demand)
    {
        var granted = Granted.Decide(demand, Setting);
        return granted == Decision.Denied ? granted : (Decision)Math.Min((int)granted, (int)Policy(demand));
    }
}
