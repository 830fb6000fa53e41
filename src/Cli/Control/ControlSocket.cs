using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Packages;
using LazyOC.Plugins.Runtime;

namespace LazyOC.Cli.Control;

/// <summary>The control socket of this process, with what answers on it.</summary>
internal sealed class ControlSocket : IAsyncDisposable
{
    private readonly ControlServer? _server;

    private ControlSocket(RunningPlugins plugins, ControlServer? server) => (Plugins, _server) = (plugins, server);

    /// <summary>Changes what runs, for this process's own screen as for the commands.</summary>
    public RunningPlugins Plugins { get; }

    /// <summary>Begins to listen; without a socket, which is told, this process goes on and commands do not reach it.</summary>
    /// <param name="home">Whose commands.</param>
    /// <param name="host">Runs the plugins; to be disposed after this.</param>
    /// <param name="store">Where they are installed.</param>
    /// <param name="warn">Told what the user should know; must return at once.</param>
    /// <param name="bug">Told of faults of the program's own; must return at once.</param>
    /// <param name="runs">Which of the installed plugins run here; all when null.</param>
    public static ControlSocket Open(Home home, PluginHost host, PluginStore store, Action<string> warn, Action<string, Exception> bug, Func<PluginId, bool>? runs = null)
    {
        var plugins = new RunningPlugins(host, store, warn, runs);
        var limits = new ControlLimits();
        try
        {
            return new ControlSocket(plugins, ControlServer.Start(ControlDirectory.Of(home, Environment.GetEnvironmentVariable, limits), plugins.HandleAsync, bug, limits));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            warn($"plugin commands do not reach this LazyOC: {error.Message}");
            return new ControlSocket(plugins, null);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null) await _server.DisposeAsync();
        Plugins.Dispose();
    }
}
