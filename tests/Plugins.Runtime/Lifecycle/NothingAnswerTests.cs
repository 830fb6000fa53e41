using LazyOC.Plugins.Contracts.Messages;
using LazyOC.Plugins.Runtime.Extensions;
using LazyOC.Plugins.Runtime.Lifecycle;

namespace LazyOC.Plugins.Runtime.Tests.Lifecycle;

/// <summary>Messages that ask for nothing: an answer that is something is a fault of the plugin's.</summary>
public sealed class NothingAnswerTests
{
    private const string Id = "acme.test";

    [Theory]
    [InlineData("{}", true)]
    [InlineData("null", true)]
    [InlineData(" { \n} ", true)]
    [InlineData("[]", false)]
    [InlineData("true", false)]
    [InlineData("\"done\"", false)]
    [InlineData("""{"replicas":7}""", false)]
    public async Task RunCommandAsync_EachAnswer_IsDoneOrAFault(string answer, bool isNothing)
    {
        await using var fixture = await StartAsync(MessageType.Command, answer);

        var result = await fixture.Extensions.RunCommandAsync($"{Id}.command");

        if (isNothing)
        {
            Assert.IsType<InvocationResult.Done>(result);
            Assert.Equal(0, fixture.Status(Id).Account.Faults);
            return;
        }
        var failure = Assert.IsType<InvocationResult.Faulted>(result).Failure;
        Assert.Equal(("invalid-answer", "the answer to `command` is not one: at its root, expected `{}` or `null`"), (failure.Code, failure.Message));
        Assert.Equal(1, fixture.Status(Id).Account.Faults);
    }

    [Fact]
    public async Task RunActionAsync_AnswerThatIsSomething_IsAFault()
    {
        await using var fixture = await StartAsync(MessageType.Action, "7");

        Assert.Equal("invalid-answer", Assert.IsType<InvocationResult.Faulted>(await fixture.Extensions.RunActionAsync($"{Id}.action", [HostFixture.Pod()])).Failure.Code);
    }

    [Fact]
    public async Task Activate_AnswerThatIsSomething_IsNoStart()
    {
        await using var fixture = await StartAsync(MessageType.Activate, "true");

        Assert.Equal("invalid-answer", Assert.IsType<InvocationResult.Faulted>(await fixture.Extensions.RunCommandAsync($"{Id}.command")).Failure.Code);
    }

    [Fact]
    public async Task Started_AnswerThatIsSomething_IsAFaultOfOneThatGoesOn()
    {
        await using var fixture = await StartAsync(MessageType.Started, "[1]");
        await fixture.Extensions.RunCommandAsync($"{Id}.command");

        await fixture.UntilAsync(() => fixture.Status(Id).Account.Faults == 1);
        Assert.Equal(PluginState.Active, fixture.Status(Id).State);
    }

    private static async Task<HostFixture> StartAsync(string type, string answer)
    {
        var fixture = await HostFixture.CreateAsync();
        fixture.AnswersAsTheyAre = true;
        return await fixture.With(Id, "{}", turn => Task.FromResult(turn.Message.Type == type ? answer : "{}")).StartAsync();
    }
}
