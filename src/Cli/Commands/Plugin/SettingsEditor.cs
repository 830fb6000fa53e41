using System.Collections.Immutable;
using System.Diagnostics;
using System.Text.Json;
using LazyOC.Plugins.Contracts.Json;
using LazyOC.Plugins.Contracts.Manifest;
using LazyOC.Plugins.Sandbox.Secrets;

namespace LazyOC.Cli.Commands.Plugin;

/// <summary>Lets the user's editor change settings as JSON.</summary>
internal static class SettingsEditor
{
    private const int MaxBytes = 1 << 20;

    /// <summary>What the editor left; only this user can read the file, and it is gone afterwards.</summary>
    /// <exception cref="UserError">There is no editor, it failed, or what it left is no object.</exception>
    public static async Task<ImmutableSortedDictionary<string, JsonElement>> EditAsync(
        PluginManifest manifest, ImmutableSortedDictionary<string, JsonElement> values, CancellationToken cancellationToken)
    {
        var editor = Environment.GetEnvironmentVariable("VISUAL") is { Length: > 0 } visual ? visual : Environment.GetEnvironmentVariable("EDITOR");
        if (editor is not { Length: > 0 }) throw new UserError(ExitCode.Usage, "neither $VISUAL nor $EDITOR names an editor", $"`lazyoc plugin settings {manifest.Id} set NAME VALUE` needs none");
        var folder = Directory.CreateTempSubdirectory("lazyoc-settings-");
        try
        {
            var file = Path.Combine(folder.FullName, $"{manifest.Id}.json");
            UserFile.Write(file, JsonSerializer.SerializeToUtf8Bytes(values, PluginJson.Default.ImmutableSortedDictionaryStringJsonElement));
            await RunAsync(editor, file, cancellationToken);
            var bytes = UserFile.Read(file, MaxBytes) ?? throw new UserError(ExitCode.Failed, "the editor left no file, so nothing was changed");
            return StrictJson.Read(bytes, PluginJson.Default.ImmutableSortedDictionaryStringJsonElement, new JsonLimits(MaxBytes))
                .OrThrow(ExitCode.Usage, "nothing was changed", "the settings are one JSON object, from name to value");
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task RunAsync(string editor, string file, CancellationToken cancellationToken)
    {
        // As git and others do: the variable may hold arguments.
        var words = editor.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        try
        {
            using var process = Process.Start(new ProcessStartInfo(words[0], [.. words[1..], file]) { UseShellExecute = false })
                ?? throw new UserError(ExitCode.Failed, $"{words[0]} did not start");
            await process.WaitForExitAsync(cancellationToken);
            if (process.ExitCode != 0) throw new UserError(ExitCode.Failed, $"{words[0]} ended with code {process.ExitCode}, so nothing was changed");
        }
        catch (System.ComponentModel.Win32Exception error)
        {
            throw new UserError(ExitCode.NotFound, $"{words[0]} cannot be started: {error.Message}", "$VISUAL or $EDITOR names the editor", error);
        }
    }
}
