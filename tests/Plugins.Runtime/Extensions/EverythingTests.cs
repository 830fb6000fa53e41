using System.Collections;
using System.Collections.Immutable;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Contracts.Manifest;
using LazyOC.Plugins.Contracts.Messages;
using LazyOC.Plugins.Contracts.Versions;
using LazyOC.Plugins.Contracts.Views;
using LazyOC.Plugins.Runtime.Extensions;

namespace LazyOC.Plugins.Runtime.Tests.Extensions;

/// <summary>The fixture plugin that fills every extension point, from TypeScript through the SDK and the real engine to what the screen is given.</summary>
public sealed class EverythingTests : IAsyncLifetime
{
    private const string Id = "acme.everything";

    private readonly ScriptedUser _user = new();
    private HostFixture _fixture = null!;

    private ExtensionPoints Extensions => _fixture.Extensions;

    public async Task InitializeAsync()
    {
        _fixture = await HostFixture.CreateAsync();
        await _fixture.WithSourceAsync("tests/EndToEnd/Fixtures/everything");
        await _fixture.StartAsync();
        Extensions.UserPrompts = _user;
    }

    public async Task DisposeAsync() => await _fixture.DisposeAsync();

    [Fact]
    public void Manifest_FillsEveryExtensionPoint()
    {
        var index = Extensions.Contributions;
        foreach (var point in typeof(Contributions).GetProperties())
        {
            var offered = typeof(ContributionIndex).GetProperty(point.Name);
            Assert.True(offered is not null, $"the index does not offer {point.Name}");
            Assert.True(((IEnumerable)offered.GetValue(index)!).GetEnumerator().MoveNext(), $"the fixture contributes no {point.Name}");
        }
    }

    [Fact]
    public async Task Tab_HasEveryNodeOfTheViewTree()
    {
        using var view = await OpenTabAsync();

        var drawn = Nodes(Content(view)).Select(node => node.GetType()).ToHashSet();

        var all = typeof(ViewNode).GetCustomAttributes<JsonDerivedTypeAttribute>().Select(derived => derived.DerivedType);
        Assert.Empty(all.Except(drawn).Select(type => type.Name));
        Assert.Equal(Enum.GetValues<ChartKind>().Order(), Nodes(Content(view)).OfType<ViewNode.Chart>().Select(chart => chart.Kind).Distinct().Order());
        Assert.Equal(Enum.GetValues<FieldKind>().Order(), Nodes(Content(view)).OfType<ViewNode.Form>().Single().Fields.Select(field => field.Kind).Distinct().Order());
    }

    [Fact]
    public async Task When_OfTheFixturesTabs_DecidesWhichAreThere()
    {
        var session = _fixture.Session();
        var kind = new GroupKind("", "Pod");
        var context = session.When(await session.Client.Discovery.GetAsync(), kind, session.Namespace);

        Assert.Equal(["Everything", "Faulty", "Here"], Extensions.Contributions.For(context).TabsFor(kind).Select(tab => tab.Contribution.Title));
        Assert.Equal(["Everything", "Faulty", "Nowhere"], Extensions.Contributions.For(context with { Context = "nowhere-1" }).TabsFor(kind).Select(tab => tab.Contribution.Title));
        Assert.Equal(["K", "ctrl-t", "f7"], KeysIn(context));
        Assert.Equal(["K", "ctrl-t"], KeysIn(context with { IsReadOnly = true }));

        IEnumerable<string> KeysIn(WhenContext there) =>
            Extensions.Contributions.For(there).Keys.Select(key => key.Contribution.Key).Where(key => key != "G").Order(StringComparer.Ordinal);
    }

    [Fact]
    public async Task Column_OfNumbers_SortsByNumber()
    {
        var result = await Extensions.ComputeAsync($"{Id}.weight", [Row("a", "9"), Row("b", "10 1"), Row("c", "0")]);

        Assert.Equal([90d, 110d, 0d], Assert.IsType<ComputeResult.Computed>(result).Cells.Select(cell => cell.Sort));

        static ComputeRow Row(string name, string restarts) => new() { Object = HostFixture.Pod(name), Values = [restarts, name] };
    }

