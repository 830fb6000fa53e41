using System.Collections.Immutable;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Runtime.Lifecycle;
using LazyOC.Plugins.Sandbox;
using LazyOC.Plugins.Sandbox.Broker;

namespace LazyOC.Plugins.Runtime.Capabilities;

/// <summary>The <c>kubernetes.*</c> calls, done as the session's user.</summary>
/// <param name="instanceOf">The instance of a principal; null when it has ended.</param>
/// <param name="sandbox">What an answer may hold.</param>
/// <param name="limits">Bounds of the calls.</param>
/// <param name="time">Ends commands that take too long.</param>
internal sealed class KubernetesCalls(Func<PluginPrincipal, PluginInstance?> instanceOf, SandboxLimits sandbox, RuntimeLimits limits, TimeProvider time)
{
    private readonly ClusterAccess _cluster = new(plugin => instanceOf(plugin)?.Scope);

    public ImmutableArray<HostCallRow> Rows =>
    [
        .. new KubernetesReads(_cluster, instanceOf, sandbox.AnswerBytes, limits).Rows,
        .. new KubernetesQueries(_cluster, sandbox.AnswerBytes, limits).Rows,
        .. new KubernetesWrites(_cluster, sandbox.AnswerBytes, limits).Rows,
        .. new KubernetesWatchCalls(_cluster, instanceOf, limits).Rows,
        .. new KubernetesExecCalls(_cluster, sandbox.AnswerBytes, limits, time).Rows,
        .. new ServiceProxyCalls(_cluster, limits).Rows,
    ];

    /// <summary>Checks a word that becomes part of a path or a demand; an absent one is good.</summary>
    internal static Problem? CheckWord(string key, string? word) => word is null ? null : ObjectName.CheckWord(key, word);
}
