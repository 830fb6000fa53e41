using System.ComponentModel;
using System.Text.Json;

namespace LazyOC.Cli.Commands.Bench.Guests;

/// <summary>The Node programs of <c>bench/peers</c>, with what they need from npm.</summary>
internal sealed class Peers
{
    private readonly string _directory;

    private Peers(string directory) => _directory = directory;

    /// <summary>Finds the folder above the program and restores its packages once; null when there is none, or no npm.</summary>
    public static async Task<Peers?> FindAsync(CancellationToken cancellationToken)
    {
        return BenchFolder.Find("peers") is { } directory && await RestoreAsync(directory, cancellationToken) ? new Peers(directory) : null;
    }

    /// <summary>What a measure of <c>plugin.mjs</c> gives of a peer, or why there is nothing.</summary>
    public Task<PeerResult> MeasureAsync(string measure, string peer, string guestFile, string messageFile, int rounds, CancellationToken cancellationToken) =>
        RunAsync("plugin.mjs", [measure, peer, guestFile, messageFile], rounds, cancellationToken);

    /// <summary>What one of the programs gives, or why there is nothing.</summary>
    public async Task<PeerResult> RunAsync(string program, IEnumerable<string> arguments, int rounds, CancellationToken cancellationToken)
    {
        var child = await ChildProcess.RunAsync(
            "node", ["--no-warnings", "--expose-gc", program, .. arguments, rounds.ToString(System.Globalization.CultureInfo.InvariantCulture)], workingDirectory: _directory, cancellationToken: cancellationToken);
        if (child.ExitCode != 0) return new PeerResult(null, child.Error.Trim().Split('\n')[^1]);
        using var document = JsonDocument.Parse(child.Output);
        return new PeerResult(document.RootElement.GetProperty("value").GetDouble(), null);
    }

    /// <summary>Restores the packages of a folder below <c>bench/</c> once; false, told to the user, when that cannot be done.</summary>
    public static async Task<bool> RestoreAsync(string directory, CancellationToken cancellationToken)
    {
        if (Directory.Exists(Path.Combine(directory, "node_modules"))) return true;
        Console.Error.WriteLine($"lazyoc: restoring the peers from npm into bench/{Path.GetFileName(directory)} …");
        try
        {
            // isolated-vm is compiled by its install script.
            var npm = await ChildProcess.RunAsync("npm", ["ci", "--no-audit", "--no-fund", "--loglevel=error"], workingDirectory: directory, cancellationToken: cancellationToken);
            if (npm.ExitCode != 0) Console.Error.WriteLine(npm.Error.Trim());
            return npm.ExitCode == 0;
        }
        catch (Win32Exception error)
        {
            Console.Error.WriteLine($"npm cannot be started: {error.Message}");
            return false;
        }
    }
}

/// <summary>A peer's figure, in the unit of the measure, or its problem.</summary>
internal sealed record PeerResult(double? Value, string? Problem);