    [Fact]
    public async Task Tick_PatchesEveryOpenViewAndTheStatusItem()
    {
        using var tab = await OpenTabAsync();
        using var page = await OpenAsync(Extensions.OpenPage($"{Id}.page", 80, 20));
        using var card = await OpenAsync(Extensions.OpenCard($"{Id}.card", 30, 6));
        var rest = Assert.IsType<ViewNode.Stack>(Content(tab)).Children[1..];

        Assert.IsType<InvocationResult.Done>(await Extensions.RunCommandAsync($"{Id}.tick"));

        foreach (var view in new[] { tab, page, card }) Assert.Equal("ticks 1", TicksOf(view));
        Assert.Equal("ticks 1", Assert.IsType<StatusItemState.Set>(Assert.Single(Extensions.StatusItems).State).Text);
        Assert.All(Assert.IsType<ViewNode.Stack>(Content(tab)).Children[1..].Zip(rest), pair => Assert.Same(pair.Second, pair.First));
    }

    [Fact]
    public async Task Count_ShowsProgressAndPatchesAsItGoes()
    {
        using var tab = await OpenTabAsync();

        Assert.IsType<InvocationResult.Done>(await Extensions.RunCommandAsync($"{Id}.count", Json("""{"steps":3,"loud":true}""")));

        Assert.Equal(["count Step 1 of 3", "count Step 2 of 3", "count Step 3 of 3", "count Counted done", "Everything: Counted to 3 (Info)"], _user.Shown);
        await _fixture.UntilAsync(() => TicksOf(tab) == "ticks 3");
    }

    [Theory]
    [InlineData("remove", ViewEvent.Press, null, null, null, "remove pressed")]
    [InlineData("order", ViewEvent.Submit, null, null, """{"name":"abc","count":4,"fast":false,"secret":"hunter2"}""", "name=abc count=4 fast=false secret=*******")]
    [InlineData("rows", ViewEvent.RowAction, "row-7", "drop", null, "drop on row-7")]
    [InlineData("rows", ViewEvent.Activate, "row-7", null, null, "row-7 opened")]
    [InlineData("tree", ViewEvent.Activate, "twig", null, null, "twig opened")]
    public async Task Input_OfEachKind_IsAnsweredWithANewView(string node, ViewEvent happened, string? row, string? action, string? values, string said)
    {
        using var view = await OpenTabAsync();

        Assert.IsType<InvocationResult.Done>(await view.InputAsync(new ViewInput { Node = node, Event = happened, Row = row, Action = action, Values = values is null ? null : Json(values) }));

        Assert.Equal(said, SaidOf(view));
    }

