namespace LazyOC.Plugins.Contracts.Permissions;

/// <summary>Most that a plugin may use, as an administrator caps it for all or a user sets it for one. What is null is not said.</summary>
public sealed record UsageLimits
{
    /// <summary>Linear memory, such as <c>128MiB</c>.</summary>
    public string? Memory { get; init; }

    /// <summary>Share of one core, from 1 to 100.</summary>
    public int? CpuPercent { get; init; }

    /// <summary>Host calls of any kind.</summary>
    public int? HostCallsPerSecond { get; init; }

    /// <summary>Calls that reach the API server.</summary>
    public int? KubernetesCallsPerSecond { get; init; }

    /// <summary><see cref="Memory"/> in bytes; null when it is absent.</summary>
    public long? MemoryBytes => ByteSize.TryParse(Memory, out var bytes) ? bytes : null;

    /// <summary>What is wrong with them, by their JSON names; null when nothing is.</summary>
    public Problem? Check()
    {
        if (Memory is not null && MemoryBytes is null) return new Problem("memory", $"is `{Memory}`, which is no size", ByteSize.Hint);
        if (CpuPercent is < 1 or > 100) return new Problem("cpuPercent", $"is {CpuPercent}; expected 1 to 100");
        if (HostCallsPerSecond < 1) return new Problem("hostCallsPerSecond", $"is {HostCallsPerSecond}; expected at least 1");
        if (KubernetesCallsPerSecond < 1) return new Problem("kubernetesCallsPerSecond", $"is {KubernetesCallsPerSecond}; expected at least 1");
        return null;
    }
}
