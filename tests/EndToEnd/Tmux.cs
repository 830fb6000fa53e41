using System.Diagnostics;
using System.Globalization;

namespace LazyOC.EndToEnd.Tests;

/// <summary>
/// A real terminal with a shell in it: a private tmux server with one window. Programs are started by typing, keys are
/// pressed, the screen is read. Disposing ends the server and what runs in it.
/// </summary>
internal sealed class Tmux : IAsyncDisposable
{
    /// <summary>What the shell shows when it waits for a command.</summary>
    public const string Prompt = "shell> ";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(40);
    private static int _count;

    private readonly LazyOc _home;
    private readonly string _server = string.Create(CultureInfo.InvariantCulture, $"lazyoc-{Environment.ProcessId}-{Interlocked.Increment(ref _count)}");

    private Tmux(LazyOc home) => _home = home;

    /// <summary>Why tmux cannot be used here; null when it can.</summary>
    public static string? WhyNot { get; } =
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, "tmux"))) ? null : "no tmux on PATH: install tmux 3.2 or newer";

    /// <summary>The modes of the pane's terminal, as <c>stty -a</c> prints them.</summary>
    public async Task<string> ModesAsync()
    {
        var terminal = await AskAsync("#{pane_tty}");
        var modes = await _home.RunAsync("stty", OperatingSystem.IsMacOS() ? ["-f", terminal, "-a"] : ["-F", terminal, "-a"]);
        Assert.True(modes.ExitCode == 0, modes.Error);
        return modes.Output[(modes.Output.IndexOf('\n') + 1)..]; // the first line has the size
    }

    /// <summary>The modes that a program finds which the shell starts; at its prompt a shell has others.</summary>
    public async Task<string> ModesOfProgramsAsync()
    {
        await CommandAsync("cat");
        await WaitUntilAsync(async () => await ProgramAsync() is not null, "`cat`");
        var modes = await ModesAsync();
        await PressAsync("C-c");
        await WaitUntilAsync(async () => await ProgramAsync() is null, "the end of `cat`");
        return modes;
    }

    /// <summary>Opens a terminal with a shell that waits for a command.</summary>
    /// <param name="home">Whose home and environment the shell has.</param>
    /// <param name="width">Columns.</param>
    /// <param name="height">Rows.</param>
    public static async Task<Tmux> StartAsync(LazyOc home, int width = 120, int height = 40)
    {
        var tmux = new Tmux(home);
        await tmux.RunAsync(
            "-f", "/dev/null", "new-session", "-d", "-x", Number(width), "-y", Number(height), "env", $"PS1={Prompt}", "HISTFILE=", "bash", "--norc", "--noprofile");
        await tmux.WaitForAsync(screen => screen.Contains(Prompt.Trim(), StringComparison.Ordinal), "the shell's prompt");
        return tmux;
    }

    /// <summary>Types a command line and presses enter.</summary>
    public async Task CommandAsync(string command)
    {
        await TypeAsync(command);
        await PressAsync("Enter");
    }

    /// <summary>Types text as it is.</summary>
    public Task TypeAsync(string text) => RunAsync("send-keys", "-l", "--", text);

    /// <summary>Presses keys by their names in tmux: <c>Enter</c>, <c>C-c</c>, <c>Up</c>, <c>j</c>.</summary>
    public Task PressAsync(params string[] keys) => RunAsync(["send-keys", .. keys]);

    /// <summary>Pastes text, bracketed when the program asked for that.</summary>
    public async Task PasteAsync(string text)
    {
        var file = _home.PathOf("paste");
        await File.WriteAllTextAsync(file, text);
        await RunAsync("load-buffer", file);
        await RunAsync("paste-buffer", "-p", "-r");
    }

    /// <summary>Sends the bytes of a mouse report, which tmux itself has no command for.</summary>
    public Task ClickAsync(int x, int y) => TypeAsync(string.Create(CultureInfo.InvariantCulture, $"\x1b[<0;{x + 1};{y + 1}M\x1b[<0;{x + 1};{y + 1}m"));

    public Task ResizeAsync(int width, int height) => RunAsync("resize-window", "-x", Number(width), "-y", Number(height));

    /// <summary>Closes the window as a user does: the terminal hangs up.</summary>
    public Task CloseWindowAsync() => RunAsync("kill-pane");

    /// <summary>What is on the screen, lines without trailing blanks.</summary>
    public async Task<string> ScreenAsync() => (await RunAsync("capture-pane", "-p")).TrimEnd('\n');

    /// <summary>What is on the screen with its colours.</summary>
    public async Task<string> ColoredScreenAsync() => (await RunAsync("capture-pane", "-p", "-e")).TrimEnd('\n');

    /// <summary>Whether the alternate screen is shown.</summary>
    public async Task<bool> IsAlternateAsync() => await AskAsync("#{alternate_on}") == "1";

    /// <summary>Whether the cursor is shown, and mouse reports are off.</summary>
    public async Task<bool> IsPlainAsync() => await AskAsync("#{alternate_on} #{cursor_flag} #{mouse_any_flag} #{mouse_sgr_flag} #{wrap_flag}") == "0 1 0 0 1";

    /// <summary>The process that runs in the shell; null when the shell waits for a command.</summary>
    public async Task<int?> ProgramAsync()
    {
        var shell = await AskAsync("#{pane_pid}");
        var children = await _home.RunAsync("pgrep", ["-P", shell]);
        return children.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries) is [var child, ..] ? int.Parse(child, CultureInfo.InvariantCulture) : null;
    }

    /// <summary>Sends a signal by its name to the program in the shell.</summary>
    public async Task SignalAsync(string signal)
    {
        var program = await ProgramAsync() ?? throw new InvalidOperationException("Nothing runs in the shell.");
        var sent = await _home.RunAsync("kill", [$"-{signal}", Number(program)]);
        Assert.True(sent.ExitCode == 0, sent.Error);
    }

    /// <summary>Waits until the screen is as wanted and returns it.</summary>
    /// <param name="wanted">Looks at the screen.</param>
    /// <param name="what">What is waited for, for the failure.</param>
    public async Task<string> WaitForAsync(Func<string, bool> wanted, string what)
    {
        string? screen = null;
        await WaitUntilAsync(async () => wanted(screen = await ScreenAsync()), what);
        return screen!;
    }

    /// <summary>Waits until the screen shows a text and returns the screen.</summary>
    public Task<string> WaitForAsync(string text) => WaitForAsync(screen => screen.Contains(text, StringComparison.Ordinal), $"`{text}`");

    /// <summary>Waits until the program has ended, or was stopped, and the shell waits again.</summary>
    public Task<string> WaitForPromptAsync() => WaitForAsync(screen => screen.EndsWith(Prompt.TrimEnd(), StringComparison.Ordinal), "the shell's prompt");

    /// <summary>Waits until a condition holds.</summary>
    public async Task WaitUntilAsync(Func<Task<bool>> condition, string what)
    {
        var started = Stopwatch.GetTimestamp();
        while (!await condition())
        {
            if (Stopwatch.GetElapsedTime(started) > Patience)
                Assert.Fail($"{what} did not come within {Patience}; process {await ProgramAsync()}, alternate screen {await IsAlternateAsync()}, the screen shows:\n{await ScreenAsync()}");
            await Task.Delay(Poll);
        }
    }

    public async ValueTask DisposeAsync()
    {
        var panes = await _home.RunAsync("tmux", ["-L", _server, "list-panes", "-a", "-F", "#{pane_pid}"]);
        var program = panes.Output.Length == 0 ? panes : await _home.RunAsync("pgrep", ["-P", panes.Output.TrimEnd('\n')]);
        await _home.RunAsync("tmux", ["-L", _server, "kill-server"]);
        foreach (var process in program.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries))
            await WaitForEndAsync(int.Parse(process, CultureInfo.InvariantCulture));
    }

    /// <summary>What hung up still writes into its home for a moment.</summary>
    private static async Task WaitForEndAsync(int id)
    {
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            using var process = Process.GetProcessById(id);
            await process.WaitForExitAsync(patience.Token);
        }
        catch (ArgumentException)
        {
            return; // it has ended
        }
    }

    private async Task<string> AskAsync(string format) => (await RunAsync("display-message", "-p", format)).TrimEnd('\n');

    private async Task<string> RunAsync(params string[] arguments)
    {
        var run = await _home.RunAsync("tmux", ["-L", _server, .. arguments]);
        Assert.True(run.ExitCode == 0, $"tmux {string.Join(' ', arguments)} ended with {run.ExitCode}: {run.Error}");
        return run.Output;
    }

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);
}
