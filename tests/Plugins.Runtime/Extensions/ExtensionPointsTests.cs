using System.Collections.Concurrent;
using System.Collections.Immutable;
using LazyOC.Plugins.Contracts.Manifest;
using LazyOC.Plugins.Contracts.Messages;
using LazyOC.Plugins.Contracts.Views;
using LazyOC.Plugins.Runtime.Extensions;

namespace LazyOC.Plugins.Runtime.Tests.Extensions;

public sealed class ExtensionPointsTests
{
    private const string Id = "acme.test";

    [Fact]
    public async Task Contributions_AreFoundByKind()
    {
        await using var fixture = await (await HostFixture.CreateAsync("empty")).With(Id, Permissions.None, _ => Task.FromResult("{}")).StartAsync();
        var index = fixture.Extensions.Contributions;

        Assert.Equal($"{Id}.column", Assert.Single(index.ColumnsFor(new GroupKind("", "Pod"))).Contribution.Id);
        Assert.Equal($"{Id}.tab", Assert.Single(index.TabsFor(new GroupKind("", "Pod"))).Contribution.Id);
        Assert.Equal($"{Id}.action", Assert.Single(index.ActionsFor(new GroupKind("apps", "Deployment"))).Contribution.Id);
        Assert.Empty(index.TabsFor(new GroupKind("apps", "Deployment")));
        Assert.Empty(fixture.Starts);
    }

    [Theory]
    [InlineData(Permissions.ReadPods, "Running")]
    [InlineData(Permissions.None, "nothing")]
    public async Task ComputeAsync_HandsOverValuesOnlyWithGetPermission(string permissions, string seen)
    {
        await using var fixture = await (await HostFixture.CreateAsync("empty")).With(Id, permissions, Echo).StartAsync();

        var result = await fixture.Extensions.ComputeAsync($"{Id}.column", Rows(450));

        var cells = Assert.IsType<ComputeResult.Computed>(result).Cells;
        Assert.Equal(450, cells.Length);
        Assert.Equal($"pod-449 {seen}", cells[449].Text);
    }

    [Fact]
    public async Task ComputeAsync_RowsBeyondAMessage_AreSentInParts()
    {
        await using var fixture = await (await HostFixture.CreateAsync("empty")).With(Id, Permissions.ReadPods, Echo).StartAsync();
        var rows = Rows(40).Select(r => r with { Values = [new string('x', 100_000)] }).ToImmutableArray();

        Assert.Equal(40, Assert.IsType<ComputeResult.Computed>(await fixture.Extensions.ComputeAsync($"{Id}.column", rows)).Cells.Length);
    }

    [Fact]
    public async Task ComputeAsync_TooFewCells_Faults()
    {
        await using var fixture = await (await HostFixture.CreateAsync("empty")).With(Id, Permissions.ReadPods, _ => Task.FromResult("""{"cells":[]}""")).StartAsync();

        var failure = Assert.IsType<ComputeResult.Faulted>(await fixture.Extensions.ComputeAsync($"{Id}.column", Rows(2))).Failure;

        Assert.Equal(("invalid-answer", "the answer to `compute` has 0 cells for 2 rows"), (failure.Code, failure.Message));
    }

    [Fact]
    public async Task UiUpdate_OfOneOfTwoViewsOfATab_LeavesTheOtherAlone()
    {
        var instances = new ConcurrentDictionary<string, string>();
        await using var fixture = await (await HostFixture.CreateAsync("empty")).With(Id, Permissions.None, async turn =>
        {
            if (turn.Message.Type == MessageType.Render) instances[turn.Payload.GetProperty("object").GetProperty("name").GetString()!] = turn.Payload.GetProperty("instance").GetString()!;
            if (turn.Message.Type == MessageType.Command) await turn.CallAsync("ui.update", Update(instances["cart"], "new"));
            return """{"type":"empty","message":"old"}""";
        }).StartAsync();
        using var cart = fixture.Extensions.OpenTab($"{Id}.tab", HostFixture.Pod("cart"), 80, 20);
        using var till = fixture.Extensions.OpenTab($"{Id}.tab", HostFixture.Pod("till"), 80, 20);
        await fixture.UntilAsync(() => MessageOf(cart) == "old" && MessageOf(till) == "old");

        Assert.IsType<InvocationResult.Done>(await fixture.Extensions.RunCommandAsync($"{Id}.command", null));

        await fixture.UntilAsync(() => MessageOf(cart) == "new");
        Assert.Equal("old", MessageOf(till));
        Assert.NotEqual(instances["cart"], instances["till"]);
    }

    [Theory]
    [InlineData("of a closed view")]
    [InlineData("of another plugin's view")]
    [InlineData("by the contribution")]
    public async Task UiUpdate_OfAViewThatIsNotOpenForThePlugin_IsNotFoundAndNoViolation(string which)
    {
        var instances = new ConcurrentQueue<string>();
        Answer answer = default;
        Task<string> Script(Turn turn)
        {
            if (turn.Message.Type == MessageType.Render) instances.Enqueue(turn.Payload.GetProperty("instance").GetString()!);
            return Task.FromResult("""{"type":"empty","message":"old"}""");
        }
        await using var fixture = await (await HostFixture.CreateAsync("empty"))
            .With("acme.owner", Permissions.None, Script)
            .With(Id, Permissions.None, async turn =>
            {
                if (turn.Message.Type == MessageType.Command)
                    answer = await turn.TryCallAsync("ui.update", Update(which == "by the contribution" ? $"{Id}.tab" : instances.Single(), "mine now"), null);
                return await Script(turn);
            })
            .StartAsync();
        using var view = fixture.Extensions.OpenTab($"{(which == "of a closed view" ? Id : "acme.owner")}.tab", HostFixture.Pod(), 80, 20);
        await fixture.UntilAsync(() => MessageOf(view) == "old");
        if (which == "of a closed view") view.Dispose();

        Assert.IsType<InvocationResult.Done>(await fixture.Extensions.RunCommandAsync($"{Id}.command", null));

        Assert.Equal(ErrorCode.NotFound, answer.Error?.Code);
        Assert.Equal("old", MessageOf(view));
        Assert.Equal(0, fixture.Status(Id).Account.Refused);
    }

