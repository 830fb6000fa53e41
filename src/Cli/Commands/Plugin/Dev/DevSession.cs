using System.Diagnostics;
using System.Globalization;
using LazyOC.Cli.Control;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Contracts.Manifest;
using LazyOC.Plugins.Packages;
using LazyOC.Plugins.Runtime.Supervision;

namespace LazyOC.Cli.Commands.Plugin.Dev;

/// <summary>
/// Brings a plugin's source into the running LazyOCs, again and again. They run it as long as this session lives; then what is
/// installed comes back.
/// </summary>
/// <param name="source">The plugin's directory.</param>
/// <param name="sockets">Where the running LazyOCs are.</param>
/// <param name="tell">Told what happens, a line or more a call.</param>
/// <param name="wake">Told when <see cref="FollowAsync"/> has something to do at once; called on any thread.</param>
/// <param name="records">Whether the plugin's use of its permissions is recorded.</param>
internal sealed class DevSession(string source, ControlDirectory sockets, Action<string> tell, Action wake, bool records) : IAsyncDisposable
{
    /// <summary>Characters of an error that are shown in a plugin's views: a compiler can say very much.</summary>
    private const int MaxErrorChars = 8_000;

    private static readonly ControlLimits Limits = new();

    private readonly DirectoryInfo _scratch = Directory.CreateTempSubdirectory("lazyoc-dev-");
    private readonly Dictionary<string, ControlClient> _clients = new(StringComparer.Ordinal);
    private readonly Dictionary<string, DateTimeOffset> _logged = new(StringComparer.Ordinal);
    private readonly DevBuild _build = new(source, tell, wake);
    private PluginPackage? _package;
    private PluginId? _plugin;
    private string? _error;
    private string? _typeErrors;
    private int _builds;

    /// <summary>How many LazyOCs run the plugin.</summary>
    public int Running => _clients.Count;

    /// <summary>Whether the source, as it was last, could be built.</summary>
    public bool IsBuilt => _error is null;

    /// <summary>What is wrong with the source.</summary>
    private string? Wrong => _error ?? _typeErrors;

    /// <summary>Builds and packs the source and lets every running LazyOC swap it in; what is wrong with it is shown there.</summary>
    public async Task BuildAsync(CancellationToken cancellationToken)
    {
        await ConnectAsync(cancellationToken);
        var began = Stopwatch.GetTimestamp();
        try
        {
            _package = await PackAsync(cancellationToken);
            (_plugin, _error) = (_package.Manifest.Id, null);
        }
        catch (UserError broken)
        {
            _error = Cut(broken.Message);
            _plugin ??= IdOfSource();
            tell(broken.Hint is { } hint ? $"{broken.Message}\nhint: {hint}" : broken.Message);
            foreach (var client in _clients.Values.ToArray()) await ShowErrorAsync(client, cancellationToken);
            return;
        }
        tell(string.Create(CultureInfo.InvariantCulture, $"{_package.Manifest.Id} {_package.Manifest.Version} is built, in {Stopwatch.GetElapsedTime(began).TotalMilliseconds:0} ms"));
        foreach (var client in _clients.Values.ToArray()) await LoadAsync(client, cancellationToken);
    }

    /// <summary>Brings the plugin into LazyOCs that were opened since, and tells what it logged and what tsc has found.</summary>
    public async Task FollowAsync(CancellationToken cancellationToken)
    {
        foreach (var client in await ConnectAsync(cancellationToken))
        {
            await LoadAsync(client, cancellationToken);
            if (_error is not null) await ShowErrorAsync(client, cancellationToken);
        }
        await FollowTypesAsync(cancellationToken);
        if (_plugin is not { } plugin) return;
        foreach (var client in _clients.Values.ToArray())
        {
            var after = _logged.GetValueOrDefault(client.Socket, DateTimeOffset.MinValue);
            if (await AskAsync(client, new ControlRequest { Verb = ControlVerb.Logs, Plugin = plugin, After = after }, cancellationToken) is not { } answer) continue;
            foreach (var line in answer.Lines) tell($"{plugin} {line.Level.ToString().ToLowerInvariant()}: {line.Message}");
            if (!answer.Lines.IsEmpty) _logged[client.Socket] = answer.Lines[^1].Time;
        }
    }

