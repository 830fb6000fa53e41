using LazyOC.Plugins.Contracts.Manifest;
using LazyOC.Plugins.Packages;
using LazyOC.Plugins.Runtime.Supervision;

namespace LazyOC.Cli.Commands.Plugin.Dev;

/// <summary>What <c>plugin dev --record</c> is to show when it ends.</summary>
/// <param name="file">Where the proposed manifest is written; null for nowhere.</param>
internal sealed class Recording(string? file)
{
    /// <summary>What was recorded; null when the plugin ran nowhere.</summary>
    public (PluginManifest Declared, RecordedPermissions Recorded)? Taken { get; set; }

    /// <param name="source">The plugin's directory.</param>
    /// <param name="file">Where the proposed manifest is to be written; null for nowhere.</param>
    /// <exception cref="UserError">That is the plugin's own manifest.</exception>
    public static Recording For(string source, string? file) =>
        file is not null && Path.GetFullPath(file) == Path.GetFullPath(Path.Combine(source, PluginPackage.ManifestPath))
            ? throw new UserError(ExitCode.Usage, "plugin.json itself is not written", "give another name, compare the two, and take over what is right")
            : new Recording(file);

    /// <summary>Shows the proposal, and writes it where it was asked for; the plugin's own manifest is left alone.</summary>
    /// <exception cref="UserError">The file cannot be written.</exception>
    public void Print(string source)
    {
        if (Taken is not var (declared, recorded))
        {
            Console.WriteLine("nothing is recorded: the plugin ran in no LazyOC");
            return;
        }
        foreach (var line in PermissionProposal.Lines(declared.Permissions, recorded)) Console.WriteLine(Output.Printable(line));
        if (file is null) return;
        try
        {
            File.WriteAllText(file, PermissionProposal.Manifest(File.ReadAllText(Path.Combine(source, PluginPackage.ManifestPath)), recorded));
            Console.WriteLine(Output.Printable($"{file}: the manifest with these permissions"));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new UserError(ExitCode.Failed, $"the manifest cannot be written: {error.Message}", "give a file that you may write to", error);
        }
    }
}
