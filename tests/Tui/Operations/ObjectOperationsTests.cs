using System.Collections.Immutable;
using LazyOC.Cluster.Discovery;
using LazyOC.Cluster.Watch;
using LazyOC.Plugins.Contracts.Views;
using LazyOC.Tui.Operations;
using LazyOC.Tui.Overlays;
using LazyOC.Tui.Screen;
using LazyOC.Tui.Terminal;
using LazyOC.Tui.Tests.Details;

namespace LazyOC.Tui.Tests.Operations;

/// <summary>What is done to the objects of a simulated cluster, and what is not without a yes.</summary>
public sealed class ObjectOperationsTests : IAsyncLifetime
{
    private static readonly FrameSize Size = new(120, 40);
    private DetailsFixture _fixture = null!;
    private ObjectOperations _operations = null!;

    public async Task InitializeAsync()
    {
        _fixture = await DetailsFixture.StartAsync();
        _operations = new ObjectOperations(_fixture.Session, _fixture.Dialogs, _fixture.Changed);
    }

    public async Task DisposeAsync() => await _fixture.DisposeAsync();

    [Fact]
    public async Task DeleteAsync_Confirmed_DeletesAndSaysSo()
    {
        var (kind, rows) = await RowsAsync("configmaps", "shop-settings");
        var deleting = _operations.DeleteAsync(kind, rows);
        var asked = await AskedAsync<Confirmation>();
        Assert.Equal(("configmap shop-settings", "bookstore", "demo", "kubeadmin"), (asked.What, asked.Namespace, asked.Context, asked.User));
        Press("y");
        await deleting;
        Assert.Null(_fixture.Cluster.Store.Get("v1", "ConfigMap", "bookstore", "shop-settings"));
        Assert.Contains(_fixture.Dialogs.Notices, n => n.Text == "Deleted configmap shop-settings" && n.Style == TextStyle.Ok);
    }

    [Theory]
    [InlineData("escape")]
    [InlineData("n")]
    public async Task AnyOperation_NotConfirmed_ChangesNothing(string answer)
    {
        var before = _fixture.Cluster.Store.ResourceVersion;
        var (maps, map) = await RowsAsync("configmaps", "shop-settings");
        await RefuseAsync(_operations.DeleteAsync(maps, map));
        var (deployments, cart) = await RowsAsync("deployments", "cart");
        await RefuseAsync(_operations.RestartAsync(deployments, cart));
        var (configs, config) = await RowsAsync("buildconfigs", "storefront", "bookstore-ci");
        await RefuseAsync(_operations.StartBuildAsync(configs, config));
        await RefuseAsync(_operations.ScaleByAsync(deployments, (await RowsAsync("deployments", "newsletter")).Rows, -1));
        Assert.Equal(before, _fixture.Cluster.Store.ResourceVersion);

        async Task RefuseAsync(Task operation)
        {
            await AskedAsync<Confirmation>();
            Press(answer);
            await operation;
        }
    }

    [Fact]
    public async Task DeleteAsync_AnotherObjectOfThatNameMeanwhile_IsLeftAlone()
    {
        var (kind, rows) = await RowsAsync("configmaps", "shop-settings");
        _fixture.Cluster.Store.Delete("v1", "ConfigMap", "bookstore", "shop-settings");
        _fixture.Cluster.Store.Apply("""{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"shop-settings","namespace":"bookstore"}}""");
        var deleting = _operations.DeleteAsync(kind, rows);
        await AskedAsync<Confirmation>();
        Press("y");
        await deleting;
        Assert.NotNull(_fixture.Cluster.Store.Get("v1", "ConfigMap", "bookstore", "shop-settings"));
        Assert.Contains(_fixture.Dialogs.Notices, n => n.Style == TextStyle.Error && n.Hint is not null);
    }

    [Fact]
    public async Task DeleteWithOptionsAsync_Defaults_AsksForThemAndThenConfirms()
    {
        var (kind, rows) = await RowsAsync("deployments", "cart");
        var deleting = _operations.DeleteWithOptionsAsync(kind, rows);
        await AskedAsync<Prompt>();
        for (var i = 0; i < 10 && _fixture.Dialogs.Top is Prompt && !deleting.IsFaulted; i++)
            Press("tab", "enter");
        var asked = await AskedAsync<Confirmation>();
        Assert.StartsWith("Dependents: background. ", asked.Consequence, StringComparison.Ordinal);
        Press("y");
        await deleting;
        Assert.Null(_fixture.Cluster.Store.Get("apps/v1", "Deployment", "bookstore", "cart"));
    }

