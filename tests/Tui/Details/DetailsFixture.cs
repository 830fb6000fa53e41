using System.Text.Json.Nodes;
using LazyOC.Cluster;
using LazyOC.Cluster.Config;
using LazyOC.Cluster.Discovery;
using LazyOC.Cluster.Simulator;
using LazyOC.Cluster.Watch;
using LazyOC.Plugins.Runtime;
using LazyOC.Tui.Details;
using LazyOC.Tui.Overlays;
using LazyOC.Tui.Panels;
using LazyOC.Tui.Screen;
using LazyOC.Tui.Terminal;

namespace LazyOC.Tui.Tests.Details;

/// <summary>A simulated cluster over HTTP and the details of one of its objects, driven as the screen's loop drives them.</summary>
internal sealed class DetailsFixture : IAsyncDisposable
{
    public static readonly FrameSize Panel = new(110, 34);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(40);

    /// <summary>Waits that do not make a test slow.</summary>
    private static readonly TuiLimits Quick = new() { RefreshInterval = TimeSpan.FromMilliseconds(20), FirstRetry = TimeSpan.FromMilliseconds(50), LongestRetry = TimeSpan.FromMilliseconds(400), LogMergeTime = TimeSpan.FromSeconds(20) };

    private readonly List<IDisposable> _open = [];

    private DetailsFixture(SimulatedCluster cluster, SimulatedClock clock, string token)
    {
        (Cluster, Clock) = (cluster, clock);
        Client = new ClusterClient(
            new ClusterOptions { Server = cluster.Server, CertificateAuthorityPem = cluster.CertificateAuthorityPem, Token = token },
            new ClusterLimits { MinBackoff = TimeSpan.FromMilliseconds(50), MaxBackoff = TimeSpan.FromMilliseconds(300) });
        Session = new ScreenSession { Cluster = new ClusterSession { Client = Client, Context = "demo", User = "kubeadmin", Namespace = "bookstore" }, Clock = clock };
        Dialogs = new Dialogs(Changed, TimeProvider.System);
    }

    public SimulatedCluster Cluster { get; }
    public SimulatedClock Clock { get; }
    public ClusterClient Client { get; }
    public ScreenSession Session { get; set; }
    public ChangeSignal Changed { get; } = new();
    public Dialogs Dialogs { get; }

    public static async Task<DetailsFixture> StartAsync(bool asDeveloper = false)
    {
        var clock = new SimulatedClock();
        var cluster = await SimulatedCluster.StartAsync(new SimulatorOptions { TimeProvider = clock, BookmarkInterval = TimeSpan.FromMilliseconds(200) });
        return new DetailsFixture(cluster, clock, asDeveloper ? cluster.DeveloperToken : cluster.Token);
    }

    /// <summary>A client beside the screen's, for comparison.</summary>
    public ClusterClient SecondClient() => new(new ClusterOptions { Server = Cluster.Server, CertificateAuthorityPem = Cluster.CertificateAuthorityPem, Token = Cluster.Token });

    /// <summary>Opens an object at a tab.</summary>
    public async Task<OpenDetails> OpenAsync(string resource, string name, string tab = "Overview", string @namespace = "bookstore", TuiLimits? limits = null)
    {
        var (kind, watch) = await WatchAsync(resource, @namespace);
        var row = watch.Current.Rows.First(r => r.Name == name || r.Name.StartsWith(name + "-", StringComparison.Ordinal));
        var details = new DetailsSource(Session, kind, row, Changed, Dialogs, DetailsSource.TitlesFor(Session, kind).IndexOf(tab), limits ?? Quick);
        _open.Add(details);
        return new OpenDetails(this, details, watch);
    }

    /// <summary>The kind and the live rows of a resource.</summary>
    public async Task<(ResourceKind Kind, ResourceWatch Watch)> WatchAsync(string resource, string @namespace = "bookstore")
    {
        var kind = (await Client.Discovery.GetAsync()).Resolve(resource)!;
        var watch = Client.Watches.Open(kind, kind.Namespaced ? @namespace : null, []);
        watch.Changed += (_, _) => Changed.Raise();
        _open.Add(watch);
        await watch.Synced.WaitAsync(Patience);
        return (kind, watch);
    }

    /// <summary>Waits until something holds, looking again at every change.</summary>
    public async Task<T> UntilAsync<T>(Func<T?> look, Func<string> describe) where T : class
    {
        using var patience = new CancellationTokenSource(Patience);
        while (true)
        {
            var next = Changed.Next;
            if (look() is { } found)
                return found;
            try
            {
                await next.WaitAsync(TimeSpan.FromMilliseconds(250), patience.Token);
            }
            catch (TimeoutException)
            {
                // Some states change without a signal, such as the cluster's own objects.
            }
            catch (OperationCanceledException)
            {
                Assert.Fail($"it did not come to pass; last was:\n{describe()}");
            }
        }
    }

    public JsonObject Pod(string app) => Cluster.Store.List("v1", "Pod", "bookstore").First(p => p["metadata"]!["labels"]?["app"]?.GetValue<string>() == app);

    public async ValueTask DisposeAsync()
    {
        foreach (var open in _open)
            open.Dispose();
        Dialogs.Dispose();
        await Client.DisposeAsync();
        await Cluster.DisposeAsync();
    }
}

/// <summary>Details that are looked at.</summary>
internal sealed class OpenDetails(DetailsFixture fixture, DetailsSource details, ResourceWatch list)
{
    public DetailsSource Details => details;

    public string Name => details.Row.Name;

    public FrameSize Size { get; set; } = DetailsFixture.Panel;

    /// <summary>One round of the loop: rows in, frame out.</summary>
    public string Frame()
    {
        if (list.Synced.IsCompletedSuccessfully)
            details.Update(list.Current.Find(details.Row.Namespace, details.Row.Name));
        details.Advance(new FrameSize(Size.Width - 4, Size.Height - 4));
        return Golden.Text(Draw());
    }

    public CellBuffer Draw()
    {
        var frame = new CellBuffer(Size.Width, Size.Height);
        DetailsPanel.Draw(new Canvas(frame), details.Compose(), focused: true);
        return frame;
    }

    /// <summary>Goes on until the frame shows a text.</summary>
    public Task<string> UntilAsync(string text) => UntilAsync(frame => frame.Contains(text, StringComparison.Ordinal));

    public Task<string> UntilAsync(Func<string, bool> holds) => fixture.UntilAsync(() => Frame() is var frame && holds(frame) ? frame : null, Frame);

    /// <summary>Presses keys, each in its text form.</summary>
    public void Press(params ReadOnlySpan<string> keys)
    {
        foreach (var key in keys)
        {
            Assert.True(KeyPress.TryParse(key, out var press), key);
            details.Handle(new TerminalEvent.KeyPressed(press));
        }
    }

    /// <summary>Types text, a key each.</summary>
    public void Type(string text)
    {
        foreach (var c in text)
            details.Handle(new TerminalEvent.KeyPressed(KeyPress.Of(c)));
    }
}
