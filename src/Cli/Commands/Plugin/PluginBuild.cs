using System.ComponentModel;
using System.Text.Json;
using LazyOC.Plugins.Contracts;

namespace LazyOC.Cli.Commands.Plugin;

/// <summary>Builds a plugin from its source the way its <c>package.json</c> says, so that a package is never older than its source.</summary>
internal static class PluginBuild
{
    /// <summary>What a shell ends with when there is no program of that name.</summary>
    private const int NoSuchProgram = 127;

    /// <summary>Whether there is anything to build.</summary>
    /// <exception cref="UserError"><c>package.json</c> is not JSON.</exception>
    public static bool IsDescribedIn(string directory) => ScriptOf(directory) is not null;

    /// <summary>Runs <c>npm run build</c>, with the ids of <c>plugin.json</c> known to the compiler.</summary>
    /// <exception cref="UserError">It failed; the message is what it printed.</exception>
    public static async Task RunAsync(string directory, CancellationToken cancellationToken)
    {
        ManifestIdsFile.Write(directory);
        try
        {
            var build = await ChildProcess.RunAsync("npm", ["run", "--silent", "build"], NodeTool.Plain, directory, cancellationToken: cancellationToken);
            if (build.ExitCode != 0)
                throw new UserError(
                    ExitCode.Failed, $"the build script ended with {build.ExitCode}\n{build.Output}{build.Error}".TrimEnd(),
                    build.ExitCode == NoSuchProgram ? $"run `npm install` in {directory}: it installs what the script runs" : "mend what is named; `--no-build` takes what was built before")
                {
                    Help = HelpPage.Build,
                };
        }
        catch (Win32Exception error)
        {
            throw new UserError(ExitCode.Failed, $"npm cannot be started: {error.Message}", "install Node.js 20 or newer, or build by other means and use `--no-build`", error) { Help = HelpPage.Npm };
        }
    }

    /// <summary>The build script; null when there is none.</summary>
    /// <exception cref="UserError"><c>package.json</c> is not JSON.</exception>
    public static string? ScriptOf(string directory)
    {
        var packageJson = Path.Combine(directory, "package.json");
        if (!File.Exists(packageJson)) return null;
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(packageJson));
            return document.RootElement.ValueKind == JsonValueKind.Object
                && document.RootElement.TryGetProperty("scripts", out var scripts)
                && scripts.ValueKind == JsonValueKind.Object
                && scripts.TryGetProperty("build", out var build)
                && build.ValueKind == JsonValueKind.String
                ? build.GetString()
                : null;
        }
        catch (JsonException error)
        {
            throw new UserError(ExitCode.Failed, $"{packageJson} is not JSON: {error.Message}", cause: error);
        }
    }
}
