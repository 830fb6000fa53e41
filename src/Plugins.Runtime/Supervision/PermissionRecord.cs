using System.Collections.Immutable;
using LazyOC.Plugins.Contracts.Permissions;
using LazyOC.Plugins.Sandbox.Broker;

namespace LazyOC.Plugins.Runtime.Supervision;

/// <summary>What a plugin made of its permissions while that was recorded.</summary>
/// <param name="Used">Of what it is granted, what it has used.</param>
/// <param name="Refused">What would give what it was refused.</param>
/// <param name="WithoutGesture">Writes that it was refused because nobody had started them, in words.</param>
/// <param name="More">There was more than is recorded.</param>
public sealed record RecordedPermissions(PermissionSet Used, PermissionSet Refused, ImmutableArray<string> WithoutGesture, bool More);

/// <summary>Records which permissions one plugin uses, over all its instances. Thread safe.</summary>
internal sealed class PermissionRecord(RuntimeLimits limits)
{
    private readonly Lock _gate = new();
    private readonly HashSet<MadeDemand> _used = [];
    private readonly HashSet<Demand> _refused = [];
    private readonly HashSet<Demand> _withoutGesture = [];
    private bool _more;

    public void Add(Demand demand, DemandOutcome outcome)
    {
        lock (_gate)
        {
            if (_used.Count + _refused.Count + _withoutGesture.Count >= limits.RecordedDemands)
            {
                _more = true;
                return;
            }
            if (outcome == DemandOutcome.Refused) _refused.Add(demand);
            else if (outcome == DemandOutcome.NeedsGesture) _withoutGesture.Add(demand);
            else _used.Add(new MadeDemand(demand, outcome == DemandOutcome.Unattended));
        }
    }

    public RecordedPermissions Take(PermissionSet granted, Func<string, string?> setting)
    {
        lock (_gate)
            return new RecordedPermissions(LeastPermissions.Within(granted, _used, setting), LeastPermissions.For(_refused), [.. _withoutGesture.Select(demand => demand.ToString()!).Order(StringComparer.Ordinal)], _more);
    }
}
