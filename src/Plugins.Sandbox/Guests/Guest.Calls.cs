using LazyOC.Plugins.Contracts.Messages;

namespace LazyOC.Plugins.Sandbox.Guests;

/// <summary>How the guest's calls are made.</summary>
internal abstract partial class Guest
{
    // Under the gate.
    private int _userWaits;

    /// <summary>
    /// Makes a host call. While one waits for the user the deadlines of all messages stand still, for others may queue behind
    /// the one that waits.
    /// </summary>
    protected async Task<Answer> CallHostAsync(HostCall call, CancellationToken cancellation)
    {
        if (!Options.WaitsForUser(call.Name))
            return await HostCalls.AnswerAsync(Options, call, cancellation);
        BeginUserWait();
        try
        {
            return await HostCalls.AnswerAsync(Options, call, cancellation);
        }
        finally
        {
            EndUserWait();
        }
    }

    private void BeginUserWait()
    {
        lock (Gate)
        {
            if (_userWaits++ > 0)
                return;
            foreach (var delivery in _open.Values.Concat(_waiting))
                delivery.PauseDeadline();
        }
    }

    private void EndUserWait()
    {
        lock (Gate)
        {
            if (--_userWaits > 0)
                return;
            foreach (var delivery in _open.Values.Concat(_waiting))
                delivery.ResumeDeadline();
        }
    }
}
