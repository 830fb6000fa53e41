using LazyOC.Cluster;
using LazyOC.Cluster.Config;
using LazyOC.Cluster.Errors;
using LazyOC.Cluster.Simulator;
using LazyOC.Plugins.Runtime;
using LazyOC.Tui.Screen;

namespace LazyOC.Tui.Tests.Screen;

/// <summary>Frames of a simulated cluster, over the real client.</summary>
public sealed class SettledFrameTests : IAsyncLifetime
{
    private static readonly FrameSize Size = new(160, 48);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly SimulatedClock _clock = new();
    private SimulatedCluster _cluster = null!;
    private ClusterClient _client = null!;

    public async Task InitializeAsync()
    {
        _cluster = await SimulatedCluster.StartAsync(new SimulatorOptions { TimeProvider = _clock });
        _client = ClientFor(_cluster.Token);
    }

    public async Task DisposeAsync()
    {
        await _client.DisposeAsync();
        await _cluster.DisposeAsync();
    }

    [Theory]
    [InlineData("pods", "READY")]
    [InlineData("deploy", "UP-TO-DATE")]
    [InlineData("nodes", "ROLES")]
    [InlineData("routes", "HOST/PORT")]
    [InlineData("configmaps", "DATA")]
    [InlineData("pipelineruns.tekton.dev", "No pipelineruns in bookstore")]
    public async Task RenderAsync_List_ShowsItsColumnsAndAllCounts(string resource, string column)
    {
        var text = await FrameAsync(new ViewRequest(resource));
        Assert.Contains(column, text, StringComparison.Ordinal);
        Assert.Contains("OpenShift, Kubernetes v", text, StringComparison.Ordinal);
        Assert.Contains("Custom resources", text, StringComparison.Ordinal);
        Assert.Matches(@"Deployments +[1-9]", text);
        Assert.DoesNotMatch(@"│ +[A-Z][A-Za-z]+ +… │", text);
    }

    [Theory]
    [InlineData(null, "CONTAINER")]
    [InlineData("yaml", "apiVersion: v1")]
    [InlineData("Events", "REASON")]
    [InlineData("LOGS", "[Logs]")]
    public async Task RenderAsync_Pod_ShowsTheTab(string? tab, string expected)
    {
        var text = await FrameAsync(new ViewRequest("po", FirstPod, tab));
        Assert.Contains(expected, text, StringComparison.Ordinal);
        Assert.Contains($"Pod · bookstore/{FirstPod}", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RenderAsync_AllNamespaces_AddsTheNamespaceColumn()
    {
        var text = await FrameAsync(new ViewRequest("statefulsets"), session => session with { AllNamespaces = true });
        Assert.Contains("NAMESPACE", text, StringComparison.Ordinal);
        Assert.Contains("bookstore-data", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RenderAsync_ObjectInAnotherNamespace_IsFound()
    {
        var name = _cluster.Store.List("v1", "Pod", "bookstore-data")[0]["metadata"]!["name"]!.GetValue<string>();
        Assert.Contains($"Pod · bookstore-data/{name}", await FrameAsync(new ViewRequest("pods", $"bookstore-data/{name}")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task RenderAsync_AgesFollowTheSessionsClock()
    {
        var early = await FrameAsync(new ViewRequest("nodes"));
        _clock.Advance(TimeSpan.FromDays(10));
        Assert.Contains("94d", early, StringComparison.Ordinal);
        Assert.Contains("104d", await FrameAsync(new ViewRequest("nodes")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("podz", null, null, "no kind `podz`", "`pods`")]
    [InlineData("pods", "nope", null, "no Pod `nope` in `bookstore`", "there are")]
    [InlineData("pods", "cart-", null, "no Pod `cart-` in `bookstore`", "did you mean `cart-")]
    [InlineData("pods", null, "Loggs", "`Pod` has no tab `Loggs`", "`Logs`")]
    public async Task RenderAsync_NothingOfThatName_SaysWhatIsNear(string resource, string? name, string? tab, string message, string hint)
    {
        var result = await SettledFrame.RenderAsync(Session(_client), new ViewRequest(resource, name, tab), Size, Patience);
        var missing = Assert.IsType<FrameResult.NotFound>(result);
        Assert.Contains(message, missing.Message, StringComparison.Ordinal);
        Assert.Contains(hint, missing.Hint, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RenderAsync_ListTheUserMayNotSee_ShowsCauseAndHint()
    {
        await using var developer = ClientFor(_cluster.DeveloperToken);
        var result = await SettledFrame.RenderAsync(Session(developer), new ViewRequest("nodes"), Size, Patience);
        var text = Golden.Text(Assert.IsType<FrameResult.Frame>(result).Cells);
        Assert.Contains("✗ ", text, StringComparison.Ordinal);
        Assert.Contains("hint: ", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RenderAsync_ExpiredToken_IsUnavailable()
    {
        await using var stranger = ClientFor("expired");
        var result = await SettledFrame.RenderAsync(Session(stranger), new ViewRequest("pods"), Size, Patience);
        Assert.IsType<UnauthorizedException>(Assert.IsType<FrameResult.Unavailable>(result).Cause);
    }

    [Fact]
    public async Task RenderAsync_NoTime_SaysWhatItWaitedFor()
    {
        // With so many pods that their list does not come while the frame is drawn.
        await using var cluster = await SimulatedCluster.StartAsync(new SimulatorOptions { TimeProvider = _clock, Scenario = "large" });
        await using var client = ClientFor(cluster.Token, cluster);
        await client.Discovery.GetAsync();
        var result = await SettledFrame.RenderAsync(Session(client), new ViewRequest("pods"), Size, TimeSpan.Zero);
        var partial = Assert.IsType<FrameResult.NotSettled>(result);
        Assert.Contains("list of pods", partial.Waits);
        Assert.Contains("… listing pods", Golden.Text(partial.Partial), StringComparison.Ordinal);
    }

    [Fact]
    public async Task RenderAsync_Cancelled_Throws() =>
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => SettledFrame.RenderAsync(Session(_client), new ViewRequest("pods"), Size, Patience, new CancellationToken(canceled: true)));

    [Fact]
    public async Task RenderAsync_Done_LeavesNoWatchBehind()
    {
        await FrameAsync(new ViewRequest("pods"));
        Assert.Equal(0, _client.Watches.Count);
    }

    private string FirstPod => _cluster.Store.List("v1", "Pod", "bookstore")[0]["metadata"]!["name"]!.GetValue<string>();

    private async Task<string> FrameAsync(ViewRequest request, Func<ScreenSession, ScreenSession>? change = null)
    {
        var session = Session(_client);
        var result = await SettledFrame.RenderAsync(change?.Invoke(session) ?? session, request, Size, Patience);
        return Golden.Text(Assert.IsType<FrameResult.Frame>(result).Cells);
    }

    private ScreenSession Session(ClusterClient client) => new()
    {
        Cluster = new ClusterSession { Client = client, Context = "demo", User = "kubeadmin", Namespace = "bookstore" },
        Clock = _clock,
    };

    private ClusterClient ClientFor(string token, SimulatedCluster? cluster = null) => new(new ClusterOptions
    {
        Server = (cluster ?? _cluster).Server,
        CertificateAuthorityPem = (cluster ?? _cluster).CertificateAuthorityPem,
        Token = token,
    });
}
