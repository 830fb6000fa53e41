using System.Text.Json;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Contracts.Json;
using LazyOC.Plugins.Contracts.Messages;
using LazyOC.Plugins.Runtime.HotSwap;
using LazyOC.Plugins.Sandbox.Guests;

namespace LazyOC.Plugins.Runtime.Lifecycle;

/// <summary>What an instance is given of the one before.</summary>
/// <param name="State">What that one answered to <c>dehydrate</c>.</param>
/// <param name="FromVersion">That one's version.</param>
internal sealed record KeptState(JsonElement State, string FromVersion);

/// <content>How what the guest knows outlives it.</content>
internal sealed partial class PluginInstance
{
    /// <summary>Whether it had messages since its state was kept.</summary>
    public bool HasUnkept => Volatile.Read(ref _unkept) != 0;

    /// <summary>How long it has had no message.</summary>
    public TimeSpan IdleFor => _context.Time.GetElapsedTime(Volatile.Read(ref _lastActive));

    /// <summary>Whether something is to come to this instance that no other would get.</summary>
    public bool IsNeeded => Volatile.Read(ref _calls) > 0 || Volatile.Read(ref _awake) > 0 || Volatile.Read(ref _requests) > 0 || !Mailbox.IsEmpty || !Subscriptions.IsEmpty || !Watches.IsEmpty || !Listens.IsEmpty;

    /// <summary>Something that lives with the instance, such as a timer, will tell it something: it does not hibernate until what is returned is disposed.</summary>
    public IDisposable KeepAwake()
    {
        Interlocked.Increment(ref _awake);
        return new Awake(this);
    }

    /// <summary>Lets no message in from now on, unless one is being handled; <see cref="Resume"/> ends it.</summary>
    public bool TryRest()
    {
        if (!_messages.TryHold()) return false;
        if (Volatile.Read(ref _sending) == 0) return true;
        _messages.Reopen();
        return false;
    }

    /// <summary>Lets whoever waits at the gate ask the next instance.</summary>
    public void SendAway() => _messages.Close();

    /// <summary>Asks for the state that the next instance is to be given; null when it keeps none.</summary>
    public async Task<(KeptState? State, SwapFailure? Failure)> DehydrateAsync()
    {
        Volatile.Write(ref _unkept, 0);
        switch (await TellAsync(new Request(MessageType.Dehydrate, "{}"u8.ToArray(), _context.Limits.StateDeadline)))
        {
            case GuestReply.Failed failed:
                return (null, new SwapFailure($"its present version does not give its state: {failed.Fault.Message}", failed.Fault.Stack));
            case GuestReply.Answered { Json.Length: var length } when length > _context.Limits.StateBytes:
                return (null, new SwapFailure($"the state of its present version has {length:N0} bytes; at most {_context.Limits.StateBytes:N0} are handed on"));
            case GuestReply.Answered answered:
                return StrictJson.Read(answered.Json.Span, ContractJson.Default.DehydrateAnswer, new JsonLimits(MaxBytes: _context.Limits.StateBytes)).TryGet(out var answer, out var problems)
                    ? (answer.State is { } state ? new KeptState(state, Principal.Version) : null, null)
                    : (null, new SwapFailure($"the answer of its present version to `dehydrate` is not one: {problems[0]}"));
            case var other:
                throw new InvalidOperationException($"A guest ended a message in {other}.");
        }
    }

    /// <summary>Gives the state of the instance before; the fault, if this one does not take it.</summary>
    public async Task<GuestFault?> HydrateAsync(KeptState kept)
    {
        var payload = new HydratePayload { State = kept.State, FromVersion = kept.FromVersion };
        var json = JsonSerializer.SerializeToUtf8Bytes(payload, ContractJson.Default.HydratePayload);
        return (await TellAsync(new Request(MessageType.Hydrate, json, _context.Limits.StateDeadline)) as GuestReply.Failed)?.Fault;
    }

    private void NoteActivity()
    {
        Volatile.Write(ref _unkept, 1);
        Volatile.Write(ref _lastActive, _context.Time.GetTimestamp());
    }

    private sealed class Awake(PluginInstance instance) : IDisposable
    {
        private int _disposed;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _disposed, 1) == 0) Interlocked.Decrement(ref instance._awake);
        }
    }
}
