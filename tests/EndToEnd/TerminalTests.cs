using LazyOC.Cluster.Simulator;

namespace LazyOC.EndToEnd.Tests;

/// <summary>
/// How a real terminal is taken and given back. The probe is a small program that takes the terminal as the screen does and
/// shows what it is told; it can be made to crash, which the product cannot.
/// </summary>
public sealed class TerminalTests
{
    private static readonly string Probe = Path.Combine(
        LazyOc.RepositoryRoot, "artifacts", "bin", "LazyOC.TerminalProbe", Path.GetFileName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory)), "LazyOC.TerminalProbe");

    [TmuxTheory]
    [InlineData("key q", "probe ended after KeyPressed { Press = q }")]
    [InlineData("key x", "Unhandled exception")]
    [InlineData("key t", "Unhandled exception")]
    [InlineData("TERM", "probe ended after Closing { Reason = SIGTERM }")]
    [InlineData("INT", "probe ended after Closing { Reason = SIGINT }")]
    [InlineData("QUIT", "probe ended after Closing { Reason = SIGQUIT }")]
    [InlineData("HUP", "probe ended after Closing { Reason = SIGHUP }")]
    public async Task Ending_InWhateverWay_GivesTheTerminalBackAsItWas(string way, string says)
    {
        using var home = new LazyOc();
        await using var tmux = await Tmux.StartAsync(home);
        var modes = await tmux.ModesAsync();
        await StartProbeAsync(tmux);
        Assert.NotEqual(modes, await tmux.ModesAsync());

        if (way.Split(' ') is [_, var key])
            await tmux.PressAsync(key);
        else
            await tmux.SignalAsync(way);

        await tmux.WaitForAsync(says);
        await tmux.WaitForPromptAsync();
        await AssertGivenBackAsync(tmux, modes);
        await tmux.WaitUntilAsync(async () => await tmux.ProgramAsync() is null, "the end of the process");
    }

    [TmuxFact]
    public async Task WindowClosed_ProcessEnds()
    {
        using var home = new LazyOc();
        await using var tmux = await Tmux.StartAsync(home);
        await StartProbeAsync(tmux);
        var process = System.Diagnostics.Process.GetProcessById((await tmux.ProgramAsync())!.Value);
        await tmux.CloseWindowAsync();
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        await process.WaitForExitAsync(patience.Token);
    }

    [TmuxTheory]
    [InlineData("ctrl-z")]
    [InlineData("TSTP")]
    public async Task Stop_ByKeyOrSignal_GivesTheTerminalToTheShellAndComesBack(string way)
    {
        using var home = new LazyOc();
        await using var tmux = await Tmux.StartAsync(home);
        var modes = await tmux.ModesAsync();
        await StartProbeAsync(tmux);
        if (way == "TSTP")
            await tmux.SignalAsync(way);
        else
            await tmux.PressAsync("C-z");
        await tmux.WaitForAsync("Stopped");
        await tmux.WaitForPromptAsync();
        await AssertGivenBackAsync(tmux, modes);

        await tmux.CommandAsync("fg");
        await tmux.WaitForAsync("Resumed");
        Assert.True(await tmux.IsAlternateAsync());
        await tmux.PressAsync("k", "q");
        await tmux.WaitForAsync("probe ended");
        await AssertGivenBackAsync(tmux, modes);
    }

    /// <summary>SIGSTOP cannot be caught: the shell takes a raw terminal, and it is painted anew afterwards.</summary>
    [TmuxFact]
    public async Task Stop_ThatCannotBeCaught_IsRepairedWhenContinued()
    {
        using var home = new LazyOc();
        await using var tmux = await Tmux.StartAsync(home);
        var modes = await tmux.ModesAsync();
        await StartProbeAsync(tmux);
        var raw = await tmux.ModesAsync();
        await tmux.SignalAsync("STOP");
        await tmux.WaitForAsync("Stopped");
        await tmux.CommandAsync("fg");
        await tmux.WaitForAsync(screen => screen.Contains("Resumed", StringComparison.Ordinal) && !screen.Contains("Stopped", StringComparison.Ordinal), "the whole frame");
        Assert.Equal(raw, await tmux.ModesAsync());
        await tmux.PressAsync("q");
        await tmux.WaitForAsync("probe ended");
        await AssertGivenBackAsync(tmux, modes);
    }

    [TmuxFact]
    public async Task Borrow_ProgramUsesTheTerminal_AndTheFrameComesBack()
    {
        using var home = new LazyOc();
        await using var tmux = await Tmux.StartAsync(home);
        var modes = await tmux.ModesAsync();
        var lent = await tmux.ModesOfProgramsAsync();
        await StartProbeAsync(tmux);
        await tmux.PressAsync("b");
        await tmux.WaitForAsync("the shell has it");
        await AssertGivenBackAsync(tmux, lent);
        await tmux.CommandAsync("answer");
        await tmux.WaitForAsync(screen => screen.StartsWith("probe", StringComparison.Ordinal) && screen.Contains("Resumed", StringComparison.Ordinal), "the probe's frame");
        await tmux.PressAsync("q");
        Assert.Contains("heard answer", await tmux.WaitForAsync("probe ended"), StringComparison.Ordinal);
        await AssertGivenBackAsync(tmux, modes);
    }

    [TmuxFact]
    public async Task Open_StandardInputAndOutputRedirected_UsesTheTerminalAllTheSame()
    {
        using var home = new LazyOc();
        await using var tmux = await Tmux.StartAsync(home);
        var output = home.PathOf("output");
        await tmux.CommandAsync($"{Probe} < /dev/null > {output} 2>&1");
        await tmux.WaitForAsync("probe 120x40 0 events");
        await tmux.PressAsync("q");
        await tmux.WaitForPromptAsync();
        Assert.Equal("probe ended after KeyPressed { Press = q }\n", await File.ReadAllTextAsync(output));
    }

    [TmuxFact]
    public async Task Resize_AHundredTimesWhileKeysCome_EndsInAFrameOfTheLastSize()
    {
        using var home = new LazyOc();
        await using var tmux = await Tmux.StartAsync(home);
        await StartProbeAsync(tmux);
        var random = new Random(1);
        for (var i = 0; i < 100; i++)
        {
            await tmux.ResizeAsync(random.Next(20, 200), random.Next(5, 60));
            await tmux.PressAsync("j");
        }
        await tmux.ResizeAsync(90, 25);
        var screen = await tmux.WaitForAsync(s => s.StartsWith("probe 90x25", StringComparison.Ordinal) && s.Split('\n') is { Length: 25 } lines && lines[^1].Length == 90 && lines[^1].EndsWith('#'), "a frame of 90x25");
        await tmux.PressAsync("C-l"); // one more frame
        Assert.Equal(screen.Split('\n')[1..^1][..22], (await tmux.WaitForAsync("ctrl-l")).Split('\n')[2..^1]);
    }

    [TmuxFact]
    public async Task Paste_OfControlCharactersAndCommands_IsOneTextAndNoKey()
    {
        using var home = new LazyOc();
        await using var tmux = await Tmux.StartAsync(home);
        await StartProbeAsync(tmux);
        await tmux.PasteAsync("dd\ry\r:q\r\x03\x1a\x07\x1b[A\x1b[201~q\r");
        var screen = await tmux.WaitForAsync("Pasted");
        Assert.Contains("probe 120x40 1 events", screen, StringComparison.Ordinal);
        await tmux.PressAsync("q");
        await tmux.WaitForAsync("probe ended");
    }

    /// <summary>Keys that come while the program does not read wait in the terminal and are not lost.</summary>
    [TmuxFact]
    public async Task Keys_WhileTheProgramIsBusy_AllArrive()
    {
        using var home = new LazyOc();
        await using var tmux = await Tmux.StartAsync(home);
        await StartProbeAsync(tmux);
        await tmux.PressAsync("s");
        await tmux.TypeAsync(new string('j', 3_000));
        await tmux.WaitForAsync("probe 120x40 3001 events");
    }

    [TmuxTheory]
    [InlineData("key q")]
    [InlineData("key C-c")]
    [InlineData("TERM")]
    [InlineData("INT")]
    [InlineData("HUP")]
    public async Task Screen_LeftInWhateverWay_GivesTheTerminalBackAsItWas(string way)
    {
        using var home = new LazyOc();
        await using var tmux = await Tmux.StartAsync(home);
        var modes = await tmux.ModesAsync();
        await StartDemoAsync(tmux);
        if (way.Split(' ') is [_, var key])
            await tmux.PressAsync(key);
        else
            await tmux.SignalAsync(way);
        await tmux.WaitForPromptAsync();
        await AssertGivenBackAsync(tmux, modes);
        await tmux.WaitUntilAsync(async () => await tmux.ProgramAsync() is null, "the end of the process");
    }

    [TmuxFact]
    public async Task Screen_Stopped_ComesBackWhole()
    {
        using var home = new LazyOc();
        await using var tmux = await Tmux.StartAsync(home);
        var modes = await tmux.ModesAsync();
        await StartDemoAsync(tmux);
        await tmux.SignalAsync("TSTP");
        await tmux.WaitForAsync("Stopped");
        await tmux.WaitForPromptAsync();
        await AssertGivenBackAsync(tmux, modes);
        await tmux.CommandAsync("fg");
        await tmux.WaitForAsync(screen => screen.Contains("Pods ·", StringComparison.Ordinal) && !screen.Contains("Stopped", StringComparison.Ordinal), "the whole screen");
        await tmux.PressAsync("q");
        await tmux.WaitForPromptAsync();
        await AssertGivenBackAsync(tmux, modes);
    }

    [TmuxFact]
    public async Task Screen_PasteOfCommandsIntoTheFilter_IsTextAndDoesNothingElse()
    {
        using var home = new LazyOc();
        await using var tmux = await Tmux.StartAsync(home);
        await StartDemoAsync(tmux);
        await tmux.PressAsync("/");
        await tmux.PasteAsync("dd\ry\r:q\r\x03\x1a\x1b[B\x1b[201~q");
        await tmux.WaitForAsync("/ dd y :q [Bq");
        Assert.True(await tmux.IsAlternateAsync());
        await tmux.PressAsync("Escape");
        await tmux.WaitForAsync(screen => !screen.Contains("/ dd", StringComparison.Ordinal) && screen.Contains("Running", StringComparison.Ordinal), "the list without a filter");
    }

    /// <summary>The frame after the storm is the frame of a screen that never had another size.</summary>
    [TmuxFact]
    public async Task Screen_ResizedAHundredTimesWhileThingsChange_ShowsWhatAFreshOneShows()
    {
        using var home = new LazyOc();
        await using var cluster = await SimulatedCluster.StartAsync(new SimulatorOptions());
        var kubeconfig = home.PathOf("kubeconfig");
        await cluster.WriteKubeconfigAsync(kubeconfig);
        await using var stormy = await Tmux.StartAsync(home, 100, 30);
        await stormy.CommandAsync($"{LazyOc.Program} --kubeconfig {kubeconfig} --view nodes");
        await stormy.WaitForAsync("worker-1");
        var random = new Random(1);
        for (var i = 0; i < 100; i++)
        {
            await stormy.ResizeAsync(random.Next(20, 200), random.Next(5, 60));
            await stormy.PressAsync(i % 2 == 0 ? "j" : "k");
            await cluster.AdvanceAsync();
        }
        await stormy.ResizeAsync(100, 30);

        using var other = new LazyOc();
        await using var fresh = await Tmux.StartAsync(other, 100, 30);
        await fresh.CommandAsync($"{LazyOc.Program} --kubeconfig {kubeconfig} --view nodes");
        await fresh.WaitForAsync("worker-1");
        string after = "", wanted = "";
        await fresh.WaitUntilAsync(
            async () => (after = await WorkAreaAsync(stormy)) == (wanted = await WorkAreaAsync(fresh)), "the same screen as the stormy one");
        Assert.Equal(wanted, after);
    }

    /// <summary>The list, the details and the status bar: the header measures the way to the cluster, the navigation counts now and then.</summary>
    private static async Task<string> WorkAreaAsync(Tmux tmux)
    {
        const int Navigation = 26;
        return string.Join('\n', (await tmux.ScreenAsync()).Split('\n').Skip(1).Select(line => line[Math.Min(line.Length, Navigation)..]));
    }

    private static async Task StartDemoAsync(Tmux tmux)
    {
        await tmux.CommandAsync($"{LazyOc.Program} --demo");
        await tmux.WaitForAsync(screen => screen.Contains("Pods ·", StringComparison.Ordinal) && screen.Contains("Running", StringComparison.Ordinal), "the demo's pods");
        Assert.True(await tmux.IsAlternateAsync());
    }

    private static async Task StartProbeAsync(Tmux tmux)
    {
        await tmux.CommandAsync(Probe);
        await tmux.WaitForAsync("0 events");
        Assert.True(await tmux.IsAlternateAsync());
    }

    private static async Task AssertGivenBackAsync(Tmux tmux, string modes)
    {
        await tmux.WaitUntilAsync(async () => await tmux.ModesAsync() == modes, $"the terminal's modes as before:\n{modes}");
        Assert.True(await tmux.IsPlainAsync());
    }
}
