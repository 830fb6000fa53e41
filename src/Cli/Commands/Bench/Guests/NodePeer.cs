using System.Diagnostics;

namespace LazyOC.Cli.Commands.Bench.Guests;

/// <summary>A Node process that runs one plugin's bundle, as <c>bench/peers/process.mjs</c> does. Disposing ends it.</summary>
internal sealed class NodePeer : IAsyncDisposable
{
    private readonly Process _process;

    private NodePeer(Process process) => _process = process;

    /// <summary>Starts it and waits until it has answered a first message.</summary>
    /// <exception cref="System.ComponentModel.Win32Exception">There is no Node.js.</exception>
    public static async Task<NodePeer> StartAsync(string folder, string bundle, string message, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo("node", ["--no-warnings", "process.mjs", bundle])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            UseShellExecute = false,
            WorkingDirectory = folder,
        };
        var peer = new NodePeer(Process.Start(start) ?? throw new InvalidOperationException("node did not start"));
        try
        {
            await peer._process.StandardInput.WriteLineAsync(message.AsMemory(), cancellationToken);
            await peer._process.StandardInput.FlushAsync(cancellationToken);
            if (await peer._process.StandardOutput.ReadLineAsync(cancellationToken) is null) throw new UserError(ExitCode.Failed, "the plugin's Node process ended without an answer");
            return peer;
        }
        catch
        {
            await peer.DisposeAsync();
            throw;
        }
    }

    /// <summary>Its own memory, in bytes; null where the system does not tell.</summary>
    public long? PrivateBytes => PrivateMemory.Of(_process.Id);

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync(CancellationToken.None);
        _process.Dispose();
    }
}
