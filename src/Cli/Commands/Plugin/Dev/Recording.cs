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
        var manifest = Path.Combine(source, PluginPackage.ManifestPath);
        if (Path.GetFullPath(file) == Path.GetFullPath(manifest)) throw new UserError(ExitCode.Usage, "plugin.json itself is not written", "give another name, compare the two, and take over what is right");
        try
        {
            File.WriteAllText(file, PermissionProposal.Manifest(File.ReadAllText(manifest), recorded));
            Console.WriteLine(Output.Printable($"{file}: the manifest with these permissions"));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new UserError(ExitCode.Failed, $"the manifest cannot be written: {error.Message}", "give a file that you may write to", error);
        }
    }
}
