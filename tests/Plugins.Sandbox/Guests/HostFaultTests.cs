using System.Collections.Concurrent;

namespace LazyOC.Plugins.Sandbox.Guests;

/// <summary>A fault of the host's own in the midst of a guest's turn: it is told, and costs one instance.</summary>
public sealed class HostFaultTests
{
    private const string Code = """lazyoc.on("command", () => { crypto.getRandomValues(new Uint8Array(4)); return {}; });""";

    private readonly ConcurrentQueue<Exception> _bugs = [];
    private volatile bool _isBroken;

    [Fact]
    public async Task SendAsync_TheHostFailsWithinATurn_OnlyThatInstanceIsLost()
    {
        await using var other = await TestGuest.StartJavaScriptAsync(Code);
        await using var guest = await TestGuest.StartJavaScriptAsync(Code, configure: Failing);

        _isBroken = true;
        var fault = await guest.FailAsync("command");

        Assert.Equal((GuestFaultKind.Trapped, true), (fault.Kind, fault.InstanceLost));
        Assert.Contains(nameof(InvalidTimeZoneException), fault.Message, StringComparison.Ordinal);
        Assert.IsType<InvalidTimeZoneException>(Assert.Single(_bugs));
        Assert.Equal(fault, await guest.Guest.Ended);
        Assert.Equal("{}", await other.AskAsync("command"));
    }

    [Fact]
    public async Task StartAsync_TheHostFailsWhileTheCodeIsLoaded_TheStartFails()
    {
        _isBroken = true;
        var fault = await TestGuest.FailJavaScriptAsync("crypto.getRandomValues(new Uint8Array(4));", Failing);

        Assert.Equal(GuestFaultKind.Trapped, fault.Kind);
        Assert.IsType<InvalidTimeZoneException>(Assert.Single(_bugs));
    }

    [Fact]
    public async Task SendAsync_NobodyIsToldOfBugs_TheLogHasIt()
    {
        await using var guest = await TestGuest.StartJavaScriptAsync(Code, configure: options => Failing(options) with { Bug = null });

        _isBroken = true;
        await guest.FailAsync("command");

        Assert.Contains(guest.Log, line => line.Line.Contains(nameof(InvalidTimeZoneException), StringComparison.Ordinal));
    }

    private GuestOptions Failing(GuestOptions options) => options with
    {
        FillRandom = bytes =>
        {
            // Nothing in the host throws it by itself.
            if (_isBroken) throw new InvalidTimeZoneException("a bug");
            options.FillRandom(bytes);
        },
        Bug = _bugs.Enqueue,
    };
}
