using System.Collections.Immutable;
using System.ComponentModel;
using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace LazyOC.Cli.Commands.Plugin.Dev;

/// <summary>What came of bundling; of each what esbuild says, with its places.</summary>
internal sealed record Bundled(string? Errors = null, string? Warnings = null);

/// <summary>A plugin's esbuild, kept ready in a process of its own: bundling again takes it a few milliseconds.</summary>
internal sealed class Bundler : IAsyncDisposable
{
    private static readonly Lazy<string> Script = new(() =>
    {
        using var script = new StreamReader(typeof(Bundler).Assembly.GetManifestResourceStream("bundle.mjs")!);
        return script.ReadToEnd();
    });

    private readonly Process _process;
    private readonly Task<string> _problems;

    private Bundler(Process process) => (_process, _problems) = (process, process.StandardError.ReadToEndAsync());

    /// <exception cref="UserError">Node.js is not there.</exception>
    public static Bundler Start(string directory, ImmutableArray<string> flags)
    {
        try
        {
            return new Bundler(Process.Start(new ProcessStartInfo("node", ["--input-type=module", "--eval", Script.Value, "--", directory, .. flags])
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                UseShellExecute = false,
                WorkingDirectory = directory,
            }) ?? throw new InvalidOperationException("node did not start."));
        }
        catch (Win32Exception error)
        {
            throw new UserError(ExitCode.Failed, $"Node.js cannot be started: {error.Message}", "install Node.js 20 or newer (https://nodejs.org)", error);
        }
    }

    /// <summary>Bundles; null, with what it said, when the process has ended.</summary>
    public async Task<(Bundled? Result, string? Ended)> BundleAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _process.StandardInput.WriteLineAsync(ReadOnlyMemory<char>.Empty, cancellationToken);
            await _process.StandardInput.FlushAsync(cancellationToken);
            if (await _process.StandardOutput.ReadLineAsync(cancellationToken) is { } line) return (JsonSerializer.Deserialize(line, BundlerJson.Default.Bundled)!, null);
        }
        catch (IOException)
        {
            // It has ended; what it said on the way is told.
        }
        return (null, await _problems.WaitAsync(cancellationToken));
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(Bundled))]
internal sealed partial class BundlerJson : JsonSerializerContext;