    [Fact]
    public async Task DeleteAsync_SomeFail_TellsEachAndGoesOn()
    {
        var (kind, watch) = await _fixture.WatchAsync("pods");
        var rows = watch.Current.Rows.Where(r => r.Name.StartsWith("cart", StringComparison.Ordinal) || r.Name.StartsWith("search", StringComparison.Ordinal)).Take(3).ToImmutableArray();
        var impostor = _fixture.Cluster.Store.Get("v1", "Pod", "bookstore", rows[1].Name)!;
        _fixture.Cluster.Store.Delete("v1", "Pod", "bookstore", rows[1].Name);
        impostor["metadata"]!["uid"] = null;
        _fixture.Cluster.Store.Apply(impostor.ToJsonString());
        var deleting = _operations.DeleteAsync(kind, rows);
        var asked = await AskedAsync<Confirmation>();
        Assert.Equal("3 pods", asked.What);
        Press("y");
        await deleting;
        Assert.Contains(_fixture.Dialogs.Notices, n => n.Text.StartsWith("Deleted 2 of 3 pods; 1 failed", StringComparison.Ordinal));
        Assert.Contains(_fixture.Dialogs.Notices, n => n.Style == TextStyle.Error && n.Hint is not null);
    }

    [Fact]
    public async Task RestartAsync_Deployment_RollsItsPodsOut()
    {
        var (kind, rows) = await RowsAsync("deployments", "cart");
        var restarting = _operations.RestartAsync(kind, rows);
        await AskedAsync<Confirmation>();
        Press("y");
        await restarting;
        var template = _fixture.Cluster.Store.Get("apps/v1", "Deployment", "bookstore", "cart")!["spec"]!["template"]!["metadata"]!["annotations"]!;
        Assert.NotNull(template["kubectl.kubernetes.io/restartedAt"]);
    }

    [Fact]
    public async Task RestartAsync_DeploymentConfig_IsRolledOutOnceMore()
    {
        var (kind, rows) = await RowsAsync("deploymentconfigs", "legacy-reports", "bookstore-ci");
        var before = Version();
        var restarting = _operations.RestartAsync(kind, rows);
        await AskedAsync<Confirmation>();
        Press("y");
        await restarting;
        Assert.Equal(before + 1, Version());

        long Version() => _fixture.Cluster.Store.Get("apps.openshift.io/v1", "DeploymentConfig", "bookstore-ci", "legacy-reports")!["status"]!["latestVersion"]!.GetValue<long>();
    }

    [Fact]
    public async Task StartBuildAsync_Confirmed_NamesTheNewBuild()
    {
        var (kind, rows) = await RowsAsync("buildconfigs", "storefront", "bookstore-ci");
        var starting = _operations.StartBuildAsync(kind, rows);
        await AskedAsync<Confirmation>();
        Press("y");
        await starting;
        Assert.NotNull(_fixture.Cluster.Store.Get("build.openshift.io/v1", "Build", "bookstore-ci", "storefront-8"));
        Assert.Contains(_fixture.Dialogs.Notices, n => n.Text == "Started build storefront-8");
    }

    [Fact]
    public async Task ScaleAsync_Number_ScalesAndUndoScalesBack()
    {
        var (kind, rows) = await RowsAsync("deployments", "cart");
        var scaling = _operations.ScaleAsync(kind, rows);
        var asked = await AskedAsync<Prompt>();
        Assert.Contains("cart", asked.Note, StringComparison.Ordinal);
        Press("ctrl-u", "5", "enter");
        while (!scaling.IsCompleted && _fixture.Dialogs.Top is Prompt)
            Press("enter");
        await scaling;
        Assert.Equal(5, Replicas("cart"));
        Assert.Equal("scale cart back to 2", _operations.Undoable);
        await _operations.UndoAsync();
        Assert.Equal(2, Replicas("cart"));
        Assert.Null(_operations.Undoable);
    }

