using LazyOC.Cluster.Discovery;
using LazyOC.Cluster.Errors;
using LazyOC.Cluster.Resources;
using LazyOC.Tui.Screen;

namespace LazyOC.Tui.Operations;

/// <summary>
/// What the user may do, as far as the cluster has said: reading never waits, what is not known is asked for and raises the
/// signal when it is. Thread safe.
/// </summary>
internal sealed class AccessAnswers(AccessReviews reviews, TimeProvider clock, ChangeSignal changed, TuiLimits limits)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<Question, Answer> _answers = [];

    /// <summary>The cluster's decision; null while it is not known, which is no reason to refuse: the server decides in the end.</summary>
    public AccessDecision? this[string verb, ResourceKind kind, string? @namespace, string? subresource]
    {
        get
        {
            var question = new Question(verb, kind, kind.Namespaced ? @namespace : null, subresource);
            lock (_gate)
            {
                if (_answers.TryGetValue(question, out var known) && (known.IsAsking || clock.GetElapsedTime(known.At) < limits.AccessAnswerTime))
                    return known.Decision;
                if (_answers.Count >= limits.AccessAnswers)
                    _answers.Clear();
                _answers[question] = new Answer(known.Decision, clock.GetTimestamp(), IsAsking: true);
                _ = Task.Run(() => AskAsync(question, known.Decision));
                return known.Decision;
            }
        }
    }

    private async Task AskAsync(Question question, AccessDecision? before)
    {
        AccessDecision? decision;
        try
        {
            decision = await reviews.CanIAsync(question.Verb, question.Kind, question.Namespace, subresource: question.Subresource);
        }
        catch (Exception e) when (e is ClusterException or ObjectDisposedException)
        {
            decision = before; // not to be known now; asked again when it is next wanted and old
        }
        lock (_gate)
            _answers[question] = new Answer(decision, clock.GetTimestamp(), IsAsking: false);
        if (decision != before)
            changed.Raise();
    }

    private sealed record Question(string Verb, ResourceKind Kind, string? Namespace, string? Subresource);

    private readonly record struct Answer(AccessDecision? Decision, long At, bool IsAsking);
}
