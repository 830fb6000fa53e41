using System.Collections.Concurrent;
using System.Text.Json;
using LazyOC.Plugins.Contracts.Messages;
using LazyOC.Plugins.Contracts.Views;
using LazyOC.Plugins.Runtime.Extensions;

namespace LazyOC.Plugins.Runtime.Tests.Extensions;

/// <summary>Input and patches: each attack beside its control.</summary>
public sealed class ViewSessionTests
{
    private const string Id = "acme.test";
    private const string ScaleTo7 = """{"resource":"deployments","namespace":"bookstore","name":"catalog","replicas":7}""";

    private const string Screen = """
        {"type":"stack","children":[
          {"type":"badge","id":"state","label":"idle"},
          {"type":"button","id":"go","label":"Go"},
          {"type":"form","id":"ask","submit":"Send","fields":[{"name":"count","label":"Count","kind":"number","required":true}]},
          {"type":"table","id":"rows","header":[{"title":"A"}],"rows":[{"id":"r1","cells":[{"text":"1"}]}],"rowActions":[{"id":"drop","title":"Drop"}]},
          {"type":"tabs","children":[{"title":"T","content":{"type":"tree","id":"tree","nodes":[{"id":"n1","label":[],"children":[{"id":"n2","label":[]}]}]}}]}]}
        """;

    private static readonly ViewInput Press = new() { Node = "go", Event = ViewEvent.Press };

    private readonly ConcurrentQueue<string> _inputs = [];
    private readonly ConcurrentDictionary<string, string> _instances = new();

    [Theory]
    [InlineData("tab")]
    [InlineData("section")]
    [InlineData("page")]
    [InlineData("card")]
    public async Task InputAsync_InAnyView_ReachesThePluginAndItsAnswerIsShown(string kind)
    {
        await using var fixture = await StartAsync(_ => Task.FromResult("""{"type":"empty","message":"pressed"}"""));
        using var view = await OpenAsync(fixture, kind);

        Assert.IsType<InvocationResult.Done>(await view.InputAsync(Press));

        Assert.Equal("pressed", Assert.IsType<ViewNode.Empty>(Content(view)).Message);
        var sent = JsonDocument.Parse(Assert.Single(_inputs)).RootElement;
        Assert.Equal(($"{Id}.{kind}", "go", "press"), (sent.GetProperty("view").GetString(), sent.GetProperty("node").GetString(), sent.GetProperty("event").GetString()));
        Assert.Equal(kind is "tab" or "section", sent.TryGetProperty("object", out _));
    }

    [Fact]
    public async Task InputAsync_AnsweredWithNull_KeepsWhatIsShown()
    {
        await using var fixture = await StartAsync(_ => Task.FromResult("null"));
        using var view = await OpenAsync(fixture, "tab");
        var before = Content(view);

        Assert.IsType<InvocationResult.Done>(await view.InputAsync(Press));

        Assert.Same(before, Content(view));
    }

    [Fact]
    public async Task InputAsync_PluginThrows_KeepsWhatIsShownAndTellsTheFailure()
    {
        await using var fixture = await StartAsync(_ => throw new GuestException("no"));
        using var view = await OpenAsync(fixture, "tab");
        var before = Content(view);

        Assert.Equal("no", Assert.IsType<InvocationResult.Faulted>(await view.InputAsync(Press)).Failure.Message);

        Assert.Same(before, Content(view));
        Assert.False(view.IsTakingInput);
    }

    [Fact]
    public async Task InputAsync_WritesDuringIt_HaveItsGestureAndNoneAfterIt()
    {
        string? kept = null;
        Answer late = default;
        await using var fixture = await StartAsync(async turn =>
        {
            if (kept is not null) late = await turn.TryCallAsync("kubernetes.scale", ScaleTo7.Replace("7", "9", StringComparison.Ordinal), kept);
            else await turn.CallAsync("kubernetes.scale", ScaleTo7);
            kept ??= turn.Message.Gesture;
            return "null";
        });
        using var view = await OpenAsync(fixture, "tab");

        Assert.IsType<InvocationResult.Done>(await view.InputAsync(Press));
        Assert.Equal(7, fixture.ReplicasOf("catalog"));

        // The token of the first input, kept for the second.
        await view.InputAsync(Press);
        Assert.Equal(ErrorCode.GestureRequired, late.Error?.Code);
        Assert.Equal(7, fixture.ReplicasOf("catalog"));
    }

