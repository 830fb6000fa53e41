namespace LazyOC.EndToEnd.Tests;

/// <summary>LazyOC's full screen on a real terminal, as its user has it: keys go in, frames are looked at.</summary>
internal sealed class Screen : IAsyncDisposable
{
    private Screen(Tmux terminal) => Terminal = terminal;

    public Tmux Terminal { get; }

    /// <summary>Starts LazyOC in a shell and waits for its list.</summary>
    /// <param name="lazyoc">Whose home it has.</param>
    /// <param name="arguments">Its command line.</param>
    /// <param name="width">Columns.</param>
    /// <param name="height">Rows.</param>
    public static async Task<Screen> OpenAsync(LazyOc lazyoc, string arguments, int width = 120, int height = 40)
    {
        var screen = await OpenWithoutListAsync(lazyoc, arguments, width, height);
        await screen.SeeListAsync();
        return screen;
    }

    /// <summary>Starts LazyOC where there may be no list to see.</summary>
    public static async Task<Screen> OpenWithoutListAsync(LazyOc lazyoc, string arguments, int width = 120, int height = 40)
    {
        var screen = new Screen(await Tmux.StartAsync(lazyoc, width, height));
        await screen.Terminal.CommandAsync($"{LazyOc.Program} {arguments}");
        await screen.SeeAsync("LazyOC  context");
        return screen;
    }

    /// <summary>Starts LazyOC again after <see cref="QuitAsync"/>.</summary>
    public async Task StartAsync(string arguments)
    {
        await Terminal.CommandAsync($"{LazyOc.Program} {arguments}");
        await SeeListAsync();
    }

    /// <summary>Leaves LazyOC with its key.</summary>
    public async Task QuitAsync()
    {
        await Terminal.PressAsync("q");
        await Terminal.WaitForPromptAsync();
    }

    public Task PressAsync(params string[] keys) => Terminal.PressAsync(keys);

    public Task TypeAsync(string text) => Terminal.TypeAsync(text);

    /// <summary>What is shown now.</summary>
    public async Task<Frame> LookAsync() => new(await Terminal.ScreenAsync());

    /// <summary>Waits until a frame is as wanted.</summary>
    public async Task<Frame> SeeAsync(Func<Frame, bool> wanted, string what)
    {
        Frame? frame = null;
        await Terminal.WaitUntilAsync(async () => wanted(frame = await LookAsync()), what);
        return frame!;
    }

    /// <summary>Waits until all the texts are to be seen somewhere.</summary>
    public Task<Frame> SeeAsync(params string[] texts) =>
        SeeAsync(frame => texts.All(text => frame.Text.Contains(text, StringComparison.Ordinal)), string.Join(" and ", texts.Select(text => $"`{text}`")));

    /// <summary>Waits until a panel shows all the texts, its borders counted.</summary>
    public Task<Frame> SeeInAsync(string panel, params string[] texts) =>
        SeeAsync(
            frame => (string.Join('\n', frame.Panel(panel)) + frame.BorderOf(panel)) is var content && frame.AreaOf(panel) is not null && texts.All(text => content.Contains(text, StringComparison.Ordinal)),
            $"panel “{panel}” with {string.Join(" and ", texts.Select(text => $"`{text}`"))}");

    /// <summary>Waits until a text is nowhere to be seen.</summary>
    public Task<Frame> SeeNoMoreAsync(string text) => SeeAsync(frame => !frame.Text.Contains(text, StringComparison.Ordinal), $"the end of `{text}`");

    /// <summary>Waits until the row under the list's cursor has a text.</summary>
    public Task<Frame> SeeSelectedAsync(string panel, string text) =>
        SeeAsync(frame => frame.Panel(panel).Any(line => line.Contains('▌', StringComparison.Ordinal) && line.Contains(text, StringComparison.Ordinal)), $"`{text}` under the cursor of “{panel}”");

    /// <summary>Waits until a text stands in a panel and clicks on it.</summary>
    public async Task ClickAsync(string panel, string text)
    {
        var (x, y) = (await SeeInAsync(panel, text)).Find(panel, text)!.Value;
        await Terminal.ClickAsync(x, y);
    }

    /// <summary>Runs a command of the palette by its title.</summary>
    public async Task CommandAsync(string title)
    {
        await PressAsync(":");
        await SeeInAsync("Commands");
        await TypeAsync(title);
        await SeeSelectedAsync("Commands", title);
        await PressAsync("Enter");
    }

    /// <summary>Shows a kind by its name in the palette.</summary>
    public async Task OpenKindAsync(string name, string title)
    {
        await PressAsync(":");
        await SeeInAsync("Commands");
        await TypeAsync(name);
        await SeeSelectedAsync("Commands", title);
        await PressAsync("Enter");
        await SeeInAsync($"{title} ·");
    }

    /// <summary>Narrows the list and waits until it says so.</summary>
    public async Task FilterAsync(string filter)
    {
        await PressAsync("/");
        await TypeAsync(filter);
        await PressAsync("Enter");
        await SeeAsync($"/{filter} ─╮");
    }

    /// <summary>Takes the filter away.</summary>
    public async Task LeaveFilterAsync()
    {
        await PressAsync("Escape");
        await SeeAsync(frame => !frame.Text.Contains("in all", StringComparison.Ordinal) && !frame.Text.Split('\n').Any(line => line.Contains("─ /", StringComparison.Ordinal)), "the whole list");
    }

    private Task SeeListAsync() => SeeAsync(frame => frame.Text.Contains(" 1 of ", StringComparison.Ordinal), "a list");

    /// <summary>Closes the terminal; LazyOC then saves where its user was, into a home that must still be there.</summary>
    public async ValueTask DisposeAsync()
    {
        var program = await Terminal.ProgramAsync();
        await Terminal.DisposeAsync();
        if (program is not { } id)
            return;
        try
        {
            using var process = System.Diagnostics.Process.GetProcessById(id);
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
            await process.WaitForExitAsync(patience.Token);
        }
        catch (ArgumentException)
        {
            // It has ended already.
        }
    }
}
