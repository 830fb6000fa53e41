using LazyOC.Plugins.Contracts.Calls;
using LazyOC.Wasm;

namespace LazyOC.Plugins.Sandbox.Guests;

/// <summary>How a turn enters the guest and comes back.</summary>
internal abstract partial class Guest
{
    private void LoadOnce()
    {
        _isLoaded = true;
        lock (Gate)
        {
            if (IsEnding)
                return;
        }
        if (Guarded(Options.Limits.StartCpuMs, Load) is not { } fault)
        {
            _started.TrySetResult(new GuestStart.Running(this));
            return;
        }
        fault = fault with { InstanceLost = true };
        _started.TrySetResult(new GuestStart.Failed(fault));
        End(fault);
    }

    private void Run(Turn turn)
    {
        var (owner, enter) = turn;
        if (enter is null && owner.IsFinished)
            return;
        var began = Options.TurnEnded is null ? 0 : Options.Time.GetTimestamp();
        var fault = Guarded(Options.Limits.TurnCpuMs, enter ?? (() => Enter(owner)));
        Options.TurnEnded?.Invoke(owner.Message.Type, began);
        if (fault is null)
            return;
        if (!Fail(owner, fault))
            ReportLate(owner, fault);
        if (fault.InstanceLost)
            End(fault);
    }

    /// <summary>
    /// Enters the guest within a budget. A trap, memory too small for the host's own part, or a fault of the host's own costs the
    /// instance, and nobody else anything: nothing leaves a guest's thread but a fault.
    /// </summary>
    private GuestFault? Guarded(int cpuMs, Func<GuestFault?> enter)
    {
        Budget.Begin(cpuMs);
        try
        {
            return enter();
        }
        catch (GuestLoadException exception)
        {
            return exception.Fault;
        }
        catch (TrapException trap) when (trap.Code == TrapCode.Interrupted)
        {
            return new GuestFault(GuestFaultKind.Interrupted, $"the turn used more than its {cpuMs} ms of CPU", StackOf(trap), InstanceLost: true);
        }
        catch (TrapException trap)
        {
            return new GuestFault(GuestFaultKind.Trapped, $"trap: {trap.Message}", StackOf(trap), InstanceLost: true);
        }
        catch (GuestMemoryException exception)
        {
            return new GuestFault(GuestFaultKind.OutOfMemory, exception.Message, InstanceLost: true);
        }
#pragma warning disable CA1031 // It is told as the bug that it is; thrown further it would end the process.
        catch (Exception bug)
#pragma warning restore CA1031
        {
            if (Options.Bug is { } tell)
                tell(bug);
            else
                Options.Log(PluginLogLevel.Error, $"the engine failed: {bug}");
            return new GuestFault(GuestFaultKind.Trapped, $"the engine failed ({bug.GetType().Name}); its log says how", InstanceLost: true);
        }
        finally
        {
            Budget.End();
            var bytes = MemoryBytes;
            lock (Gate)
                _memoryBytes = bytes;
        }
    }

    private static string? StackOf(TrapException trap) =>
        trap.GuestStack.IsEmpty ? null : string.Join('\n', trap.GuestStack.Select(function => $"    at {function}"));

    /// <summary>A turn went wrong after the message it was for had its reply.</summary>
    private void ReportLate(Delivery owner, GuestFault fault)
    {
        lock (Gate)
        {
            // The guest is being stopped and was trapped for it.
            if (IsEnding)
                return;
            _faults++;
        }
        Options.Log(PluginLogLevel.Error, $"after the reply to `{owner.Message.Type}`: {fault.Message}\n{fault.Stack}".TrimEnd());
    }
}