    [Fact]
    public async Task ScaleByAsync_Steps_NeedNoAnswerAboveZero()
    {
        var (kind, rows) = await RowsAsync("deployments", "cart");
        await _operations.ScaleByAsync(kind, rows, 1);
        Assert.Equal(3, Replicas("cart"));
        await _operations.ScaleByAsync(kind, rows, -1);
        Assert.Equal(2, Replicas("cart"));
    }

    [Fact]
    public async Task ScaleByAsync_ToZero_AsksFirst()
    {
        var (kind, rows) = await RowsAsync("deployments", "newsletter");
        var scaling = _operations.ScaleByAsync(kind, rows, -1);
        Assert.Equal("Scale to 0", (await AskedAsync<Confirmation>()).Verb);
        Press("y");
        await scaling;
        Assert.Equal(0, Replicas("newsletter"));
    }

    [Fact]
    public async Task AnyOperation_ReadOnlySession_IsRefusedWithTheReason()
    {
        var session = _fixture.Session with { Cluster = _fixture.Session.Cluster with { ReadOnly = true } };
        var operations = new ObjectOperations(session, _fixture.Dialogs, _fixture.Changed);
        var before = _fixture.Cluster.Store.ResourceVersion;
        var (kind, rows) = await RowsAsync("deployments", "cart");
        foreach (var operation in new[] { Operation.Delete, Operation.Restart, Operation.Scale })
            Assert.Equal("the session is read-only", operations.WhyNot(operation, kind, "bookstore"));
        await operations.DeleteAsync(kind, rows);
        await operations.RestartAsync(kind, rows);
        await operations.ScaleAsync(kind, rows);
        await operations.ScaleByAsync(kind, rows, 1);
        Assert.Null(_fixture.Dialogs.Top);
        Assert.Equal(before, _fixture.Cluster.Store.ResourceVersion);
        Assert.Contains(_fixture.Dialogs.Notices, n => n.Text.EndsWith("the session is read-only", StringComparison.Ordinal) && n.Hint is not null);
    }

    [Fact]
    public async Task WhyNot_UserMayNot_NamesVerbResourceAndNamespace()
    {
        await using var developer = await DetailsFixture.StartAsync(asDeveloper: true);
        var operations = new ObjectOperations(developer.Session, developer.Dialogs, developer.Changed);
        var (kind, _) = await developer.WatchAsync("deployments");
        var reason = await developer.UntilAsync(() => operations.WhyNot(Operation.Scale, kind, "bookstore"), () => "the answer");
        Assert.StartsWith("you may not patch `deployments.apps/scale` in `bookstore`", reason, StringComparison.Ordinal);
        Assert.Null(operations.WhyNot(Operation.Scale, kind, "bookstore-data") is { } other && !other.StartsWith("you may not", StringComparison.Ordinal) ? other : null);
    }

    [Fact]
    public async Task WhyNot_KindWithoutIt_SaysSo()
    {
        var (kind, _) = await _fixture.WatchAsync("configmaps");
        Assert.Equal("there is no such thing as to scale configmaps", _operations.WhyNot(Operation.Scale, kind, "bookstore"));
    }

    private int Replicas(string deployment) => _fixture.Cluster.Store.Get("apps/v1", "Deployment", "bookstore", deployment)!["spec"]!["replicas"]!.GetValue<int>();

    private async Task<(ResourceKind Kind, ImmutableArray<ResourceRow> Rows)> RowsAsync(string resource, string name, string @namespace = "bookstore")
    {
        var (kind, watch) = await _fixture.WatchAsync(resource, @namespace);
        return (kind, [watch.Current.Rows.First(r => r.Name == name || r.Name.StartsWith(name + "-", StringComparison.Ordinal))]);
    }

    private Task<T> AskedAsync<T>() where T : Overlay => _fixture.UntilAsync(() => _fixture.Dialogs.Top as T, () => $"{_fixture.Dialogs.Top?.GetType().Name} {string.Join(" | ", _fixture.Dialogs.Notices.Select(n => n.Text))}");

    private void Press(params ReadOnlySpan<string> keys)
    {
        foreach (var key in keys)
        {
            Assert.True(KeyPress.TryParse(key, out var press), key);
            _fixture.Dialogs.Handle(new TerminalEvent.KeyPressed(press), Size);
        }
    }
}
