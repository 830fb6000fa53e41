using System.Globalization;
using System.Text;
using System.Text.Json;
using LazyOC.Plugins.Contracts.Messages;
using LazyOC.Plugins.Sandbox.Guests;

namespace LazyOC.Fuzz.Plugins.Simulation;

/// <summary>A migration that gives every value the number of its version, one call after the other, and may fail in the middle.</summary>
internal sealed class SimulatedMigration : IGuest
{
    private readonly SimulatedVersion _version;
    private readonly GuestOptions _options;
    private readonly SeededScheduler _scheduler;
    private readonly SimulationRecord _record;
    private readonly TaskCompletionSource<GuestFault?> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public SimulatedMigration(SimulatedVersion version, GuestOptions options, SeededScheduler scheduler, SimulationRecord record)
    {
        (_version, _options, _scheduler, _record) = (version, options, scheduler, record);
        _record.Living++;
    }

    public GuestUsage Usage => default;

    public Task<GuestFault?> Ended => _ended.Task;

    public async ValueTask<GuestReply> SendAsync(Envelope message, CancellationToken cancellationToken)
    {
        _record.Trace.Append(CultureInfo.InvariantCulture, $"{_version.Number}:{message.Type} ");
        try
        {
            var listed = await CallAsync("storage.list", """{"limit":1000}""", cancellationToken);
            foreach (var item in listed.GetProperty("items").EnumerateArray())
            {
                await _scheduler.WaverAsync(2);
                await CallAsync("storage.set", $$"""{"key":"{{item.GetProperty("key").GetString()}}","value":{{_version.Number}}}""", cancellationToken);
                if (_version.Failing == Failing.Migrate && _scheduler.Next(3) == 0) break;
            }
            if (_version.Failing == Failing.MigrateHangs) await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
            return _version.Failing == Failing.Migrate ? new GuestReply.Failed(new GuestFault(GuestFaultKind.Threw, "migrate")) : new GuestReply.Answered("{}"u8.ToArray());
        }
        catch (SimulatedFaultException fault)
        {
            return new GuestReply.Failed(fault.Fault);
        }
        catch (OperationCanceledException)
        {
            return new GuestReply.Failed(new GuestFault(GuestFaultKind.Cancelled, "cancelled"));
        }
    }

    public ValueTask DisposeAsync()
    {
        _record.Living--;
        _ended.TrySetResult(null);
        return ValueTask.CompletedTask;
    }

    private async Task<JsonElement> CallAsync(string name, string arguments, CancellationToken cancellationToken)
    {
        var answer = await _options.Call(new HostCall(name, Encoding.UTF8.GetBytes(arguments), null), cancellationToken);
        return answer.Error is { } error ? throw new SimulatedFaultException($"{error.Code}: {error.Message}") : JsonDocument.Parse(answer.Ok).RootElement.Clone();
    }
}

/// <summary>What a simulated guest throws.</summary>
internal sealed class SimulatedFaultException(string message) : Exception(message)
{
    public GuestFault Fault => new(GuestFaultKind.Threw, Message);
}
