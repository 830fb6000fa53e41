using System.Collections.Immutable;
using System.Text.Json;
using LazyOC.Plugins.Contracts.Messages;
using LazyOC.Plugins.Sandbox.Guests;

namespace LazyOC.Plugins.Testing;

/// <summary>Stands before the host's door: notes what passes, and answers in its place where a fault says so.</summary>
internal sealed class CallRecorder(HarnessOptions options)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<CallFault, int> _used = new(ReferenceEqualityComparer.Instance);
    private ImmutableArray<RecordedCall> _calls = [];

    public ImmutableArray<RecordedCall> Calls
    {
        get { lock (_gate) return _calls; }
    }

    /// <summary>The options of a guest whose calls come here first.</summary>
    public GuestOptions Before(GuestOptions guest) => guest with
    {
        Call = async (call, cancellationToken) =>
        {
            var answer = FaultOf(call.Name) is { } fault ? AnswerOf(fault) : await guest.Call(call, cancellationToken);
            Note(call, answer);
            return answer;
        },
    };

    private CallFault? FaultOf(string call)
    {
        lock (_gate)
        {
            foreach (var fault in options.Faults)
            {
                if (fault.Call != call) continue;
                var used = _used.GetValueOrDefault(fault);
                if (fault.Times is { } times && used >= times) continue;
                _used[fault] = used + 1;
                return fault;
            }
            return null;
        }
    }

    private static Answer AnswerOf(CallFault fault) => fault.Code is { } code
        ? Answer.Failure(code, fault.Message ?? $"`{fault.Call}` fails in this test")
        : Answer.Success(System.Text.Encoding.UTF8.GetBytes(fault.Answer is { } answer ? answer.GetRawText() : "{}"));

    private void Note(HostCall call, Answer answer)
    {
        JsonElement arguments;
        try
        {
            using var document = JsonDocument.Parse(call.Arguments);
            arguments = document.RootElement.Clone();
        }
        catch (JsonException)
        {
            // The host has refused it; there is nothing to show of it.
            arguments = default;
        }
        lock (_gate)
            if (_calls.Length < options.Limits.Calls) _calls = _calls.Add(new RecordedCall(call.Name, arguments, answer.Error?.Code));
    }
}