    [Fact]
    public async Task UiUpdate_ThatWaitsWhenItsPluginIsStopped_IsNotShown()
    {
        await using var fixture = await (await HostFixture.CreateAsync("empty")).With(Id, Permissions.None, _ => Task.FromResult("""{"type":"empty","message":"old"}""")).StartAsync();
        using var stopped = fixture.Extensions.OpenTab($"{Id}.tab", HostFixture.Pod("cart"), 80, 20);
        using var other = fixture.Extensions.OpenTab($"{Id}.tab", HostFixture.Pod("till"), 80, 20);
        await fixture.UntilAsync(() => MessageOf(stopped) == "old" && MessageOf(other) == "old");
        UpdateTwice(stopped);

        stopped.Fail(new PluginFailure(stopped.View.Plugin, "Plugin", ErrorCode.PermissionDenied, "quarantined"));

        // The other view's second update waits at least as long as the first view's did.
        UpdateTwice(other);
        await fixture.UntilAsync(() => MessageOf(other) == "second");
        Assert.IsType<ViewState.Faulted>(stopped.State);

        static void UpdateTwice(ViewSession view)
        {
            view.Update(new ViewNode.Empty { Message = "first" });
            view.Update(new ViewNode.Empty { Message = "second" });
        }
    }

    [Fact]
    public async Task UiStatus_OfAnotherPluginsItem_IsNotFound()
    {
        Answer answer = default;
        await using var fixture = await (await HostFixture.CreateAsync("empty"))
            .With("acme.owner", Permissions.None, _ => Task.FromResult("{}"))
            .With(Id, Permissions.None, async turn =>
            {
                if (turn.Message.Type == MessageType.Command) answer = await turn.TryCallAsync("ui.status", """{"item":"acme.owner.status","text":"mine now"}""", null);
                return "{}";
            })
            .StartAsync();

        await fixture.Extensions.RunCommandAsync($"{Id}.command", null);

        Assert.Equal(ErrorCode.NotFound, answer.Error?.Code);
        Assert.All(fixture.Extensions.StatusItems, i => Assert.IsNotType<StatusItemState.Set>(i.State));
    }

    [Fact]
    public async Task UiStatus_WithControlCharacters_IsOneLine()
    {
        await using var fixture = await (await HostFixture.CreateAsync("empty")).With(Id, Permissions.None, async turn =>
        {
            await turn.CallAsync("ui.status", $$"""{"item":"{{Id}}.status","text":"a\nb\u001b[31m","style":"ok"}""");
            return "{}";
        }, "onStartup").StartAsync();

        await fixture.Extensions.WhenSettledAsync().WaitAsync(TimeSpan.FromSeconds(30));

        Assert.Equal(new StatusItemState.Set("a b [31m", TextStyle.Ok), Assert.Single(fixture.Extensions.StatusItems).State);
    }

    [Fact]
    public async Task OpenTab_MoreThanAPluginMayHave_Faults()
    {
        await using var fixture = await HostFixture.CreateAsync("empty");
        fixture.Limits = new RuntimeLimits { OpenViews = 1 };
        await fixture.With(Id, Permissions.None, _ => Task.FromResult("""{"type":"empty","message":"x"}""")).StartAsync();
        using var first = fixture.Extensions.OpenTab($"{Id}.tab", HostFixture.Pod(), 80, 20);
        using var second = fixture.Extensions.OpenTab($"{Id}.tab", HostFixture.Pod(), 80, 20);

        Assert.Equal(ErrorCode.QuotaExceeded, Assert.IsType<ViewState.Faulted>(second.State).Failure.Code);
    }

    private static string Update(string instance, string message) => $$$"""{"instance":"{{{instance}}}","content":{"type":"empty","message":"{{{message}}}"}}""";

    private static string? MessageOf(ViewSession view) => view.State is ViewState.Ready { Content: ViewNode.Empty empty } ? empty.Message : null;

    private static Task<string> Echo(Turn turn)
    {
        if (turn.Message.Type != MessageType.Compute) return Task.FromResult("{}");
        var cells = turn.Payload.GetProperty("rows").EnumerateArray().Select(row =>
        {
            var values = row.GetProperty("values");
            var value = values.GetArrayLength() == 0 ? "nothing" : values[0].GetString();
            return $$"""{"text":"{{row.GetProperty("object").GetProperty("name").GetString()}} {{(value!.Length > 100 ? "long" : value)}}"}""";
        });
        return Task.FromResult($$"""{"cells":[{{string.Join(',', cells)}}]}""");
    }

    private static ImmutableArray<ComputeRow> Rows(int count) =>
        [.. Enumerable.Range(0, count).Select(i => new ComputeRow { Object = HostFixture.Pod($"pod-{i}"), Values = ["Running"] })];
}
