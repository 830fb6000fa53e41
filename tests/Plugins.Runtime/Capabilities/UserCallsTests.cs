using System.Text.Json;
using LazyOC.Plugins.Contracts.Messages;
using LazyOC.Plugins.Runtime.Extensions;

namespace LazyOC.Plugins.Runtime.Tests.Capabilities;

/// <summary>Plugins reach the user only when the user has started something, one question at a time, and not beyond their instance.</summary>
public sealed class UserCallsTests
{
    private const string Shop = """{ "network": { "connect": [{ "origin": "https://shop.example" }] } }""";
    private const string Id = "acme.test";
    private const string Confirm = """{"text":"Sure?","danger":"destructive"}""";
    private const string Prompt = """{"title":"How many?","fields":[{"name":"count","label":"Count","kind":"number","required":true,"max":9}]}""";

    private readonly ScriptedUser _user = new();
    private string? _seen;

    [Theory]
    [InlineData("true", """{"confirmed":true}""")]
    [InlineData("false", """{"confirmed":false}""")]
    [InlineData(null, """{"confirmed":false}""")]
    public async Task Confirm_InACommand_AsksInThePluginsNameAndTellsTheAnswer(string? answer, string seen)
    {
        await using var fixture = await StartAsync("ui.confirm", Confirm);
        _user.Answer.SetResult(answer is null ? null : JsonDocument.Parse(answer).RootElement);

        Assert.IsType<InvocationResult.Done>(await fixture.Extensions.RunCommandAsync($"{Id}.command"));

        Assert.Equal("Plugin acme.test: Sure? (Destructive)", Assert.Single(_user.Shown));
        Assert.Equal(seen, _seen);
    }

    [Theory]
    [InlineData("""{"count":9}""", """{"values":{"count":9}}""")]
    [InlineData(null, "{}")]
    public async Task Prompt_InACommand_GivesTheValuesOrNothing(string? answer, string seen)
    {
        await using var fixture = await StartAsync("ui.prompt", Prompt);
        _user.Answer.SetResult(answer is null ? null : JsonDocument.Parse(answer).RootElement);

        Assert.IsType<InvocationResult.Done>(await fixture.Extensions.RunCommandAsync($"{Id}.command"));

        Assert.Equal("Plugin acme.test: How many? [count]", Assert.Single(_user.Shown));
        Assert.Equal(seen, _seen);
    }

