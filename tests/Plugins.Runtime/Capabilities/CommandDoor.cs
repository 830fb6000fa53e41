using System.Text.Json;
using LazyOC.Cluster.Simulator;
using LazyOC.Plugins.Contracts.Messages;
using LazyOC.Plugins.Runtime.Extensions;

namespace LazyOC.Plugins.Runtime.Tests.Capabilities;

/// <summary>A plugin that makes, within a command the user has started, whatever call a test hands it.</summary>
internal sealed class CommandDoor : IAsyncDisposable
{
    public const string Id = "acme.test";

    private (string Call, string Arguments, bool WithGesture) _next;
    private Answer _answer;

    private CommandDoor(HostFixture fixture) => Fixture = fixture;

    public HostFixture Fixture { get; }

    public static async Task<CommandDoor> OpenAsync(string permissions, string scenario = "bookstore", bool readOnly = false, Action<HostFixture>? prepare = null, Script? others = null, SimulatedClock? clock = null)
    {
        var door = new CommandDoor(await HostFixture.CreateAsync(scenario, clock));
        prepare?.Invoke(door.Fixture);
        await door.Fixture.With(Id, permissions, async turn =>
        {
            if (turn.Message.Type != MessageType.Command) return others is null ? "{}" : await others(turn);
            var (call, arguments, withGesture) = door._next;
            door._answer = await turn.TryCallAsync(call, arguments, withGesture ? turn.Message.Gesture : null);
            return "{}";
        }).StartAsync(readOnly);
        return door;
    }

    /// <summary>The answer of a call, be it an error.</summary>
    public async Task<Answer> TryAsync(string call, string arguments, bool withGesture = true)
    {
        (_next, _answer) = ((call, arguments, withGesture), default);
        Assert.IsType<InvocationResult.Done>(await Fixture.Extensions.RunCommandAsync($"{Id}.command", null));
        Assert.Empty(Fixture.Bugs);
        return _answer;
    }

    /// <summary>The answer of a call that is expected to work.</summary>
    public async Task<JsonElement> CallAsync(string call, string arguments, bool withGesture = true)
    {
        var answer = await TryAsync(call, arguments, withGesture);
        Assert.Null(answer.Error);
        return JsonDocument.Parse(answer.Ok).RootElement.Clone();
    }

    /// <summary>The code of a call that is expected to fail.</summary>
    public async Task<string?> CodeAsync(string call, string arguments, bool withGesture = true) => (await TryAsync(call, arguments, withGesture)).Error?.Code;

    public ValueTask DisposeAsync() => Fixture.DisposeAsync();
}
