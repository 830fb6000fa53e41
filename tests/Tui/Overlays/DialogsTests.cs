using System.Text;
using LazyOC.Plugins.Contracts.Views;
using LazyOC.Tui.Overlays;
using LazyOC.Tui.Screen;
using LazyOC.Tui.Terminal;

namespace LazyOC.Tui.Tests.Overlays;

public sealed class DialogsTests : IDisposable
{
    private static readonly FrameSize Size = new(80, 24);
    private readonly ManualTime _time = new();
    private readonly ChangeSignal _changed = new();
    private readonly Dialogs _dialogs;

    public DialogsTests() => _dialogs = new Dialogs(_changed, _time);

    public void Dispose() => _dialogs.Dispose();

    [Fact]
    public async Task AskAsync_Answered_GivesTheAnswerAndCloses()
    {
        var asked = _dialogs.AskAsync(new Question());
        Assert.True(Press('7'));
        Assert.Equal('7', await asked);
        Assert.Null(_dialogs.Top);
        Assert.Equal(0, _dialogs.Count);
    }

    [Fact]
    public async Task AskAsync_Dismissed_GivesDefault()
    {
        var asked = _dialogs.AskAsync(new Question());
        _dialogs.Handle(new TerminalEvent.KeyPressed(new KeyPress(Key.Escape)), Size);
        Assert.Equal(default, await asked);
        Assert.Equal(0, _dialogs.Count);
    }

    [Theory]
    [InlineData(false, 0)]
    [InlineData(true, 1)]
    public void Handle_ClickOutside_DismissesUnlessModal(bool modal, int left)
    {
        _dialogs.Open(new Question { Modal = modal });
        _dialogs.Handle(new TerminalEvent.Mouse(MouseAction.Press, 79, 23, KeyModifiers.None), Size);
        Assert.Equal(left, _dialogs.Count);
    }

    [Fact]
    public void Handle_NothingOpen_LeavesTheInputToTheScreen() => Assert.False(Press('a'));

    [Fact]
    public void Handle_ResizeWhileOpen_LeavesItToTheScreen()
    {
        _dialogs.Open(new Question());
        Assert.False(_dialogs.Handle(new TerminalEvent.Resized(Size), Size));
    }

    [Fact]
    public async Task AskAsync_TwoOpen_AnswersTheUpperFirst()
    {
        var lower = _dialogs.AskAsync(new Question());
        var upper = _dialogs.AskAsync(new Question());
        Press('1');
        Press('2');
        Assert.Equal('1', await upper);
        Assert.Equal('2', await lower);
    }

