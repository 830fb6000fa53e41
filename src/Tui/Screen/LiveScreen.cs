using System.Collections.Concurrent;
using System.Collections.Immutable;
using LazyOC.Plugins.Contracts.Views;
using LazyOC.Tui.Operations;
using LazyOC.Tui.Overlays;
using LazyOC.Tui.PluginsScreen;
using LazyOC.Tui.Terminal;
using LazyOC.Tui.Widgets;

namespace LazyOC.Tui.Screen;

/// <summary>
/// The full-screen user interface: one loop on one thread that takes input, lets the workbench follow its sources, draws and
/// presents. Nothing on it waits for the cluster or for a plugin.
/// </summary>
public sealed partial class LiveScreen : IDisposable
{
    private readonly LiveScreenOptions _options;
    private readonly ITerminal _terminal;
    private readonly ChangeSignal _changed = new();
    private readonly ConcurrentQueue<TerminalEvent> _input = new();
    private readonly ConcurrentQueue<Action> _posted = new();
    private readonly CancellationTokenSource _closing = new();
    private readonly Dialogs _dialogs;
    private readonly PluginPrompts _prompts;
    private Workbench _workbench;
    private ObjectOperations _operations;
    private Keymap _keymap;
    private ImmutableArray<ScreenCommand> _commands;
    private (object? Contributions, object? Kind, object? Catalog, string? Namespace)? _commandsFor;
    private PluginsPage? _pluginsPage;
    private TextField? _filtering;
    private FrameSize _size;
    private CellBuffer _frame;
    private ScreenState? _shown;
    private string _chord = "";
    private long _chordAt;
    private long _presentedAt;
    private string? _exit;

    private LiveScreen(LiveScreenOptions options, ITerminal terminal)
    {
        (_options, _terminal, _size) = (options, terminal, terminal.Size);
        _dialogs = new Dialogs(_changed, TimeProvider.System) { Copy = text => terminal.CopyToClipboard(text) };
        _frame = new CellBuffer(_size.Width, _size.Height);
        _prompts = new PluginPrompts(_dialogs, OpenPluginViewAsync) { Clipboard = terminal.CopyToClipboard, Browser = options.Browser };
        _workbench = Begin(options.Session, options.Request);
        _operations = new ObjectOperations(options.Session, _dialogs, _changed) { Editor = options.Editor };
        _commands = [.. OwnCommands()];
        _keymap = new Keymap(_commands);
        ChooseTheme(options.Saved?.Read().Theme);
        OfferTour();
    }

