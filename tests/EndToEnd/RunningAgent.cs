using System.Diagnostics;
using System.Globalization;

namespace LazyOC.EndToEnd.Tests;

/// <summary>An agent that runs, and what it says.</summary>
internal sealed class RunningAgent : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly Lock _gate = new();
    private string _said = "";

    public RunningAgent(LazyOc lazyoc, params string[] arguments)
    {
        _process = lazyoc.Start(["agent", .. arguments]);
        _process.OutputDataReceived += Add;
        _process.ErrorDataReceived += Add;
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public string Said
    {
        get { lock (_gate) return _said; }
    }

    /// <summary>Waits until it has said something.</summary>
    public async Task SayAsync(string text)
    {
        var until = DateTime.UtcNow + Patience;
        while (!Said.Contains(text, StringComparison.Ordinal))
        {
            Assert.False(DateTime.UtcNow > until || _process.HasExited, $"`{text}` was not said:\n{Said}");
            await Task.Delay(20);
        }
    }

    /// <summary>Tells it to end, as a system that shuts down does; its exit code.</summary>
    public async Task<int> EndAsync()
    {
        using (var kill = Process.Start("kill", ["-TERM", _process.Id.ToString(CultureInfo.InvariantCulture)])) await kill.WaitForExitAsync();
        using var patience = new CancellationTokenSource(Patience);
        await _process.WaitForExitAsync(patience.Token);
        return _process.ExitCode;
    }

    public void Dispose()
    {
        if (!_process.HasExited) _process.Kill(entireProcessTree: true);
        _process.Dispose();
    }

    private void Add(object sender, DataReceivedEventArgs line)
    {
        lock (_gate) _said += line.Data + "\n";
    }
}
