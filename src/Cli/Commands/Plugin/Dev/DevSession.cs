using System.Globalization;
using LazyOC.Cli.Control;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Contracts.Manifest;
using LazyOC.Plugins.Packages;

namespace LazyOC.Cli.Commands.Plugin.Dev;

/// <summary>
/// Brings a plugin's source into the running LazyOCs, again and again. They run it as long as this session lives; then what is
/// installed comes back.
/// </summary>
/// <param name="source">The plugin's directory.</param>
/// <param name="sockets">Where the running LazyOCs are.</param>
/// <param name="tell">Told what happens, a line or more a call.</param>
internal sealed class DevSession(string source, ControlDirectory sockets, Action<string> tell) : IAsyncDisposable
{
    /// <summary>Characters of an error that are shown in a plugin's views: a compiler can say very much.</summary>
    private const int MaxErrorChars = 8_000;

    private static readonly ControlLimits Limits = new();

    private readonly DirectoryInfo _scratch = Directory.CreateTempSubdirectory("lazyoc-dev-");
    private readonly Dictionary<string, ControlClient> _clients = new(StringComparer.Ordinal);
    private readonly Dictionary<string, DateTimeOffset> _logged = new(StringComparer.Ordinal);
    private PluginPackage? _package;
    private PluginId? _plugin;
    private string? _error;
    private int _builds;

    /// <summary>How many LazyOCs run the plugin.</summary>
    public int Running => _clients.Count;

    /// <summary>Builds and packs the source and lets every running LazyOC swap it in; what is wrong with it is shown there.</summary>
    public async Task BuildAsync(CancellationToken cancellationToken)
    {
        await ConnectAsync(cancellationToken);
        try
        {
            _package = await PackAsync(cancellationToken);
            (_plugin, _error) = (_package.Manifest.Id, null);
        }
        catch (UserError broken)
        {
            _error = broken.Message.Length <= MaxErrorChars ? broken.Message : broken.Message[..MaxErrorChars] + "…";
            _plugin ??= IdOfSource();
            tell(broken.Message);
            foreach (var client in _clients.Values) await ShowErrorAsync(client, cancellationToken);
            return;
        }
        foreach (var client in _clients.Values) await LoadAsync(client, cancellationToken);
    }

    /// <summary>Brings the plugin into LazyOCs that were opened since, and tells what it logged.</summary>
    public async Task FollowAsync(CancellationToken cancellationToken)
    {
        foreach (var client in await ConnectAsync(cancellationToken))
        {
            await LoadAsync(client, cancellationToken);
            if (_error is not null) await ShowErrorAsync(client, cancellationToken);
        }
        if (_plugin is not { } plugin) return;
        foreach (var client in _clients.Values.ToArray())
        {
            var after = _logged.GetValueOrDefault(client.Socket, DateTimeOffset.MinValue);
            if (await AskAsync(client, new ControlRequest { Verb = ControlVerb.Logs, Plugin = plugin, After = after }, cancellationToken) is not { } answer) continue;
            foreach (var line in answer.Lines) tell($"{plugin} {line.Level.ToString().ToLowerInvariant()}: {line.Message}");
            if (!answer.Lines.IsEmpty) _logged[client.Socket] = answer.Lines[^1].Time;
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var client in _clients.Values) await client.DisposeAsync();
        _scratch.Delete(recursive: true);
    }

    private async Task<PluginPackage> PackAsync(CancellationToken cancellationToken)
    {
        if (PluginBuild.IsDescribedIn(source)) await PluginBuild.RunAsync(source, cancellationToken);
        try
        {
            return PackageSource.Pack(source).OrThrow(ExitCode.Failed, Path.GetFileName(source)).Package;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new UserError(ExitCode.Failed, error.Message, cause: error);
        }
    }

    private PluginId? IdOfSource()
    {
        var manifest = Path.Combine(source, PluginPackage.ManifestPath);
        return File.Exists(manifest) && ManifestReader.Read(File.ReadAllBytes(manifest)).TryGet(out var read, out _) ? read.Id : null;
    }

    private async Task<IReadOnlyList<ControlClient>> ConnectAsync(CancellationToken cancellationToken)
    {
        var opened = new List<ControlClient>();
        foreach (var socket in sockets.Sockets())
        {
            if (_clients.ContainsKey(socket) || await ControlClient.TryConnectAsync(socket, Limits, cancellationToken) is not { } client) continue;
            _clients.Add(socket, client);
            opened.Add(client);
        }
        return opened;
    }

    private async Task LoadAsync(ControlClient client, CancellationToken cancellationToken)
    {
        if (_package is not { } package) return;
        var file = Path.Combine(_scratch.FullName, string.Create(CultureInfo.InvariantCulture, $"{++_builds}.lzp"));
        await File.WriteAllBytesAsync(file, package.Bytes, cancellationToken);
        var answer = await AskAsync(client, new ControlRequest { Verb = ControlVerb.Dev, File = file }, cancellationToken);
        File.Delete(file);
        if (answer is null) return;
        if (answer.Error is { } error) tell($"running LazyOC (pid {answer.Pid}): {error}");
        foreach (var change in answer.Changes)
            if (change.Plugin == package.Manifest.Id) tell($"running LazyOC (pid {answer.Pid}): {change.What}{(change.Stack is null ? "" : "\n" + change.Stack)}");
    }

    private Task<ControlAnswer?> ShowErrorAsync(ControlClient client, CancellationToken cancellationToken) =>
        _plugin is { } plugin ? AskAsync(client, new ControlRequest { Verb = ControlVerb.DevError, Plugin = plugin, Message = _error }, cancellationToken) : Task.FromResult<ControlAnswer?>(null);

    private async Task<ControlAnswer?> AskAsync(ControlClient client, ControlRequest request, CancellationToken cancellationToken)
    {
        if (await client.AskAsync(request, cancellationToken) is { } answer) return answer;
        _clients.Remove(client.Socket);
        await client.DisposeAsync();
        return null;
    }
}
