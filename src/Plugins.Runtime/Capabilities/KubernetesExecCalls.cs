using System.Collections.Immutable;
using System.Text;
using LazyOC.Cluster.Resources;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Contracts.Calls;
using LazyOC.Plugins.Contracts.Messages;
using LazyOC.Plugins.Contracts.Permissions;
using LazyOC.Plugins.Sandbox.Broker;
using LazyOC.Plugins.Sandbox.Quotas;

namespace LazyOC.Plugins.Runtime.Capabilities;

/// <summary><c>kubernetes.exec</c>.</summary>
/// <param name="cluster">The way to the cluster.</param>
/// <param name="answerBytes">What an answer may hold.</param>
/// <param name="limits">Bounds of the call.</param>
/// <param name="time">Ends commands that take too long.</param>
internal sealed class KubernetesExecCalls(ClusterAccess cluster, int answerBytes, RuntimeLimits limits, TimeProvider time)
{
    private const int AnswerOverhead = 1024;
    private const int MaxTargetChars = 100;

    public ImmutableArray<HostCallRow> Rows =>
    [
        new HostCallRow<KubernetesExecRequest, KubernetesExecAnswer>
        {
            Name = "kubernetes.exec",
            Permission = "kubernetes: create of pods/exec",
            Errors = [ErrorCode.NotFound, ErrorCode.Timeout, ErrorCode.Unavailable],
            Description = "Runs a command in a container and waits for its end.",
            Quota = QuotaClass.Kubernetes,
            IsWrite = true,
            Request = static () => ContractJson.Default.KubernetesExecRequest,
            Answer = static () => ContractJson.Default.KubernetesExecAnswer,
            Check = Check,
            Demands = r => [new Demand.Kubernetes("", "pods", "exec", "create", r.Namespace)],
            // Arguments may hold secrets; the program's name says what kind of thing was done.
            Target = r => $"{ClusterAccess.Target("", "pods/exec", r.Namespace, r.Pod)}: {(r.Command[0].Length > MaxTargetChars ? r.Command[0][..MaxTargetChars] + "…" : r.Command[0])}",
            Handler = (plugin, r, cancellationToken) => cluster.CallAsync<KubernetesExecAnswer>(plugin, client => RunAsync(client.Commands, r, cancellationToken)),
        },
    ];

    private Problem? Check(KubernetesExecRequest request)
    {
        var maxTimeoutMs = (int)limits.ExecDeadline.TotalMilliseconds;
        return request.Command.IsEmpty || request.Command[0].Length == 0 ? new Problem("command", "names no program")
            : request.Command.Length > limits.ExecWords ? new Problem("command", $"has {request.Command.Length} words; at most {limits.ExecWords} are taken")
            : request.Command.Any(word => word.Contains('\0', StringComparison.Ordinal)) ? new Problem("command", "has a word with a zero character")
            : request.TimeoutMs is { } timeout && (timeout < 1 || timeout > maxTimeoutMs) ? new Problem("timeoutMs", $"is {timeout}; expected 1 to {maxTimeoutMs}")
            : ObjectName.Check("", "pods", request.Namespace, request.Pod) ?? KubernetesCalls.CheckWord("container", request.Container);
    }

    private async Task<CallOutcome<KubernetesExecAnswer>> RunAsync(PodCommands commands, KubernetesExecRequest request, CancellationToken cancellationToken)
    {
        var deadline = request.TimeoutMs is { } milliseconds ? TimeSpan.FromMilliseconds(milliseconds) : limits.ExecDeadline;
        using var timeout = new CancellationTokenSource(deadline, time);
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        var command = new PodCommand
        {
            Container = request.Container,
            Arguments = request.Command,
            Input = request.Stdin is { } text ? Encoding.UTF8.GetBytes(text) : default(ReadOnlyMemory<byte>?),
            MaxOutputBytes = answerBytes - AnswerOverhead,
        };
        try
        {
            var result = await commands.RunAsync(request.Namespace, request.Pod, command, ends.Token);
            var room = answerBytes - AnswerOverhead;
            // What went wrong is the shorter, and matters more.
            var stderr = JsonText.Fit(Encoding.UTF8.GetString(result.Errors.Span), ref room, out var isErrorCut);
            var stdout = JsonText.Fit(Encoding.UTF8.GetString(result.Output.Span), ref room, out var isOutputCut);
            return new KubernetesExecAnswer { ExitCode = result.ExitCode, Stdout = stdout, Stderr = stderr, Truncated = result.IsTruncated || isErrorCut || isOutputCut };
        }
        catch (OperationCanceledException) when (timeout.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            return new CallError(ErrorCode.Timeout, $"the command did not end within {deadline.TotalMilliseconds:0} ms");
        }
    }
}
