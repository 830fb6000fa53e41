using System.Diagnostics;
using LazyOC.Cluster;
using LazyOC.Cluster.Config;
using LazyOC.Plugins.Runtime;
using LazyOC.Tui.Screen;
using LazyOC.Tui.Terminal;

namespace LazyOC.Cli.Commands.Bench;

/// <summary>A live screen that lists the pods of a <see cref="PodFeed"/> on a terminal in memory. Disposing leaves it.</summary>
internal sealed class BenchScreen : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly PodFeed _feed;
    private readonly ClusterClient _client;
    private readonly MemoryTerminal _terminal;
    private readonly Task _running;
    private readonly Random _random = new(1);
    private Expectation? _expected;
    private long _bytes;
    private long _allocated;

    private BenchScreen(PodFeed feed, ClusterClient client, FrameSize size)
    {
        (_feed, _client) = (feed, client);
        _terminal = new MemoryTerminal(size);
        _terminal.Presented = OnPresented;
        var session = new ScreenSession
        {
            Cluster = new ClusterSession { Client = client, Context = "bench", User = "bench", Namespace = "default", ReadOnly = true },
            AllNamespaces = true,
            Clock = TimeProvider.System,
        };
        _running = LiveScreen.RunAsync(
            new LiveScreenOptions { Session = session, Request = new ViewRequest("pods"), SwitchContext = (_, _) => Task.FromResult(session), Bug = static (what, error) => throw new InvalidOperationException(what, error) }, _terminal);
    }

    public int ChangesPerSecond
    {
        set => _feed.ChangesPerSecond = value;
    }

    /// <summary>Opens the screen and waits until all pods are listed.</summary>
    public static async Task<BenchScreen> StartAsync(int pods, FrameSize size, CancellationToken cancellationToken)
    {
        var feed = PodFeed.Start(pods);
        var screen = new BenchScreen(feed, new ClusterClient(new ClusterOptions { Server = feed.Address, Context = "bench" }), size);
        await screen._terminal.WaitForAsync(text => text.Contains("Running", StringComparison.Ordinal), Patience).WaitAsync(cancellationToken);
        return screen;
    }

    /// <summary>Moves the selection down and up again, at a person's pace, and waits each time for the frame that shows it.</summary>
    public async Task<List<KeyCost>> PressAsync(int keys, CancellationToken cancellationToken)
    {
        var costs = new List<KeyCost>();
        for (var i = 0; i < keys; i++)
        {
            await Task.Delay(_random.Next(5, 40), cancellationToken); // keys come at any moment between changes
            var expected = new Expectation(SelectedRow(_terminal.Frame!));
            Volatile.Write(ref _expected, expected);
            _terminal.Press(i % 2 == 0 ? "j" : "k");
            costs.Add(await expected.Shown.WaitAsync(Patience, cancellationToken));
        }
        return costs;
    }

    public async ValueTask DisposeAsync()
    {
        _terminal.Send(new TerminalEvent.Closing("the bench is over"));
        await _running;
        await _terminal.DisposeAsync();
        await _client.DisposeAsync();
        await _feed.DisposeAsync();
    }

    /// <summary>On the screen's loop, when a frame is out.</summary>
    private void OnPresented(CellBuffer frame)
    {
        var (bytes, allocated) = (_terminal.Bytes, GC.GetAllocatedBytesForCurrentThread());
        if (Volatile.Read(ref _expected) is { } expected && SelectedRow(frame) != expected.From)
        {
            _expected = null;
            expected.Show(bytes - _bytes, allocated - _allocated);
        }
        (_bytes, _allocated) = (bytes, allocated);
    }

    private static int SelectedRow(CellBuffer frame)
    {
        for (var y = 0; y < frame.Height; y++)
        {
            foreach (var cell in frame.Row(y))
            {
                if (cell.Style.Surface == Surface.Selected)
                    return y;
            }
        }
        return -1;
    }

    /// <summary>A key whose effect has not been shown.</summary>
    private sealed class Expectation(int from)
    {
        private readonly TaskCompletionSource<KeyCost> _shown = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly long _pressed = Stopwatch.GetTimestamp();

        /// <summary>The selected row before.</summary>
        public int From { get; } = from;

        public Task<KeyCost> Shown => _shown.Task;

        public void Show(long bytes, long allocated) => _shown.TrySetResult(new KeyCost(Stopwatch.GetElapsedTime(_pressed).TotalMilliseconds, bytes, allocated));
    }
}