    [Fact]
    public async Task InputAsync_WhileOneIsAtWork_IsAConflictAndNotSent()
    {
        var release = new TaskCompletionSource();
        await using var fixture = await StartAsync(async _ =>
        {
            await release.Task;
            return "null";
        });
        using var view = await OpenAsync(fixture, "tab");
        var first = view.InputAsync(Press);
        Assert.True(view.IsTakingInput);

        Assert.Equal(ErrorCode.Conflict, Assert.IsType<InvocationResult.Faulted>(await view.InputAsync(Press)).Failure.Code);

        release.SetResult();
        Assert.IsType<InvocationResult.Done>(await first);
        Assert.Single(_inputs);
    }

    public static TheoryData<string, ViewEvent, string?, string?, string?, bool> Inputs => new()
    {
        { "go", ViewEvent.Press, null, null, null, true },
        { "gone", ViewEvent.Press, null, null, null, false },
        { "state", ViewEvent.Press, null, null, null, false },
        { "go", ViewEvent.Submit, null, null, null, false },
        { "ask", ViewEvent.Submit, null, null, """{"count":3}""", true },
        { "ask", ViewEvent.Submit, null, null, """{"count":"3"}""", false },
        { "ask", ViewEvent.Submit, null, null, """{"count":3,"more":1}""", false },
        { "ask", ViewEvent.Submit, null, null, null, false },
        { "rows", ViewEvent.RowAction, "r1", "drop", null, true },
        { "rows", ViewEvent.RowAction, "r2", "drop", null, false },
        { "rows", ViewEvent.RowAction, "r1", "raise", null, false },
        { "rows", ViewEvent.Activate, "r1", null, null, true },
        { "tree", ViewEvent.Activate, "n2", null, null, true },
        { "tree", ViewEvent.Activate, "n3", null, null, false },
    };

    [Theory]
    [MemberData(nameof(Inputs))]
    public async Task InputAsync_ThatTheViewDoesNotOffer_IsInvalidAndNotSent(string node, ViewEvent happened, string? row, string? action, string? values, bool offered)
    {
        await using var fixture = await StartAsync(_ => Task.FromResult("null"), "empty");
        using var view = await OpenAsync(fixture, "page");

        var result = await view.InputAsync(new ViewInput { Node = node, Event = happened, Row = row, Action = action, Values = values is null ? null : JsonDocument.Parse(values).RootElement });

        if (offered) Assert.IsType<InvocationResult.Done>(result);
        else Assert.Equal(ErrorCode.Invalid, Assert.IsType<InvocationResult.Faulted>(result).Failure.Code);
        Assert.Equal(offered ? 1 : 0, _inputs.Count);
    }

    [Fact]
    public async Task InputAsync_ViewIsClosedMeanwhile_IsCancelledAndLaterInputToo()
    {
        var arrived = new TaskCompletionSource();
        await using var fixture = await StartAsync(async turn =>
        {
            arrived.SetResult();
            await Task.Delay(Timeout.Infinite, turn.CancellationToken);
            return "null";
        }, "empty");
        var view = await OpenAsync(fixture, "card");
        var input = view.InputAsync(Press);
        await arrived.Task;

        view.Dispose();

        Assert.Equal(ErrorCode.Cancelled, Assert.IsType<InvocationResult.Faulted>(await input).Failure.Code);
        Assert.Equal(ErrorCode.Cancelled, Assert.IsType<InvocationResult.Faulted>(await view.InputAsync(Press)).Failure.Code);
    }

    [Theory]
    [InlineData("""[{"id":"state","node":{"type":"badge","label":"busy"}}]""", null, "busy")]
    [InlineData("""[{"id":"state","node":{"type":"badge","label":"first"}},{"id":"state","node":{"type":"badge","label":"second"}}]""", null, "second")]
    [InlineData("""[{"id":"state","node":{"type":"badge","label":"busy"}},{"id":"gone","node":{"type":"badge","label":"x"}}]""", ErrorCode.NotFound, "idle")]
    [InlineData("""[{"id":"state","node":{"type":"badge","id":"go","label":"busy"}}]""", ErrorCode.Invalid, "idle")]
    [InlineData("""[{"id":"state","node":{"type":"button","label":"busy"}}]""", null, null)]
    [InlineData("""[{"id":"state","node":{"type":"progress","value":2}}]""", ErrorCode.Invalid, "idle")]
    [InlineData("""[]""", ErrorCode.Invalid, "idle")]
    public async Task UiUpdate_ByPatches_ReplacesAllOrNothing(string patches, string? error, string? label)
    {
        await using var fixture = await StartAsync(turn => PatchAsync(turn, _instances["tab"], patches), "empty");
        using var view = await OpenAsync(fixture, "tab");

        var answered = await view.InputAsync(Press);

        Assert.Equal(error, (answered as InvocationResult.Faulted)?.Failure.Message.Split(':')[0]);
        var state = Assert.IsType<ViewNode.Stack>(Content(view)).Children[0];
        Assert.Equal(label, (state as ViewNode.Badge)?.Label);
        Assert.Equal("state", state.Id);
    }

