using System.Collections.Immutable;
using LazyOC.Tui.Screen;

namespace LazyOC.Tui.Overlays;

/// <summary>The notices that are shown and those that were. Thread safe; it has a timer only while one is shown.</summary>
internal sealed class NoticeBoard : IDisposable
{
    private readonly Lock _gate = new();
    private readonly ChangeSignal _changed;
    private readonly TimeProvider _time;
    private readonly OverlayLimits _limits;
    private readonly ITimer _fading;
    private ImmutableArray<Notice> _shown = [];
    private ImmutableList<Notice> _kept = [];

    public NoticeBoard(ChangeSignal changed, TimeProvider time, OverlayLimits limits)
    {
        (_changed, _time, _limits) = (changed, time, limits);
        _fading = time.CreateTimer(static board => ((NoticeBoard)board!).Fade(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Notices that are shown now, the newest last.</summary>
    public ImmutableArray<Notice> Shown
    {
        get
        {
            lock (_gate)
                return _shown;
        }
    }

    /// <summary>Notices of the past, the newest last.</summary>
    public ImmutableList<Notice> History => Volatile.Read(ref _kept);

    public void Add(Notice notice)
    {
        lock (_gate)
        {
            var timed = notice with { Time = _time.GetUtcNow() };
            _shown = _shown.RemoveAll(timed.IsSame).Add(timed);
            if (_shown.Length > _limits.ShownNotices)
                _shown = _shown.RemoveAt(LeastNeeded(_shown));
            _kept = _kept.RemoveAll(timed.IsSame).Add(timed);
            if (_kept.Count > _limits.KeptNotices)
                _kept = _kept.RemoveAt(LeastNeeded(_kept));
            WaitForNext();
        }
        _changed.Raise();
    }

    /// <summary>Takes away what <paramref name="isGone"/> says, such as the progress of a plugin that ended.</summary>
    public void Remove(Predicate<Notice> isGone)
    {
        lock (_gate)
        {
            _shown = _shown.RemoveAll(isGone);
            WaitForNext();
        }
        _changed.Raise();
    }

    public void Dispose() => _fading.Dispose();

    /// <summary>The oldest of a plugin, so that a chatty one pushes out its like and nothing of the host's; else the oldest.</summary>
    private static int LeastNeeded(IEnumerable<Notice> notices) => notices.Select((notice, at) => (notice, at)).FirstOrDefault(entry => entry.notice.Plugin is not null).at;

    private void Fade()
    {
        lock (_gate)
        {
            var now = _time.GetUtcNow();
            _shown = _shown.RemoveAll(notice => notice.HasFaded(now));
            WaitForNext();
        }
        _changed.Raise();
    }

    private void WaitForNext()
    {
        var now = _time.GetUtcNow();
        var next = Timeout.InfiniteTimeSpan;
        foreach (var notice in _shown)
        {
            if (notice.Lasts)
                continue;
            var left = notice.Shown - (now - notice.Time);
            left = left < TimeSpan.Zero ? TimeSpan.Zero : left;
            if (next == Timeout.InfiniteTimeSpan || left < next)
                next = left;
        }
        _fading.Change(next, Timeout.InfiniteTimeSpan);
    }
}
