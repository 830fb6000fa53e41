using System.Diagnostics;
using LazyOC.Tui.Terminal;

// Takes the terminal and shows the events it tells, so that tests can see how it is given back. Keys: q ends, x and t crash
// (here, on another thread), b lends the terminal to a shell, s sleeps without reading, ctrl-z stops.
var happenings = new List<string>();
await using (var terminal = TtyTerminal.Open(Theme.Dark, Environment.GetEnvironmentVariable))
{
    Present();
    await foreach (var happening in terminal.Events.ReadAllAsync())
    {
        happenings.Add(happening.ToString());
        if (happening is TerminalEvent.Closing or TerminalEvent.KeyPressed { Press: { Rune.Value: 'q', Modifiers: KeyModifiers.None } })
            break;
        if (happening is TerminalEvent.KeyPressed pressed)
            await ObeyAsync(pressed.Press.ToString());
        Present();
    }

    async Task ObeyAsync(string key)
    {
        switch (key)
        {
            case "x":
                throw new InvalidOperationException("the probe was told to crash");
            case "t":
                new Thread(() => throw new InvalidOperationException("the probe was told to crash")).Start();
                break;
            case "s":
                Thread.Sleep(1_000);
                break;
            case "b":
                await terminal.BorrowAsync(async () =>
                {
                    using var shell = Process.Start("sh", ["-c", "echo the shell has it; read answer; echo \"heard $answer\""]);
                    await shell.WaitForExitAsync();
                });
                break;
            case "ctrl-z":
                terminal.Suspend();
                break;
            default:
                break;
        }
    }

    void Present()
    {
        var frame = new CellBuffer(terminal.Size.Width, terminal.Size.Height);
        var canvas = new Canvas(frame);
        canvas.Write(0, 0, $"probe {terminal.Size} {happenings.Count} events", Style.Strong);
        for (var y = 1; y < canvas.Height && y <= happenings.Count; y++)
            canvas.Write(0, y, happenings[^y], Style.Plain);
        canvas.Write(canvas.Width - 1, canvas.Height - 1, "#", Style.Plain);
        terminal.Present(frame);
    }
}

Console.WriteLine($"probe ended after {(happenings.Count == 0 ? "nothing" : happenings[^1])}");