    [Fact]
    public async Task Input_ThatIsNotAnswered_KeepsTheViewAndOneThatFaultsToo()
    {
        using var view = await OpenTabAsync();
        var before = Content(view);

        Assert.IsType<InvocationResult.Done>(await view.InputAsync(new ViewInput { Node = "keep", Event = ViewEvent.Press }));
        var faulted = Assert.IsType<InvocationResult.Faulted>(await view.InputAsync(new ViewInput { Node = "fault", Event = ViewEvent.Press }));

        Assert.Same(before, Content(view));
        Assert.Contains("pressed on purpose", faulted.Failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task FaultyTab_ShowsTheFaultWhereItsAuthorWroteIt()
    {
        using var view = Extensions.OpenTab($"{Id}.faulty", HostFixture.Pod(), 80, 20);
        await _fixture.UntilAsync(() => view.State is ViewState.Faulted);

        var failure = Assert.IsType<ViewState.Faulted>(view.State).Failure;
        Assert.Contains("faulty on purpose", failure.Message, StringComparison.Ordinal);
        Assert.Contains("plugin.ts:", failure.Stack, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("false", null, "Everything: Not asked (Muted)")]
    [InlineData("true", null, "Everything: Nobody (Accent)")]
    [InlineData("true", """{"name":"ada"}""", "Everything: It is ada (Accent)")]
    public async Task Ask_GoesByWhatTheUserAnswers(string confirmed, string? values, string notice)
    {
        _user.Reply = question => question.Contains("Shall", StringComparison.Ordinal) ? Json(confirmed) : values is null ? null : Json(values);

        Assert.IsType<InvocationResult.Done>(await Extensions.RunCommandAsync($"{Id}.ask"));

        Assert.Equal(notice, _user.Shown.Last());
    }

    [Fact]
    public async Task Open_ShowsThePage()
    {
        Assert.IsType<InvocationResult.Done>(await Extensions.RunCommandAsync($"{Id}.open"));

        Assert.Equal($"{Id}.page of nothing", Assert.Single(_user.Shown));
    }

    [Fact]
    public async Task Actions_WithInputs_AreHeldToThemAndDoWhatTheySay()
    {
        var pod = (string)_fixture.Cluster.Store.List("v1", "Pod", "bookstore")[0]["metadata"]!["name"]!;

        Assert.IsType<InvocationResult.Done>(await Extensions.RunActionAsync($"{Id}.greet", [HostFixture.Pod("a"), HostFixture.Pod("b")]));
        Assert.IsType<InvocationResult.Done>(await Extensions.RunActionAsync($"{Id}.weigh", [HostFixture.Pod("a")], Json("""{"scale":"lb","extra":2}""")));
        Assert.Equal(ErrorCode.Invalid, Assert.IsType<InvocationResult.Faulted>(await Extensions.RunActionAsync($"{Id}.remove", [HostFixture.Pod(pod)], Json("""{"word":"keep"}"""))).Failure.Code);
        Assert.NotNull(_fixture.Cluster.Store.Get("v1", "Pod", "bookstore", pod));
        Assert.IsType<InvocationResult.Done>(await Extensions.RunActionAsync($"{Id}.remove", [HostFixture.Pod(pod)], Json("""{"word":"remove"}""")));

        Assert.Equal(["Everything: Hello a, b (Ok)", "Everything: a weighs 2 lb (Plain)"], _user.Shown);
        Assert.True(_fixture.Cluster.Store.Get("v1", "Pod", "bookstore", pod) is not { } left || left["metadata"]!["deletionTimestamp"] is not null);
    }

    [Theory]
    [InlineData("runs", "Runs of bookstore-ci")]
    [InlineData("settings", "settings of bookstore-ci")]
    public async Task ListView_OfANamespace_IsRendered(string id, string text)
    {
        using var view = await OpenAsync(Extensions.OpenResourceView($"{Id}.{id}", null, "bookstore-ci", 80, 20));

        Assert.Equal(text, string.Concat(Nodes(Content(view)).OfType<ViewNode.Text>().First().Spans.Select(span => span.Text)));
    }

    [Fact]
    public async Task DetailsView_OfAnObject_IsRendered()
    {
        using var view = await OpenAsync(Extensions.OpenResourceView($"{Id}.run", new ObjectReference { Group = "tekton.dev", Kind = "PipelineRun", Namespace = "bookstore-ci", Name = "run-1" }, null, 80, 20));

        Assert.Equal("Run of run-1", string.Concat(Assert.IsType<ViewNode.Text>(Content(view)).Spans.Select(span => span.Text)));
    }

    [Fact]
    public async Task LogTransform_HidesAndStylesLines()
    {
        var shown = await Extensions.TransformLogAsync(new GroupKind("", "Pod"), new WhenContext(), new LogLinesPayload { Transform = "", Object = HostFixture.Pod(), Lines = ["GET /healthz 200", "ERROR out of books", "GET /api/books 200"] });

        Assert.Empty(shown.Failures);
        Assert.True(shown.Lines[0].IsHidden);
        Assert.Equal([("ERROR", TextStyle.Error), (" out of books", TextStyle.Strong)], shown.Lines[1].Spans.Select(span => (span.Text, span.Style)));
        Assert.True(shown.Lines[2].Spans.IsDefault);
    }

    [Theory]
    [InlineData("protected", "cart is protected", null)]
    [InlineData("precious", null, "cart is precious")]
    [InlineData("plain", null, null)]
    public async Task Hook_OnDelete_GoesByTheObjectsLabel(string label, string? denied, string? warned)
    {
        var cart = _fixture.Cluster.Store.Get("apps/v1", "Deployment", "bookstore", "cart")!;
        cart["metadata"]!["labels"]!["everything"] = label;
        _fixture.Cluster.Store.Apply(cart.ToJsonString());

        var verdict = await Extensions.AskHooksAsync(await ChangeAsync("delete"));

        Assert.Empty(verdict.Unanswered);
        Assert.Equal(denied, verdict.Denials.SingleOrDefault()?.Text);
        Assert.Equal(warned, verdict.Warnings.SingleOrDefault()?.Text);
    }

    [Fact]
    public async Task Hook_OnScale_BringsDownWhatIsTooMany()
    {
        var verdict = await Extensions.AskHooksAsync(await ChangeAsync("scale") with { Replicas = 50, CanBePatched = true });

        Assert.Equal(5, verdict.Patched!.Value.GetProperty("spec").GetProperty("replicas").GetInt32());
    }

    [Fact]
    public async Task Hook_AfterAChange_IsTold()
    {
        Extensions.TellHooks(await ChangeAsync("delete"));

        await _fixture.UntilAsync(() => Extensions.StatusItems.Any(item => item.State is StatusItemState.Set { Text: "saw delete of cart" }));
    }

    [Fact]
    public async Task Relations_LeadToWhatTheySay()
    {
        var cart = new ObjectReference { Group = "apps", Kind = "Deployment", Namespace = "bookstore", Name = "cart" };
        foreach (var relation in Extensions.Contributions.RelationsFrom(new GroupKind("apps", "Deployment")))
            Assert.NotEmpty(Assert.IsType<RelatedObjects.Found>(await Extensions.FollowAsync(relation.Contribution, cart)).Objects);
    }

    [Fact]
    public void Template_IsTheFileOfThePackage() =>
        Assert.Contains("kind: ConfigMap", Extensions.Contributions.TextOf(Assert.Single(Extensions.Contributions.Templates)), StringComparison.Ordinal);

    [Fact]
    public async Task Swap_ForAnotherVersion_KeepsTheState()
    {
        await Extensions.RunCommandAsync($"{Id}.tick");
        using var view = await OpenTabAsync();
        Assert.Equal("ticks 1", TicksOf(view));
        var installed = Assert.Single(_fixture.Plugins);

        await _fixture.Host.ApplyAsync([installed with
        {
            Manifest = installed.Manifest with { Version = SemanticVersion.Parse("1.0.1") },
            Entry = installed.Entry with { Version = SemanticVersion.Parse("1.0.1"), Digest = Digest.Of("another"u8) },
        }]);
        await Extensions.RunCommandAsync($"{Id}.tick");

        Assert.Equal("1.0.1", _fixture.Status(Id).Version);
        await _fixture.UntilAsync(() => view.State is ViewState.Ready && TicksOf(view) == "ticks 2");
    }

    private async Task<UserChange> ChangeAsync(string verb) => new()
    {
        Kind = (await _fixture.Session().Client.Discovery.GetAsync()).FindKind("apps", "Deployment")!,
        Verb = verb,
        Reference = new ObjectReference { Group = "apps", Kind = "Deployment", Namespace = "bookstore", Name = "cart" },
    };

    private Task<ViewSession> OpenTabAsync() => OpenAsync(Extensions.OpenTab($"{Id}.tab", HostFixture.Pod(), 80, 20));

    private async Task<ViewSession> OpenAsync(ViewSession view)
    {
        await _fixture.UntilAsync(() => view.State is not ViewState.Pending);
        return view;
    }

    private static ViewNode Content(ViewSession view) => view.State is ViewState.Ready ready ? ready.Content : throw new InvalidOperationException(view.State.ToString());

    private static string TicksOf(ViewSession view) => Nodes(Content(view)).OfType<ViewNode.Badge>().Single(badge => badge.Id == "ticks").Label;

    private static string SaidOf(ViewSession view) => Nodes(Content(view)).OfType<ViewNode.Text>().Single(text => text.Id == "said").Spans[^1].Text;

    private static IEnumerable<ViewNode> Nodes(ViewNode node) => ((IEnumerable<ViewNode>)(node switch
    {
        ViewNode.Stack stack => stack.Children,
        ViewNode.Columns columns => columns.Children,
        ViewNode.Tabs tabs => tabs.Children.Select(page => page.Content).ToImmutableArray(),
        _ => [],
    })).SelectMany(Nodes).Prepend(node);

    private static JsonElement Json(string text) => JsonDocument.Parse(text).RootElement;
}
