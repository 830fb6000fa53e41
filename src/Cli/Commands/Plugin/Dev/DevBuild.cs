namespace LazyOC.Cli.Commands.Plugin.Dev;

/// <summary>
/// Builds a plugin again and again. A build script that is esbuild, after tsc or alone, is done by processes that stay: the bundle is
/// there at once, the types are checked beside it. Any other is run as it is.
/// </summary>
/// <param name="source">The plugin's directory.</param>
/// <param name="tell">Told what is no error.</param>
/// <param name="typesChecked">Told when <see cref="TypeErrors"/> may be others; called on any thread.</param>
internal sealed class DevBuild(string source, Action<string> tell, Action typesChecked) : IAsyncDisposable
{
    private BuildScript? _script;
    private Bundler? _bundler;
    private TypeCheck? _types;

    /// <summary>What tsc says of what was saved last, as far as it has looked; null for nothing.</summary>
    public string? TypeErrors => _types?.Errors;

    /// <summary>Builds, if there is anything to build.</summary>
    /// <exception cref="UserError">It failed; the message says where.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        if (PluginBuild.ScriptOf(source) is not { } text) return;
        if (BuildScript.Parse(text) is not { } script || NodeTool.Find(source, "esbuild") is null)
        {
            await EndAsync();
            await PluginBuild.RunAsync(source, cancellationToken);
            return;
        }
        ManifestIdsFile.Write(source);
        if (_bundler is null || script != _script)
        {
            await EndAsync();
            (_script, _bundler) = (script, Bundler.Start(source, script.Bundle));
            if (script.Check is { } check) _types = TypeCheck.TryStart(source, check, typesChecked);
        }
        var (bundled, ended) = await _bundler.BundleAsync(cancellationToken);
        if (bundled is null)
        {
            await EndAsync();
            throw new UserError(ExitCode.Failed, $"esbuild has ended\n{ended}".TrimEnd(), $"run `npm install` in {source}, and save again");
        }
        if (bundled.Errors is { } errors) throw new UserError(ExitCode.Failed, errors, "mend what is named");
        if (bundled.Warnings is { Length: > 0 } warnings) tell(warnings);
    }

    public async ValueTask DisposeAsync() => await EndAsync();

    private async Task EndAsync()
    {
        if (_bundler is not null) await _bundler.DisposeAsync();
        if (_types is not null) await _types.DisposeAsync();
        (_script, _bundler, _types) = (null, null, null);
    }
}
