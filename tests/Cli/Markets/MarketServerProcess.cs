using System.Diagnostics;
using LazyOC.EndToEnd.Tests;

namespace LazyOC.Cli.Tests.Markets;

/// <summary><c>lazyoc market serve</c> on a port of its own, until it is disposed.</summary>
internal sealed class MarketServerProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private readonly Process _process;

    private MarketServerProcess(Process process, string address, string fingerprint) => (_process, Address, Fingerprint) = (process, address, fingerprint);

    public string Address { get; }

    public string Fingerprint { get; }

    /// <summary>Starts it with records in a home.</summary>
    public static async Task<MarketServerProcess> StartAsync(LazyOc home, params string[] more)
    {
        var process = home.Start(["market", "serve", "--port", "0", "--data", home.PathOf("market-data"), .. more]);
        _ = process.StandardError.ReadToEndAsync();
        try
        {
            using var patience = new CancellationTokenSource(Patience);
            var address = "";
            while (await process.StandardOutput.ReadLineAsync(patience.Token) is { } line)
            {
                if (line.IndexOf(": http://", StringComparison.Ordinal) is > 0 and var at && !line.StartsWith("hint", StringComparison.Ordinal)) address = line[(at + 2)..].Trim();
                if (!line.StartsWith("key: ", StringComparison.Ordinal)) continue;
                // What it logs is read on, or it would wait.
                _ = process.StandardOutput.ReadToEndAsync(CancellationToken.None);
                return new MarketServerProcess(process, address.TrimEnd('/'), line["key: ".Length..].Trim());
            }
            throw new InvalidOperationException($"the marketplace ended with {process.ExitCode}");
        }
        catch
        {
            // What did not start in time would go on after the test.
            process.Kill(entireProcessTree: true);
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        // As a service manager does.
        using (var kill = Process.Start("kill", ["-TERM", _process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)])) await kill.WaitForExitAsync();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }
}