    /// <summary>What is recorded of the use of permissions, with those declared; null when nothing is.</summary>
    public async Task<(PluginManifest Declared, RecordedPermissions Recorded)?> RecordedAsync(CancellationToken cancellationToken)
    {
        if (!records || _package is not { } package) return null;
        var answers = new List<RecordedPermissions>();
        foreach (var socket in _clients.Keys)
        {
            // By a connection of its own: on the others an answer may be under way that nobody waits for any more.
            if (await ControlClient.TryConnectAsync(socket, Limits, cancellationToken) is not { } client) continue;
            await using (client)
                if (await client.AskAsync(RecordRequest(package), cancellationToken) is { Permissions: { } recorded }) answers.Add(recorded);
        }
        // Each screen has used what its user looked at; the one in which most was used is the one that is meant.
        return answers.Count == 0 ? null : (package.Manifest, answers.MaxBy(recorded => recorded.Used.InWords().Length)!);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var client in _clients.Values) await client.DisposeAsync();
        await _build.DisposeAsync();
        _scratch.Delete(recursive: true);
    }

    private async Task FollowTypesAsync(CancellationToken cancellationToken)
    {
        var errors = _build.TypeErrors is { } found ? Cut(found) : null;
        if (errors == _typeErrors) return;
        _typeErrors = errors;
        tell(errors ?? "the types are right again");
        if (_error is not null) return;
        foreach (var client in _clients.Values.ToArray()) await ShowErrorAsync(client, cancellationToken);
    }

    private async Task<PluginPackage> PackAsync(CancellationToken cancellationToken)
    {
        await _build.RunAsync(cancellationToken);
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
        // Before it runs: its first calls count, too.
        if (records && await AskAsync(client, RecordRequest(package), cancellationToken) is null) return;
        var file = Path.Combine(_scratch.FullName, string.Create(CultureInfo.InvariantCulture, $"{++_builds}.lzp"));
        await File.WriteAllBytesAsync(file, package.Bytes, cancellationToken);
        var began = Stopwatch.GetTimestamp();
        var answer = await AskAsync(client, new ControlRequest { Verb = ControlVerb.Dev, File = file }, cancellationToken);
        File.Delete(file);
        if (answer is null) return;
        if (answer.Error is { } error) tell($"running LazyOC (pid {answer.Pid}): {error}");
        foreach (var change in answer.Changes)
            if (change.Plugin == package.Manifest.Id)
                tell(string.Create(CultureInfo.InvariantCulture, $"running LazyOC (pid {answer.Pid}): {change.What}, in {Stopwatch.GetElapsedTime(began).TotalMilliseconds:0} ms{(change.Stack is null ? "" : "\n" + change.Stack)}"));
        // The package took the place of the error; what is wrong with its types still is until tsc says otherwise.
        if (_typeErrors is not null && !answer.Changes.Any(change => change.Plugin == package.Manifest.Id && change.Failed)) await ShowErrorAsync(client, cancellationToken);
    }

    private Task<ControlAnswer?> ShowErrorAsync(ControlClient client, CancellationToken cancellationToken) =>
        _plugin is { } plugin ? AskAsync(client, new ControlRequest { Verb = ControlVerb.DevError, Plugin = plugin, Message = Wrong }, cancellationToken) : Task.FromResult<ControlAnswer?>(null);

    private async Task<ControlAnswer?> AskAsync(ControlClient client, ControlRequest request, CancellationToken cancellationToken)
    {
        // One that did not answer the question before is gone already.
        if (_clients.GetValueOrDefault(client.Socket) != client) return null;
        if (await client.AskAsync(request, cancellationToken) is { } answer) return answer;
        _clients.Remove(client.Socket);
        await client.DisposeAsync();
        return null;
    }

    private static ControlRequest RecordRequest(PluginPackage package) => new() { Verb = ControlVerb.Permissions, Plugin = package.Manifest.Id };

    private static string Cut(string text) => text.Length <= MaxErrorChars ? text : text[..MaxErrorChars] + "…";
}