    /// <summary>Shows the screen until the user leaves it or the terminal goes away; answers why it ended.</summary>
    /// <param name="options">What to show.</param>
    /// <param name="terminal">Where; not disposed.</param>
    /// <param name="cancellationToken">Leaves it.</param>
    public static async Task<string> RunAsync(LiveScreenOptions options, ITerminal terminal, CancellationToken cancellationToken = default)
    {
        using var screen = new LiveScreen(options, terminal);
        using var leaving = cancellationToken.Register(() => screen.Post(() => screen.Leave("it was cancelled")));
        var reading = screen.ReadInputAsync();
        var checking = Task.Run(screen.CheckPluginsAsync, CancellationToken.None);
        await Task.Factory.StartNew(screen.Loop, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        await screen._closing.CancelAsync();
        await reading;
        await checking;
        return screen._exit!;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _dialogs.Dispose();
        _pluginsPage?.Dispose();
        _workbench.Dispose();
        _closing.Dispose();
    }

    /// <summary>Runs something on the loop; from any thread.</summary>
    internal void Post(Action action)
    {
        _posted.Enqueue(action);
        _changed.Raise();
    }

    internal void Leave(string reason) => _exit ??= reason;

    /// <summary>Lets something the user started run beside the loop; a bug in it is told, and the screen goes on.</summary>
    private void Start(Task task) => _ = task.ContinueWith(
        failed =>
        {
            _options.Bug("something the user started", failed.Exception!);
            _dialogs.Notify(new Notice("that failed by a fault of LazyOC itself", TextStyle.Error) { Hint = "its log says how" });
        },
        CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);

    /// <summary>Has the registries asked, and tells of updates.</summary>
    private async Task CheckPluginsAsync()
    {
        if (_options.Plugins?.CheckAsync is not { } check) return;
        try
        {
            var updates = await check(_closing.Token);
            if (!updates.IsEmpty) _dialogs.Notify(new Notice(updates is [var one] ? $"{one} has an update" : $"{updates.Length} plugins have updates: {string.Join(", ", updates)}") { Hint = "`lazyoc plugin update` shows and makes them", Id = "plugin updates" });
        }
        catch (OperationCanceledException) when (_closing.IsCancellationRequested)
        {
            // The user leaves before the registries have answered.
        }
        catch (Exception error)
        {
            _options.Bug("asking the registries", error);
        }
    }

    private async Task ReadInputAsync()
    {
        try
        {
            await foreach (var input in _terminal.Events.ReadAllAsync(_closing.Token))
            {
                _input.Enqueue(input);
                _changed.Raise();
            }
        }
        catch (OperationCanceledException) when (_closing.IsCancellationRequested)
        {
            // The loop has ended; what is typed now is for nobody.
        }
    }

    private void Loop()
    {
        while (_exit is null)
        {
            var hadInput = TakeInput();
            while (_posted.TryDequeue(out var action))
                action();
            if (_exit is not null)
                break;
            var due = new Due();
            _workbench.Advance(_size, due);
            TellPlace();
            FollowCommands();
            FollowTour();
            ForgetChord(due);
            if (MayPresent(hadInput, due))
                Present(due);
            _changed.Wait(due.Soonest);
        }
        Save();
    }

    /// <summary>A key is answered at once; what only data changed may wait for the next frame of its own pace.</summary>
    private bool MayPresent(bool hadInput, Due due)
    {
        var rest = TuiLimits.Default.DataInterval - TimeProvider.System.GetElapsedTime(_presentedAt);
        if (hadInput || rest <= TimeSpan.Zero)
            return true;
        due.In(rest);
        return false;
    }

    private void Present(Due due)
    {
        var now = Now;
        var state = _workbench.Compose(_size);
        state = state with
        {
            List = state.List with { Typing = _filtering },
            Status = state.Status with { Hints = Hints(), Chord = _chord },
        };
        _frame.Clear();
        var canvas = new Canvas(_frame);
        if (_pluginsPage is { } page)
            DrawPluginsPage(page, canvas, state, now);
        else
            ScreenDrawing.Draw(state, canvas, now);
        DrawTour(canvas);
        OverlayDrawing.Draw(_frame, _dialogs, now);
        _terminal.Present(_frame);
        _shown = state;
        _presentedAt = TimeProvider.System.GetTimestamp();
        if (AgeTicks(state) is { } tick)
            due.In(tick);
    }

    /// <summary>When a running age on the screen shows something else; null when there is none.</summary>
    private static TimeSpan? AgeTicks(ScreenState state) => state.List.Rows.Count > 0 || state.Details is not null ? TimeSpan.FromSeconds(1) : null;

    private DateTimeOffset Now => _workbench.Session.Clock.GetUtcNow();

    private Workbench Begin(ScreenSession session, ViewRequest? request)
    {
        if (session.Extensions is { } extensions)
            extensions.UserPrompts = _prompts;
        var saved = _options.Saved?.Read().Contexts.GetValueOrDefault(session.Cluster.Context);
        return new Workbench(session, request ?? new ViewRequest(saved?.Kind ?? "pods"), _dialogs, _changed) { Saved = saved ?? new SavedContext() };
    }

    private void Save() => _options.Saved?.Write(saved => saved with
    {
        Contexts = saved.Contexts.SetItem(_workbench.Session.Cluster.Context, _workbench.Saved),
        Theme = _terminal.Theme.Name,
        TourOffered = saved.TourOffered || _options.OffersTour,
    });

    /// <summary>Keys of the focused panel, as the commands say.</summary>
    private ImmutableArray<KeyHint> Hints()
    {
        var scope = Scope;
        var own = scope switch
        {
            KeyScope.Details => _workbench.Details?.Hints ?? [],
            KeyScope.Page => _workbench.Page?.Hints ?? [],
            _ => [],
        };
        return
        [
            .. own,
            .. _commands.Where(c => c.Hint is not null && c.Scope == scope && c.WhyNot() is null).Select(HintOf),
            .. _commands.Where(c => c.Hint is not null && c.Scope == KeyScope.Global).Select(HintOf),
        ];
    }

    private static KeyHint HintOf(ScreenCommand command) => new(command.Keys[0] == "escape" ? "esc" : command.Keys[0], command.Hint!);

    private void Resize(FrameSize size)
    {
        if (size == _size)
            return;
        _size = size;
        _frame = new CellBuffer(size.Width, size.Height);
    }
}