    [Fact]
    public async Task UiUpdate_ByPatchesOfAnotherPluginsView_IsNotFoundAndOfItsOwnShown()
    {
        const string patches = """[{"id":"state","node":{"type":"badge","label":"mine now"}}]""";
        string? foreign = null;
        Answer attack = default;
        await using var fixture = await (await HostFixture.CreateAsync("empty"))
            .With("acme.owner", Permissions.None, turn =>
            {
                if (turn.Message.Type == MessageType.Render) foreign = turn.Payload.GetProperty("instance").GetString();
                return Task.FromResult(Screen);
            })
            .With(Id, Permissions.None, async turn =>
            {
                if (turn.Message.Type == MessageType.Render) _instances["tab"] = turn.Payload.GetProperty("instance").GetString()!;
                if (turn.Message.Type != MessageType.Input) return Screen;
                attack = await turn.TryCallAsync("ui.update", $$"""{"instance":"{{foreign}}","patches":{{patches}}}""", turn.Message.Gesture);
                return await PatchAsync(turn, _instances["tab"], patches);
            })
            .StartAsync();
        using var owned = fixture.Extensions.OpenTab("acme.owner.tab", HostFixture.Pod(), 80, 20);
        using var view = fixture.Extensions.OpenTab($"{Id}.tab", HostFixture.Pod(), 80, 20);
        await fixture.UntilAsync(() => owned.State is ViewState.Ready && view.State is ViewState.Ready);

        Assert.IsType<InvocationResult.Done>(await view.InputAsync(Press));

        Assert.Equal(ErrorCode.NotFound, attack.Error?.Code);
        Assert.Equal("idle", LabelOf(owned));
        Assert.Equal("mine now", LabelOf(view));
    }

    [Theory]
    [InlineData("""{"count":3}""", true)]
    [InlineData("""{"count":0}""", false)]
    [InlineData("{}", false)]
    [InlineData(null, false)]
    public async Task RunCommandAsync_WithInputs_SendsOnlyWhatItsFieldsAccept(string? inputs, bool accepted)
    {
        string? seen = null;
        await using var fixture = await (await HostFixture.CreateAsync("empty")).With(Id, Permissions.None, turn =>
        {
            if (turn.Message.Type == MessageType.Command) seen = turn.Payload.GetProperty("inputs").GetRawText();
            return Task.FromResult("{}");
        }).StartAsync();

        var result = await fixture.Extensions.RunCommandAsync($"{Id}.ask", inputs is null ? null : JsonDocument.Parse(inputs).RootElement);

        Assert.Equal(accepted, result is InvocationResult.Done);
        Assert.Equal(accepted ? inputs : null, seen);
    }

    private static async Task<string> PatchAsync(Turn turn, string instance, string patches)
    {
        await turn.CallAsync("ui.update", $$"""{"instance":"{{instance}}","patches":{{patches}}}""");
        return "null";
    }

    private static ViewNode Content(ViewSession view) => Assert.IsType<ViewState.Ready>(view.State).Content;

    private static string LabelOf(ViewSession view) => Assert.IsType<ViewNode.Badge>(Assert.IsType<ViewNode.Stack>(Content(view)).Children[0]).Label;

    private static async Task<ViewSession> OpenAsync(HostFixture fixture, string kind)
    {
        var extensions = fixture.Extensions;
        var view = kind switch
        {
            "tab" => extensions.OpenTab($"{Id}.tab", HostFixture.Pod(), 80, 20),
            "section" => extensions.OpenSection($"{Id}.section", HostFixture.Pod(), 80, 20),
            "page" => extensions.OpenPage($"{Id}.page", 80, 20),
            _ => extensions.OpenCard($"{Id}.card", 80, 20),
        };
        await fixture.UntilAsync(() => view.State is ViewState.Ready);
        return view;
    }

    private async Task<HostFixture> StartAsync(Script onInput, string scenario = "bookstore") =>
        await (await HostFixture.CreateAsync(scenario)).With(Id, Permissions.ScaleDeployments, turn =>
        {
            if (turn.Message.Type == MessageType.Render) _instances[turn.Payload.GetProperty("view").GetString()![(Id.Length + 1)..]] = turn.Payload.GetProperty("instance").GetString()!;
            if (turn.Message.Type != MessageType.Input) return Task.FromResult(Screen);
            _inputs.Enqueue(turn.Payload.GetRawText());
            return onInput(turn);
        }).StartAsync();
}