    [Fact]
    public async Task AskAsync_Cancelled_ClosesItAndNoOther()
    {
        using var cancel = new CancellationTokenSource();
        var lower = _dialogs.AskAsync(new Question(), cancel.Token);
        var upper = _dialogs.AskAsync(new Question());
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => lower);
        Assert.Equal(1, _dialogs.Count);
        Press('2');
        Assert.Equal('2', await upper);
    }

    [Fact]
    public async Task AskAsync_AlreadyCancelled_NeverStaysOpen()
    {
        var asked = _dialogs.AskAsync(new Question(), new CancellationToken(canceled: true));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asked);
        Assert.Equal(0, _dialogs.Count);
    }

    [Fact]
    public async Task AskAsync_AfterDispose_IsDismissed()
    {
        var open = _dialogs.AskAsync(new Question());
        _dialogs.Dispose();
        Assert.Equal(default, await open);
        Assert.Equal(default, await _dialogs.AskAsync(new Question()));
    }

    [Fact]
    public void Handle_Unsolicited_WaitsBelowAndIsDeafAtFirst()
    {
        _dialogs.Open(new Question());
        var unasked = _dialogs.AskAsync(new Question { Unsolicited = true });
        Assert.False(_dialogs.Top!.Unsolicited);
        _time.Advance(TimeSpan.FromSeconds(5));
        Press('1');
        Assert.True(_dialogs.Top!.Unsolicited);

        for (var i = 0; i < 10; i++)
        {
            Assert.True(Press('y')); // typed for what was there a moment ago
            _time.Advance(OverlayLimits.Default.Deaf / 2);
        }
        Assert.False(unasked.IsCompleted);
        _time.Advance(OverlayLimits.Default.Deaf);
        Press('y');
        Assert.True(unasked.IsCompleted);
    }

    [Fact]
    public async Task Change_WhileOpen_IsWhatTheNextInputMeets()
    {
        var dialog = _dialogs.Open(new Question());
        dialog.Change(overlay => (Question)overlay with { Shift = 1 });
        Press('a');
        Assert.Equal('b', await dialog.Answer);
        dialog.Change(_ => throw new InvalidOperationException("it is closed"));
    }

    [Fact]
    public void Open_MoreThanTheLimit_DismissesTheLowest()
    {
        var first = _dialogs.AskAsync(new Question());
        for (var i = 0; i < OverlayLimits.Default.Open; i++)
            _dialogs.Open(new Question());
        Assert.True(first.IsCompleted);
        Assert.Equal(OverlayLimits.Default.Open, _dialogs.Count);
    }

    [Fact]
    public async Task AskAsync_FromManyThreads_AnswersEachOnceAndLeavesNothing()
    {
        using var cancel = new CancellationTokenSource();
        var dialogs = new Dialogs(_changed, _time, new OverlayLimits { Open = 1_000 });
        var asked = Enumerable.Range(0, 400).Select(i => Task.Run(async () =>
        {
            try
            {
                var answer = await dialogs.AskAsync(new Question { Unsolicited = i % 3 == 0 }, i % 2 == 0 ? cancel.Token : default);
                return answer == 'x' ? 1 : 0;
            }
            catch (OperationCanceledException)
            {
                return 0;
            }
        })).ToArray();
        var answered = 0;
        while (asked.Any(task => !task.IsCompleted))
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            if (dialogs.Handle(new TerminalEvent.KeyPressed(KeyPress.Of('x')), Size) && ++answered == 100)
                await cancel.CancelAsync();
            await Task.Yield();
        }
        Assert.InRange((await Task.WhenAll(asked)).Sum(), 200, 400);
        Assert.Equal(0, dialogs.Count);
        dialogs.Dispose();
    }

    [Fact]
    public async Task AskAsync_TokenThatLives_KeepsNoClosedDialog()
    {
        using var session = new CancellationTokenSource();
        var closed = await AskAndAnswerAsync(session.Token);
        for (var i = 0; i < 100 && closed.IsAlive; i++)
        {
            await Task.Delay(10); // the registration is ended on the pool
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }
        Assert.False(closed.IsAlive);

        async Task<WeakReference> AskAndAnswerAsync(CancellationToken token)
        {
            var dialog = _dialogs.Open(new Question(), token);
            Press('1');
            await dialog.Answer;
            return new WeakReference(dialog);
        }
    }

    [Fact]
    public async Task Handle_OverlayStaysAndCopies_GivesTheTextToTheClipboard()
    {
        var copied = new StringBuilder();
        using var dialogs = new Dialogs(_changed, _time) { Copy = text => copied.Append(text) };
        var asked = dialogs.AskAsync(new Question());
        dialogs.Handle(new TerminalEvent.Pasted("copy me"), Size);
        Assert.Equal("copy me", copied.ToString());
        Assert.False(asked.IsCompleted);
        dialogs.Dispose();
        await asked;
    }

    [Fact]
    public void Notify_TimePasses_FadesByTheClockAndStaysInTheHistory()
    {
        _dialogs.Notify(new Notice("deleted pod a", TextStyle.Ok));
        _dialogs.Notify(new Notice("cannot delete pod b", TextStyle.Error));
        Assert.Equal(2, _dialogs.Notices.Length);
        _time.Advance(TimeSpan.FromSeconds(6));
        Assert.Equal("cannot delete pod b", Assert.Single(_dialogs.Notices).Text);
        _time.Advance(TimeSpan.FromSeconds(10));
        Assert.Empty(_dialogs.Notices);
        Assert.Equal(0, _time.Armed);
        Assert.Equal(2, _dialogs.Board.History.Count);
    }

    [Fact]
    public void Notify_SameId_TakesThePlaceOfTheOneBefore()
    {
        _dialogs.Notify(new Notice("half") { Id = "copy", Lasts = true, Progress = 0.5 });
        _time.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal("half", Assert.Single(_dialogs.Notices).Text);
        _dialogs.Notify(new Notice("done", TextStyle.Ok) { Id = "copy" });
        Assert.Equal("done", Assert.Single(_dialogs.Notices).Text);
        Assert.Single(_dialogs.Board.History);
    }

    [Fact]
    public void Notify_VeryMany_KeepsTheNewest()
    {
        for (var i = 0; i < 1_000; i++)
            _dialogs.Notify(new Notice($"notice {i}"));
        Assert.Equal(OverlayLimits.Default.ShownNotices, _dialogs.Notices.Length);
        Assert.Equal(OverlayLimits.Default.KeptNotices, _dialogs.Board.History.Count);
        Assert.Equal("notice 999", _dialogs.Notices[^1].Text);
    }

    private bool Press(char character) => _dialogs.Handle(new TerminalEvent.KeyPressed(KeyPress.Of(character)), Size);

    /// <summary>Answers with the character that is typed; copies what is pasted.</summary>
    private sealed record Question : Overlay<char>
    {
        public bool Modal { get; init; }

        public int Shift { get; init; }

        public override bool IsModal => Modal;

        public override Rect AreaIn(FrameSize size) => new(0, 0, 10, 3);

        public override void Draw(Canvas canvas, DateTimeOffset now) => canvas.Fill(Style.Plain);

        public override OverlayStep Handle(TerminalEvent input, FrameSize size) => input switch
        {
            TerminalEvent.KeyPressed(var press) => Answer((char)(press.Rune.Value + Shift)),
            TerminalEvent.Pasted(var text) => Stay(this, text),
            _ => Stay(this),
        };
    }
}
