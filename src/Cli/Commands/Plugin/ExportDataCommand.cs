using System.CommandLine;
using System.Text.Encodings.Web;
using System.Text.Json;
using LazyOC.Plugins.Runtime.State;

namespace LazyOC.Cli.Commands.Plugin;

/// <summary><c>plugin export-data</c>: what a plugin has stored, as JSON.</summary>
internal static class ExportDataCommand
{
    // Read by people: only what JSON itself demands is escaped.
    private static readonly JsonWriterOptions Written = new() { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static Command Create()
    {
        var id = PluginCommand.IdArgument();
        var file = new Option<FileInfo?>("--file", "-f") { Description = "Where to write it, instead of printing it; a file that is there stays" };
        var command = new Command(
            "export-data",
            """
            Writes what a plugin has stored as one JSON object of its keys, also while it runs and after it was uninstalled.

            Example:
              lazyoc plugin export-data acme.prometheus --file prometheus.json
            """) { id, file };
        command.SetAction(parsed =>
        {
            var plugin = parsed.GetRequiredValue(id);
            var json = Export(InstalledPlugins.StoreOf(PluginCommand.HomeOf(parsed)).DataFileOf(plugin).OrThrow(ExitCode.NotFound));
            if (parsed.GetValue(file) is { } target) Write(target, json);
            else Console.Out.WriteLine(System.Text.Encoding.UTF8.GetString(json));
            return ExitCode.Ok;
        });
        return command;
    }

    private static byte[] Export(string path)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, Written)) StoredData.Export(path, writer).OrThrow(ExitCode.Failed);
        return buffer.ToArray();
    }

    private static void Write(FileInfo target, byte[] json)
    {
        try
        {
            using var stream = new FileStream(target.FullName, FileMode.CreateNew, FileAccess.Write);
            stream.Write(json);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new UserError(ExitCode.Failed, $"`{target}` cannot be written: {error.Message}", cause: error);
        }
    }
}
