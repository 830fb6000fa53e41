using System.Collections.Immutable;
using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;

namespace LazyOC.Cli.Commands.Plugin.Dev;

/// <summary>
/// The plugin's tsc, which checks types beside the bundler and whenever a file changes: what is saved runs at once, and an error of
/// a type is told when it is found.
/// </summary>
internal sealed partial class TypeCheck : IAsyncDisposable
{
    private readonly Process _process;
    private readonly Task _reading;
    private volatile string? _errors;

    private TypeCheck(Process process, Action changed)
    {
        _process = process;
        _reading = ReadAsync(changed);
    }

    /// <summary>What tsc says of the source, with places; null when there is nothing wrong, or nothing is known yet.</summary>
    public string? Errors => _errors;

    /// <param name="directory">The plugin's.</param>
    /// <param name="arguments">What tsc is given.</param>
    /// <param name="changed">Told when <see cref="Errors"/> may be others; called on any thread.</param>
    /// <returns>Null when tsc is not installed.</returns>
    public static TypeCheck? TryStart(string directory, ImmutableArray<string> arguments, Action changed)
    {
        if (NodeTool.Find(directory, "tsc") is not { } tsc) return null;
        var start = new ProcessStartInfo(tsc, [.. arguments, "--watch", "--preserveWatchOutput", "--pretty", "false"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            WorkingDirectory = directory,
        };
        foreach (var (name, value) in NodeTool.Plain) start.Environment[name] = value;
        return new TypeCheck(Process.Start(start) ?? throw new InvalidOperationException("tsc did not start."), changed);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        await _reading;
        _process.Dispose();
    }

    private async Task ReadAsync(Action changed)
    {
        var said = new StringBuilder();
        var problems = _process.StandardError.ReadToEndAsync();
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
        {
            if (Begins().IsMatch(line)) said.Clear();
            else if (Ends().Match(line) is { Success: true } end)
            {
                _errors = end.Groups["errors"].Value == "0" ? null : said.ToString().TrimEnd();
                changed();
            }
            else if (line.Length > 0) said.AppendLine(line);
        }
        // Told to end, or for example without a tsconfig.json, about which it has said something.
        var last = (said + await problems).TrimEnd();
        if (last.Length == 0) return;
        _errors = last;
        changed();
    }

    [GeneratedRegex(@"Starting compilation in watch mode|File change detected", RegexOptions.NonBacktracking)]
    private static partial Regex Begins();

    [GeneratedRegex(@"Found (?<errors>\d+) errors?\. Watching for file changes", RegexOptions.NonBacktracking)]
    private static partial Regex Ends();
}
