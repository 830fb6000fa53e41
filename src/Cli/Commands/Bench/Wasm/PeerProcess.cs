using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace LazyOC.Cli.Commands.Bench.Wasm;

/// <summary>
/// A peer in a process of its own that answers a line with a line: <c>NANOSECONDS RESULT</c> or <c>! PROBLEM</c>. It
/// measures itself, so the way there and back does not count. Disposing ends it.
/// </summary>
internal sealed class PeerProcess : IAsyncDisposable
{
    private readonly string _name;
    private readonly Process _process;
    private readonly Task<string> _error;

    private PeerProcess(string name, Process process)
    {
        _name = name;
        _process = process;
        _error = process.StandardError.ReadToEndAsync();
    }

    /// <summary>Starts a program that is looked up on PATH.</summary>
    /// <exception cref="Win32Exception">There is no such program.</exception>
    public static PeerProcess Start(string name, string program, params IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        return new PeerProcess(name, Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start"));
    }

    public async Task<Lap> AskAsync(string question, CancellationToken cancellationToken)
    {
        try
        {
            await _process.StandardInput.WriteLineAsync(question.AsMemory(), cancellationToken);
            await _process.StandardInput.FlushAsync(cancellationToken);
        }
        catch (IOException)
        {
            // It ended; what it said about that comes with the answer that is missing.
        }

        var answer = await _process.StandardOutput.ReadLineAsync(cancellationToken)
            ?? throw Failure(question, (await _error.WaitAsync(cancellationToken)).Trim());
        var blank = answer.IndexOf(' ', StringComparison.Ordinal);
        return blank > 0 && double.TryParse(answer.AsSpan(0, blank), NumberStyles.None, CultureInfo.InvariantCulture, out var nanoseconds)
            ? new Lap(nanoseconds, answer[(blank + 1)..])
            : throw Failure(question, answer);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync(CancellationToken.None);
        _process.Dispose();
    }

    private UserError Failure(string question, string answer) =>
        new(ExitCode.Failed, $"{_name} answered `{question}` with: {(answer.Length == 0 ? "nothing" : answer)}");
}
