using LazyOC.Plugins.Contracts.Messages;
using LazyOC.Plugins.Sandbox.Tests;

namespace LazyOC.Plugins.Sandbox.Guests;

/// <summary>While the user is asked no message's wall time runs, whatever the language of the guest.</summary>
public sealed class UserWaitTests
{
    private const string Asks = "lazyoc.on('call', () => lazyoc.call('kubernetes.list')); lazyoc.on('askThenHang', async () => { await lazyoc.call('kubernetes.list'); await new Promise(() => {}); });";

    private readonly ManualTime _time = new();
    private readonly TaskCompletionSource _called = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _answered = new(TaskCreationOptions.RunContinuationsAsynchronously);

    [Theory]
    [InlineData(false, true)]
    [InlineData(false, false)]
    [InlineData(true, true)]
    [InlineData(true, false)]
    public async Task SendAsync_HostCallTakesLongerThanTheDeadline_FailsUnlessItWaitsForTheUser(bool wasm, bool waitsForUser)
    {
        await using var guest = await StartAsync(wasm, waitsForUser);
        var reply = guest.SendAsync("call", deadlineMs: 1_000);
        await _called.Task;

        _time.Advance(TimeSpan.FromHours(1));
        _answered.SetResult();

        if (waitsForUser) Assert.IsType<GuestReply.Answered>(await reply);
        else Assert.Equal(GuestFaultKind.Deadline, Assert.IsType<GuestReply.Failed>(await reply).Fault.Kind);
    }

    [Fact]
    public async Task SendAsync_QueuedBehindAWaitForTheUser_HasItsTimeAfterIt()
    {
        await using var guest = await StartAsync(wasm: true, waitsForUser: true);
        var asking = guest.SendAsync("call", deadlineMs: 1_000);
        await _called.Task;
        var queued = guest.SendAsync("counter", deadlineMs: 1_000);

        _time.Advance(TimeSpan.FromHours(1));
        _answered.SetResult();

        Assert.IsType<GuestReply.Answered>(await asking);
        Assert.IsType<GuestReply.Answered>(await queued);
    }

    [Fact]
    public async Task SendAsync_AfterTheUserAnswered_HasTheRestOfItsTime()
    {
        await using var guest = await StartAsync(wasm: false, waitsForUser: true);
        var reply = guest.SendAsync("askThenHang", deadlineMs: 1_000);
        await _called.Task;
        _time.Advance(TimeSpan.FromHours(1));
        _answered.SetResult();

        // The deadline runs again from a moment that only the guest knows.
        while (!reply.IsCompleted)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        Assert.Equal(GuestFaultKind.Deadline, Assert.IsType<GuestReply.Failed>(await reply).Fault.Kind);
    }

    private Task<TestGuest> StartAsync(bool wasm, bool waitsForUser)
    {
        GuestOptions Configure(GuestOptions options) => options with { Time = _time, WaitsForUser = call => waitsForUser && call == "kubernetes.list" };
        return wasm ? TestGuest.StartWasmAsync("guest.wasm", AnswerAsync, Configure) : TestGuest.StartJavaScriptAsync(Asks, AnswerAsync, Configure);
    }

    private async ValueTask<Answer> AnswerAsync(HostCall call, CancellationToken cancellationToken)
    {
        _called.TrySetResult();
        await _answered.Task.WaitAsync(cancellationToken);
        return Answer.Success("1"u8.ToArray());
    }
}
