using System.Collections.Immutable;
using LazyOC.Plugins.Contracts.Json;

namespace LazyOC.Plugins.Contracts.Permissions;

/// <summary>The policies that hold on a computer, all of them: of two the stricter wins. Immutable.</summary>
public sealed record PolicyInForce
{
    private PolicyInForce() { }

    /// <summary>Nothing is restricted.</summary>
    public static PolicyInForce None { get; } = new();

    private ImmutableArray<(string Path, HostPolicy Policy)> Policies { get; init; } = [];

    private string? Refusal { get; init; }

    /// <summary>Where the policies were read from.</summary>
    public ImmutableArray<string> Paths => [.. Policies.Select(policy => policy.Path)];

    /// <summary>Linear memory that a plugin may use at most, in bytes; null when no policy says.</summary>
    public long? MemoryBytes => Least(policy => policy.Limits.MemoryBytes);

    /// <summary>Share of a core that a plugin may use at most, in percent; null when no policy says.</summary>
    public long? CpuPercent => Least(policy => policy.Limits.CpuPercent);

    /// <summary>Host calls a second at most; null when no policy says.</summary>
    public long? HostCallsPerSecond => Least(policy => policy.Limits.HostCallsPerSecond);

    /// <summary>Kubernetes calls a second at most; null when no policy says.</summary>
    public long? KubernetesCallsPerSecond => Least(policy => policy.Limits.KubernetesCallsPerSecond);

    /// <summary>Servers that no plugin may talk to, by whatever name they are reached.</summary>
    public ImmutableArray<OriginPattern> BlockedServers => [.. Policies.SelectMany(entry => entry.Policy.Network.Block)];

    /// <summary>No plugin runs, because what would restrict it is not known.</summary>
    /// <param name="reason">Why it is not, for the user.</param>
    public static PolicyInForce Unknown(string reason) => new() { Refusal = reason };

    /// <summary>This policy and one more.</summary>
    /// <param name="path">Where it was read from, for the user.</param>
    /// <param name="policy">Its content.</param>
    public PolicyInForce And(string path, HostPolicy policy) => this with { Policies = Policies.Add((path, policy)) };

    /// <summary>Reads the content of a <c>policy.json</c>; unknown keys and values that mean nothing are refused with their place.</summary>
    public static Outcome<HostPolicy> Read(ReadOnlySpan<byte> utf8)
    {
        if (!StrictJson.Read(utf8, ContractJson.Default.HostPolicy).TryGet(out var policy, out var problems)) return problems;
        return Check(policy) is { } problem ? problem : policy;
    }

    /// <summary>Decides a demand; permitted when no policy restricts it.</summary>
    public Decision Decide(Demand demand)
    {
        if (Refusal is not null) return Decision.Denied;
        var decision = Decision.Permitted;
        foreach (var (_, policy) in Policies)
        {
            if (demand is Demand.Connect connect && policy.Network.Block.Any(blocked => blocked.Matches(connect.Scheme, connect.Host, connect.Port))) return Decision.Denied;
            decision = (Decision)Math.Min((int)decision, (int)policy.Permissions.Decide(demand));
        }
        return decision;
    }

    /// <summary>Why a plugin may not run at all, for the user; null when it may.</summary>
    public string? WhyNotRun(PluginId plugin)
    {
        if (Refusal is not null) return Refusal;
        foreach (var (path, policy) in Policies)
        {
            if (policy.Plugins.Deny.FirstOrDefault(pattern => Glob.Matches(pattern, plugin.ToString())) is { } denied) return $"the administrator's policy `{path}` denies `{denied}`";
            if (policy.Plugins.Allow is { } allowed && !allowed.Any(pattern => Glob.Matches(pattern, plugin.ToString()))) return $"the administrator's policy `{path}` does not allow it";
        }
        return null;
    }

    /// <summary>What of a set is beyond a policy, with the policy's path; a rule that is only partly beyond it is in the answer whole.</summary>
    public ImmutableArray<(string Path, PermissionSet Beyond)> Beyond(PermissionSet permissions) =>
        [.. Policies.Select(entry => (entry.Path, Blocked(entry.Policy, permissions, entry.Policy.Permissions.Beyond(permissions)))).Where(entry => !entry.Item2.IsNone)];

    /// <summary>A set with what is a measure cut down to what the policies leave of it; the rest is decided demand by demand.</summary>
    public PermissionSet Cut(PermissionSet permissions)
    {
        foreach (var (_, policy) in Policies)
            if (policy.Permissions.Storage is { } storage && new PermissionSet { Storage = storage }.StorageBytes < permissions.StorageBytes)
                permissions = permissions with { Storage = storage };
        return permissions;
    }

    private static PermissionSet Blocked(HostPolicy policy, PermissionSet permissions, PermissionSet beyond) => beyond with
    {
        Network = beyond.Network with
        {
            Connect = [.. permissions.Network.Connect.Where(rule => beyond.Network.Connect.Contains(rule) || (rule.Origin is { } origin && policy.Network.Block.Any(blocked => blocked.Covers(origin))))],
        },
    };

    private long? Least(Func<HostPolicy, long?> limit) => Policies.Select(entry => limit(entry.Policy)).Min();

    private static Problem? Check(HostPolicy policy)
    {
        if (policy.Permissions.Storage is { } storage && !ByteSize.TryParse(storage, out _)) return new Problem("permissions.storage", $"is `{storage}`, which is no size", ByteSize.Hint);
        return policy.Limits.Check() is { } problem ? problem with { Where = $"limits.{problem.Where}" } : null;
    }
}

/// <summary>Patterns of names, in which <c>*</c> is any number of characters; there is no escape, for no name has a star.</summary>
public static class Glob
{
    /// <summary>Whether a pattern matches the whole of a name. Takes time proportional to the product of both lengths at most.</summary>
    public static bool Matches(ReadOnlySpan<char> pattern, ReadOnlySpan<char> name)
    {
        int at = 0, of = 0, star = -1, from = 0;
        while (at < name.Length)
        {
            if (of < pattern.Length && pattern[of] == '*')
            {
                (star, from) = (of++, at);
            }
            else if (of < pattern.Length && pattern[of] == name[at])
            {
                at++;
                of++;
            }
            else if (star >= 0)
            {
                // The last star takes one character more.
                (of, at) = (star + 1, ++from);
            }
            else
            {
                return false;
            }
        }
        return pattern[of..].Trim('*').IsEmpty;
    }
}
