using System.Diagnostics;

namespace LazyOC.Cli;

/// <summary>Runs the user's editor on the terminal, as <c>git</c> and <c>kubectl</c> do: <c>$VISUAL</c>, else <c>$EDITOR</c>, else <c>vi</c>.</summary>
/// <param name="environment">Reads an environment variable.</param>
/// <param name="borrow">Lends the terminal while a task runs.</param>
internal sealed class TextEditor(Func<string, string?> environment, Func<Func<Task>, Task> borrow)
{
    /// <summary>What the user saved; null when the editor could not be run or failed, which is then told on the terminal it had.</summary>
    public async Task<string?> EditAsync(string name, string text, CancellationToken cancellationToken)
    {
        // A folder of its own, which only this user can read: the text may be a Secret.
        var folder = Directory.CreateTempSubdirectory("lazyoc-");
        try
        {
            var file = Path.Combine(folder.FullName, $"{name}.yaml");
            await File.WriteAllTextAsync(file, text, cancellationToken);
            var saved = false;
            await borrow(async () => saved = await RunAsync(file, cancellationToken) == 0);
            return saved ? await File.ReadAllTextAsync(file, cancellationToken) : null;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private async Task<int> RunAsync(string file, CancellationToken cancellationToken)
    {
        var editor = new[] { environment("VISUAL"), environment("EDITOR") }.FirstOrDefault(given => !string.IsNullOrWhiteSpace(given)) ?? (OperatingSystem.IsWindows() ? "notepad" : "vi");
        // The variable may hold arguments; the shell takes it apart, and the file's name is never part of its text.
        var start = OperatingSystem.IsWindows()
            ? new ProcessStartInfo("cmd", ["/c", $"{editor} \"{file}\""])
            : new ProcessStartInfo("/bin/sh", ["-c", $"exec {editor} \"$1\"", "sh", file]);
        using var process = Process.Start(start)!;
        await process.WaitForExitAsync(cancellationToken);
        return process.ExitCode;
    }
}
