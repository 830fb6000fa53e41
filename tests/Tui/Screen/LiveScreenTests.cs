using LazyOC.Cluster;
using LazyOC.Cluster.Config;
using LazyOC.Cluster.Simulator;
using LazyOC.Plugins.Runtime;
using LazyOC.Tui.Screen;
using LazyOC.Tui.Terminal;

namespace LazyOC.Tui.Tests.Screen;

/// <summary>The whole screen over a simulated cluster and the real client, driven by keys.</summary>
public sealed class LiveScreenTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly MemoryTerminal _terminal = TerminalOf(140, 44);
    private readonly string _saved = Path.Combine(Path.GetTempPath(), $"lazyoc-screen-{Guid.NewGuid():N}.json");
    private readonly System.Collections.Concurrent.ConcurrentBag<string> _bugs = [];
    private SimulatedCluster _cluster = null!;
    private ClusterClient _client = null!;
    private Task<string>? _running;

    public async Task InitializeAsync()
    {
        _cluster = await SimulatedCluster.StartAsync(new SimulatorOptions { TimeProvider = new SimulatedClock() });
        _client = ClientOf(_cluster);
    }

    public async Task DisposeAsync()
    {
        if (_running is { IsCompleted: false })
        {
            _terminal.Send(new TerminalEvent.Closing("the test is over"));
            await _running.WaitAsync(Patience);
        }
        await _client.DisposeAsync();
        await _cluster.DisposeAsync();
        File.Delete(_saved);
        Assert.Empty(_bugs);
    }

    [Fact]
    public async Task Start_ShowsPodsAndTheDetailsOfTheFirst()
    {
        Start();
        var text = await SeesAsync("CONTAINER");
        Assert.Contains("Pods · all namespaces", text, StringComparison.Ordinal);
        Assert.Contains("filter", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Keys_MoveFilterSortAndMark()
    {
        Start();
        await SeesAsync("1 of ");
        _terminal.Press("j", "j");
        await SeesAsync("3 of ");
        _terminal.Press("G");
        await SeesAsync(IsAtTheEnd);
        _terminal.Press("g", "g");
        await SeesAsync("1 of ");
        _terminal.Press("/");
        _terminal.Type("cart");
        await SeesAsync(" in all");
        _terminal.Press("enter", "space");
        await SeesAsync("1 marked");
        _terminal.Press("escape");
        await SeesAsync(text => !text.Contains("marked ·", StringComparison.Ordinal) && text.Contains(" /cart ", StringComparison.Ordinal));
        _terminal.Press("escape");
        await SeesAsync(text => !text.Contains(" /cart ", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("cart", "cart-", "storefront-")]
    [InlineData("!cart", "storefront-", " cart-")]
    [InlineData("~sfr", "storefront-", " cart-")]
    [InlineData("-l app=cart", "cart-", "storefront-")]
    public async Task Filter_EveryForm_ShowsWhatItSays(string filter, string shown, string hidden)
    {
        Start(new ViewRequest("pods"), "bookstore");
        await SeesAsync("storefront-");
        _terminal.Press("/");
        _terminal.Type(filter);
        _terminal.Press("enter");
        await SeesAsync(text => ListOf(text) is var list && list.Contains($" /{filter} ", StringComparison.Ordinal)
            && list.Contains(shown, StringComparison.Ordinal) && !list.Contains(hidden, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Sort_ByAColumn_OrdersAndShowsTheDirection()
    {
        Start(new ViewRequest("pods"), "bookstore");
        await SeesAsync("storefront-");
        _terminal.Press("o");
        await SeesAsync("Sort by");
        _terminal.Type("RESTARTS");
        _terminal.Press("enter");
        await SeesAsync("RESTARTS↑");
        _terminal.Press("o");
        await SeesAsync("Sort by");
        _terminal.Type("RESTARTS");
        _terminal.Press("enter", "g", "g");
        var text = await SeesAsync(text => text.Contains("RESTARTS↓", StringComparison.Ordinal) && Selected(text).Contains("recommendations-", StringComparison.Ordinal));
        Assert.Contains("CrashLoopBackOff", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Delete_Confirmed_DeletesAndDismissed_DoesNot()
    {
        _cluster.Store.Apply("""{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"aaa-doomed","namespace":"bookstore"}}""");
        Start(new ViewRequest("configmaps", "bookstore/aaa-doomed"), "bookstore");
        await SeesAsync("ConfigMap · bookstore/aaa-doomed");
        _terminal.Press("d");
        var question = await SeesAsync("Delete configmap aaa-doomed?");
        Assert.Contains("simulated", question, StringComparison.Ordinal);
        _terminal.Press("escape");
        await SeesAsync(text => !text.Contains("Delete configmap", StringComparison.Ordinal));
        Assert.NotNull(_cluster.Store.Get("v1", "ConfigMap", "bookstore", "aaa-doomed"));
        _terminal.Press("d");
        await SeesAsync("Delete configmap aaa-doomed?");
        _terminal.Press("y");
        await SeesAsync("deleted");
        Assert.Null(_cluster.Store.Get("v1", "ConfigMap", "bookstore", "aaa-doomed"));
    }

    [Fact]
    public async Task Palette_KindByItsShortName_OpensIt()
    {
        Start();
        await SeesAsync("1 of ");
        _terminal.Press(":");
        await SeesAsync("Commands");
        _terminal.Type("deploy");
        _terminal.Press("enter");
        await SeesAsync("Deployments · all namespaces");
    }

    [Fact]
    public async Task Paste_IntoTheList_DoesNothing_IntoTheFilter_IsText()
    {
        Start();
        var before = await SeesAsync("1 of ");
        _terminal.Send(new TerminalEvent.Pasted("dy\rq:q\r\u001b[2Jctrl-c"));
        _terminal.Press("j");
        await SeesAsync("2 of ");
        _terminal.Press("/");
        _terminal.Send(new TerminalEvent.Pasted("q\r:q\u001b"));
        await SeesAsync("/ q :q");
        Assert.False(_running!.IsCompleted);
    }

    [Fact]
    public async Task Watch_ObjectAppears_SelectionStaysOnItsObject()
    {
        Start(new ViewRequest("configmaps"));
        await SeesAsync("1 of ");
        _terminal.Press("j");
        var before = Selected(await SeesAsync("2 of "));
        _cluster.Store.Apply("""{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"aaa-first","namespace":"bookstore"}}""");
        var after = await SeesAsync("3 of ");
        Assert.Contains("aaa-first", after, StringComparison.Ordinal);
        Assert.Equal(before, Selected(after));
    }

    [Fact]
    public async Task Navigation_OpensAnotherKind_AndQuitKeepsWhereTheUserWas()
    {
        Start();
        await SeesAsync("1 of ");
        _terminal.Press("1", "j", "enter");
        await SeesAsync("Deployments · all namespaces");
        _terminal.Press("q");
        Assert.Equal("the user left", await _running!.WaitAsync(Patience));
        Start();
        await SeesAsync("Deployments · all namespaces");
    }

    [Fact]
    public async Task Tour_FollowsTheUser_GoesOnByItsKey_AndLeavesOnEscape()
    {
        Start(offersTour: true);
        await SeesAsync("`T` shows you around");
        await SeesAsync("1 of ");
        _terminal.Press("T");
        await SeesAsync("─ Tour ─");
        await SeesAsync("1 of 8");
        _terminal.Press("j");
        await SeesAsync("2 of 8");
        _terminal.Press("enter");
        await SeesAsync("3 of 8");
        _terminal.Press("T", "T");
        await SeesAsync("5 of 8");
        _terminal.Press("T", ":");
        await SeesAsync("Commands");
        _terminal.Press("escape");
        await SeesAsync("7 of 8");
        // Escape leaves the tour, and what was open stays.
        _terminal.Press("escape");
        await SeesAsync(text => !text.Contains("Tour", StringComparison.Ordinal) && text.Contains("[Overview]", StringComparison.Ordinal));
        _terminal.Press("q");
        await _running!.WaitAsync(Patience);
        Start(offersTour: true);
        Assert.DoesNotContain("shows you around", await SeesAsync("1 of "), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Resize_EverySize_EndsInTheFrameOfThatSize()
    {
        Start();
        await SeesAsync("CONTAINER");
        for (var i = 0; i < 200; i++)
            _terminal.Resize(new FrameSize(1 + i * 7 % 180, 1 + i * 3 % 60));
        _terminal.Resize(new FrameSize(120, 40));
        await SeesAsync(_ => _terminal.Frame is { Width: 120, Height: 40 });
    }

    private static ClusterClient ClientOf(SimulatedCluster cluster) => new(new ClusterOptions
    {
        Server = cluster.Server,
        Context = "simulated",
        ClusterName = "simulated",
        UserName = "kubeadmin",
        CertificateAuthorityPem = cluster.CertificateAuthorityPem,
        Token = cluster.Token,
    });

    private static MemoryTerminal TerminalOf(int width, int height) => new(new FrameSize(width, height));

    /// <summary>Whether the list says something like <c>17 of 17</c>.</summary>
    private static bool IsAtTheEnd(string text) => text.Split('\n').Any(line => line.Split(' ') is var words && Array.IndexOf(words, "of") is > 0 and var at && at + 1 < words.Length && words[at - 1] == words[at + 1]);

    private static string Selected(string text) => text.Split('\n').First(line => line.Contains("│ ▌", StringComparison.Ordinal))[30..80];

    /// <summary>The part of the screen that the list has.</summary>
    private static string ListOf(string text) => string.Join('\n', text.Split('\n').TakeWhile(line => !line.Contains("Pod · ", StringComparison.Ordinal)).Select(line => line.Length > 30 ? line[27..] : line));

    private void Start(ViewRequest? request = null, string? inNamespace = null, bool offersTour = false)
    {
        var session = new ScreenSession
        {
            Cluster = new ClusterSession { Client = _client, Context = "simulated", User = "kubeadmin", Namespace = "bookstore" },
            AllNamespaces = inNamespace is null,
        };
        _running = LiveScreen.RunAsync(
            new LiveScreenOptions { Session = session, Request = request, SwitchContext = (_, _) => Task.FromResult(session), Bug = (what, error) => _bugs.Add($"{what}: {error}"), Saved = new SavedScreen(_saved, _ => { }), OffersTour = offersTour },
            _terminal);
    }

    private Task<string> SeesAsync(string part) => SeesAsync(text => text.Contains(part, StringComparison.Ordinal));

    private Task<string> SeesAsync(Func<string, bool> wanted) => _terminal.WaitForAsync(wanted, Patience);
}