    [Fact]
    public async Task Prompt_AnsweredWithWhatItsFieldsRefuse_IsABugOfTheScreens()
    {
        await using var fixture = await StartAsync("ui.prompt", Prompt);
        _user.Answer.SetResult(JsonDocument.Parse("""{"count":10}""").RootElement);

        await fixture.Extensions.RunCommandAsync($"{Id}.command");

        Assert.Equal(ErrorCode.Internal, _seen);
        Assert.Contains("`count` must be 9 or less", Assert.Single(fixture.Bugs).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ui.confirm", Confirm)]
    [InlineData("ui.prompt", Prompt)]
    [InlineData("ui.open", """{"view":"acme.test.page"}""")]
    public async Task Question_WithoutAGesture_IsRefusedAndNothingIsShown(string call, string arguments)
    {
        await using var fixture = await StartAsync(call, arguments);
        _user.Answer.SetResult(null);

        await fixture.OpenTabAsync(Id);
        Assert.Equal(ErrorCode.GestureRequired, _seen);
        Assert.Empty(_user.Shown);

        // The control: the same within what the user has started.
        await fixture.Extensions.RunCommandAsync($"{Id}.command");
        Assert.Single(_user.Shown);
    }

    [Theory]
    [InlineData("https://shop.example/a?b=c", "{}", "Plugin acme.test opened https://shop.example/a?b=c")]
    [InlineData("https://other.example/", ErrorCode.PermissionDenied, null)]
    [InlineData("http://shop.example/", ErrorCode.PermissionDenied, null)]
    [InlineData("file:///etc/passwd", ErrorCode.Invalid, null)]
    [InlineData("https://user:secret@shop.example/", ErrorCode.Invalid, null)]
    [InlineData("shop.example", ErrorCode.Invalid, null)]
    public async Task Browse_InACommand_OpensWhatThePluginMayAskItself(string url, string seen, string? shown)
    {
        await using var fixture = await StartAsync("ui.browse", $$"""{"url":"{{url}}"}""", permissions: Shop);

        await fixture.Extensions.RunCommandAsync($"{Id}.command");

        Assert.Equal(seen, _seen);
        Assert.Equal(shown, _user.Shown.SingleOrDefault());
    }

    [Fact]
    public async Task Browse_OutOfTheBlueOrWithoutABrowser_OpensNothing()
    {
        await using var fixture = await StartAsync("ui.browse", """{"url":"https://shop.example/"}""", permissions: Shop);

        await fixture.OpenTabAsync(Id);
        Assert.Equal(ErrorCode.GestureRequired, _seen);
        _user.HasBrowser = false;
        await fixture.Extensions.RunCommandAsync($"{Id}.command");
        Assert.Equal(ErrorCode.Unavailable, _seen);
        Assert.Empty(_user.Shown);
    }

    [Fact]
    public async Task Confirm_WithoutAScreen_IsUnavailable()
    {
        await using var fixture = await StartAsync("ui.confirm", Confirm);
        fixture.Extensions.UserPrompts = null;

        await fixture.Extensions.RunCommandAsync($"{Id}.command");

        Assert.Equal(ErrorCode.Unavailable, _seen);
    }

    [Fact]
    public async Task Confirm_WhileAnotherIsOpen_IsAConflict()
    {
        await using var fixture = await StartAsync("ui.confirm", Confirm);
        var first = fixture.Extensions.RunCommandAsync($"{Id}.command");
        await _user.Asked;

        await fixture.Extensions.RunActionAsync($"{Id}.action", []);
        Assert.Equal(ErrorCode.Conflict, _seen);

        _user.Answer.SetResult(JsonDocument.Parse("true").RootElement);
        await first;
        Assert.Equal("""{"confirmed":true}""", _seen);
        Assert.Single(_user.Shown);
    }

    [Theory]
    [InlineData("the session changes")]
    [InlineData("the plugin is quarantined")]
    [InlineData("the plugin is uninstalled")]
    public async Task Confirm_WhenItsInstanceEnds_EndsUnansweredOnTheScreenToo(string why)
    {
        await using var fixture = await StartAsync("ui.confirm", Confirm);
        var asking = fixture.Extensions.RunCommandAsync($"{Id}.command");
        await _user.Asked;
        Assert.False(_user.Ends.IsCancellationRequested);

        if (why == "the session changes") await fixture.Host.SwitchSessionAsync(fixture.Session());
        else if (why == "the plugin is uninstalled") await fixture.Host.ApplyAsync([]);
        else await fixture.Extensions.RunActionAsync($"{Id}.action", [HostFixture.Pod()]);

        // Its plugin may have seen the refusal and finished before it was stopped, or not.
        await asking;
        Assert.True(_user.Ends.IsCancellationRequested);
        // An answer that comes now is for nobody.
        _user.Answer.SetResult(JsonDocument.Parse("true").RootElement);
        Assert.NotEqual("""{"confirmed":true}""", _seen);
    }

    [Fact]
    public async Task Confirm_LongerThanTheMessagesDeadline_IsAnswered()
    {
        await using var fixture = await StartAsync("ui.confirm", Confirm, RuntimeLimits.OneFrame with { MessageDeadline = TimeSpan.FromMilliseconds(300), UnresponsiveGrace = TimeSpan.FromMilliseconds(1) });
        await fixture.OpenTabAsync(Id);
        var asking = fixture.Extensions.RunCommandAsync($"{Id}.command");
        await _user.Asked;
        await Task.Delay(TimeSpan.FromMilliseconds(700));

        _user.Answer.SetResult(JsonDocument.Parse("true").RootElement);

        Assert.IsType<InvocationResult.Done>(await asking);
        Assert.Equal("""{"confirmed":true}""", _seen);
    }

    [Fact]
    public async Task Notify_MoreThanTheBurst_IsRefusedAndNotShown()
    {
        await using var fixture = await StartAsync("ui.notify", """{"text":"hello","style":"warn"}""");

        for (var i = 0; i < 30; i++) await fixture.Extensions.RunCommandAsync($"{Id}.command");

        Assert.Equal(ErrorCode.QuotaExceeded, _seen);
        Assert.Equal("Plugin acme.test: hello (Warn)", _user.Shown.First());
        Assert.True(_user.Shown.Count < 30);
    }

    [Fact]
    public async Task Progress_OfAnEndedInstance_Ends()
    {
        await using var fixture = await StartAsync("ui.progress", """{"id":"copy","text":"Copying","value":0.5}""");
        await fixture.Extensions.RunCommandAsync($"{Id}.command");
        Assert.Equal("copy Copying", Assert.Single(_user.Shown));

        await fixture.Host.SwitchSessionAsync(fixture.Session());

        Assert.Equal(["copy Copying", "copy Copying done"], _user.Shown);
    }

    [Fact]
    public async Task Progress_OfMoreThingsThanAPluginMayShow_IsRefused()
    {
        var things = 0;
        await using var fixture = await StartAsync("ui.progress", () => $$"""{"id":"{{things++}}","text":"Copying"}""");

        for (var i = 0; i < 9; i++) await fixture.Extensions.RunCommandAsync($"{Id}.command");

        Assert.Equal(ErrorCode.QuotaExceeded, _seen);
        Assert.Equal(8, _user.Shown.Count);
    }

    [Theory]
    [InlineData("""{"view":"acme.test.page"}""", "{}")]
    [InlineData("""{"view":"acme.test.tab","object":{"group":"","kind":"Pod","name":"cart"}}""", "{}")]
    [InlineData("""{"view":"acme.test.tab","object":{"group":"apps","kind":"Deployment","name":"cart"}}""", ErrorCode.Invalid)]
    [InlineData("""{"view":"acme.test.tab"}""", ErrorCode.Invalid)]
    [InlineData("""{"view":"acme.test.page","object":{"group":"","kind":"Pod","name":"cart"}}""", ErrorCode.Invalid)]
    [InlineData("""{"view":"acme.test.card"}""", ErrorCode.Invalid)]
    [InlineData("""{"view":"acme.other.page"}""", ErrorCode.NotFound)]
    public async Task Open_OfOwnTabsAndPagesOnly_IsShown(string arguments, string seen)
    {
        await using var fixture = await StartAsync("ui.open", arguments);

        await fixture.Extensions.RunCommandAsync($"{Id}.command");

        Assert.Equal(seen, _seen);
        Assert.Equal(seen == "{}", !_user.Shown.IsEmpty);
    }

    private Task<HostFixture> StartAsync(string call, string arguments, RuntimeLimits? limits = null, string permissions = Permissions.None) => StartAsync(call, () => arguments, limits, permissions);

    /// <summary>A plugin that makes the call in whatever it does, and is lost in an action on something.</summary>
    private async Task<HostFixture> StartAsync(string call, Func<string> arguments, RuntimeLimits? limits = null, string permissions = Permissions.None)
    {
        var fixture = await HostFixture.CreateAsync("empty");
        if (limits is not null) fixture.Limits = limits;
        fixture.Supervision = fixture.Supervision with { RestartsBeforeQuarantine = 0 };
        fixture.With("acme.other", Permissions.None, _ => Task.FromResult("{}"));
        fixture.With(Id, permissions, async turn =>
        {
            if (turn.Message.Type is not (MessageType.Render or MessageType.Command or MessageType.Action)) return "{}";
            if (turn.Message.Type == MessageType.Action && turn.Payload.GetProperty("objects").GetArrayLength() > 0) throw new GuestException("lost", instanceLost: true);
            var answer = await turn.TryCallAsync(call, arguments(), turn.Message.Gesture);
            _seen = answer.Error?.Code ?? System.Text.Encoding.UTF8.GetString(answer.Ok.Span);
            return """{"type":"empty","message":"drawn"}""";
        });
        await fixture.StartAsync();
        fixture.Extensions.UserPrompts = _user;
        return fixture;
    }
}
