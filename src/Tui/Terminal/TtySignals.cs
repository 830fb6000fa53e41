using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;

namespace LazyOC.Tui.Terminal;

/// <summary>
/// The signals that concern a terminal. Registering also makes the runtime remember the terminal's modes for its own use
/// (it sets them at exit and for child processes), so this comes before raw mode.
/// </summary>
[SuppressMessage("Interoperability", "CA1416", Justification = "TtyTerminal.Open, the only way here, refuses Windows.")]
internal sealed class TtySignals : IDisposable
{
    /// <summary>How long the group may take to stop; it never does when nobody is there to continue it (an orphaned group).</summary>
    private static readonly TimeSpan StopTakes = TimeSpan.FromMilliseconds(200);

    private readonly List<PosixSignalRegistration> _registrations = [];
    private readonly Action<PosixSignalContext> _onStop;
    private readonly ManualResetEventSlim _continued = new();
    private readonly Lock _stopping = new();
    private PosixSignalRegistration _stop;

    /// <summary>Registers.</summary>
    /// <param name="onResize">SIGWINCH.</param>
    /// <param name="onEnd">SIGTERM, SIGHUP, SIGINT or SIGQUIT, by name; true keeps the process alive to end by itself.</param>
    /// <param name="onStop">SIGTSTP, which does nothing by itself then.</param>
    /// <param name="onContinue">SIGCONT.</param>
    public TtySignals(Action onResize, Func<string, bool> onEnd, Action onStop, Action onContinue)
    {
        _onStop = context =>
        {
            context.Cancel = true;
            onStop();
        };
        On(PosixSignal.SIGWINCH, _ => onResize());
        On(PosixSignal.SIGCONT, context =>
        {
            context.Cancel = true; // or the runtime sets the modes it remembers, after us
            _continued.Set();
            onContinue();
        });
        foreach (var signal in (PosixSignal[])[PosixSignal.SIGTERM, PosixSignal.SIGHUP, PosixSignal.SIGINT, PosixSignal.SIGQUIT])
            On(signal, context => context.Cancel = onEnd(signal.ToString()));
        _stop = PosixSignalRegistration.Create(PosixSignal.SIGTSTP, _onStop);
    }

    /// <summary>Stops the process group as ctrl-z does and returns when it is continued, or when it did not stop.</summary>
    public void StopGroup()
    {
        lock (_stopping)
        {
            _continued.Reset();
            _stop.Dispose(); // back to the default action, which a shell's job control understands
            _ = Libc.Kill(0, Libc.StopSignal);
            _continued.Wait(StopTakes);
            _stop = PosixSignalRegistration.Create(PosixSignal.SIGTSTP, _onStop);
        }
    }

    public void Dispose()
    {
        lock (_stopping)
            _stop.Dispose();
        foreach (var registration in _registrations)
            registration.Dispose();
        _continued.Dispose();
    }

    private void On(PosixSignal signal, Action<PosixSignalContext> handle) => _registrations.Add(PosixSignalRegistration.Create(signal, handle));
}
