using LazyOC.Plugins.Sandbox.Audit;
using LazyOC.Plugins.Sandbox.Guests;
using LazyOC.Tui.Screen;
using LazyOC.Tui.Terminal;

namespace LazyOC.Plugins.Sandbox.Hostile;

/// <summary>The screen while a guest takes the processor: each key that the user presses is answered by a frame, long before the guest is stopped.</summary>
[Collection(HostileCollection.Name)]
public sealed class FrameTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    [Theory]
    [InlineData("endless-loop.js")]
    [InlineData("wasm-loop.wasm")]
    public async Task FramesWhileAGuestSpins(string plugin)
    {
        var frames = 0;
        await new HostileCase(plugin)
        {
            Spins = true,
            // Time enough for some frames on a machine that has other things to do.
            Setup = host => host.GuestLimits = new GuestLimits(TurnCpuMs: 600),
            Attack = async arena => frames = await CountFramesAsync(arena),
            Failed = arena =>
            {
                arena.AssertFailed("interrupted");
                Assert.True(frames > 0, "no frame was shown while the guest ran");
            },
            Audited = "plugin.fault",
            Decision = AuditDecision.Fault,
            GuardOff = c => c with { Setup = host => host.GuestLimits = new GuestLimits(TurnCpuMs: 600_000) },
            Succeeded = arena =>
            {
                arena.AssertDone();
                Assert.True(frames > 0, "no frame was shown while the guest ran");
            },
        }.RunAsync();
    }

    /// <summary>Attacks, and counts the frames that were asked for and shown while the guest ran.</summary>
    private static async Task<int> CountFramesAsync(Arena arena)
    {
        await using var terminal = new MemoryTerminal(new FrameSize(100, 30));
        var session = new ScreenSession { Cluster = arena.Host.Session(), Extensions = arena.Host.Extensions };
        var screen = LiveScreen.RunAsync(
            new LiveScreenOptions { Session = session, Request = new ViewRequest("pods"), SwitchContext = (_, _) => Task.FromResult(session), Bug = (_, bug) => arena.Host.Bugs.Enqueue(bug) },
            terminal);
        await terminal.WaitForAsync(text => text.Contains("cart", StringComparison.Ordinal), Patience);
        var frames = 0;
        var attack = arena.CommandAsync();
        for (var key = Key.Down; !attack.IsCompleted; key = key == Key.Down ? Key.Up : Key.Down)
        {
            var (ranBefore, shownBefore) = (arena.IsRunning, terminal.Frames);
            terminal.Send(new TerminalEvent.KeyPressed(new KeyPress(key)));
            await Arena.PollAsync(() => terminal.Frames > shownBefore);
            if (ranBefore && arena.IsRunning) frames++;
        }
        await attack;
        terminal.Send(new TerminalEvent.Closing("the test is over"));
        await screen.WaitAsync(Patience);
        return frames;
    }
}
