using System.Collections.Immutable;
using LazyOC.Cli.Commands.Plugin;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Sandbox.Files;

namespace LazyOC.Cli.Installing;

/// <summary>
/// Which of the user's folders the plugins of a plan are given. Two plugins may have mounts of the same name: each is given what
/// was meant for it, and nothing else.
/// </summary>
/// <param name="rules">Which folders no plugin is given.</param>
/// <param name="prompt">Asks for a line; gives null when there is nobody to ask.</param>
/// <param name="note">Tells the user why a folder will not do.</param>
internal sealed class FolderQuestions(MountRules rules, Func<string, string?> prompt, Action<string> note)
{
    /// <summary>The folders of one plugin, by mount.</summary>
    public static ImmutableSortedDictionary<string, string> Of(ImmutableDictionary<PluginId, ImmutableSortedDictionary<string, string>> folders, PluginId plugin) =>
        folders.GetValueOrDefault(plugin) ?? ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);

    /// <summary>The folders that were named beforehand, each for the one plugin that has such a mount.</summary>
    /// <param name="mounts">Each <c>NAME=DIR</c>.</param>
    /// <param name="fetched">The packages.</param>
    /// <exception cref="UserError">No plugin has the mount, or several have; or the folder will not do.</exception>
    public ImmutableDictionary<PluginId, ImmutableSortedDictionary<string, string>> Named(ImmutableArray<string> mounts, ImmutableArray<FetchedPackage> fetched)
    {
        var folders = ImmutableDictionary<PluginId, ImmutableSortedDictionary<string, string>>.Empty;
        foreach (var (mount, folder) in ChosenFolders.Read(mounts, rules))
        {
            var owners = fetched.Where(package => package.Package.Manifest.Permissions.Files.Any(rule => rule.Mount == mount)).Select(package => package.Planned.Id).ToArray();
            if (owners.Length == 0) throw new UserError(ExitCode.Usage, $"none of the plugins has a mount `{mount}`");
            if (owners.Length > 1) throw new UserError(ExitCode.Usage, $"{string.Join(" and ", owners)} both have a mount `{mount}`", "install one after the other");
            folders = folders.SetItem(owners[0], Of(folders, owners[0]).SetItem(mount, folder));
        }
        return folders;
    }

    /// <summary>Asks for the folders that are still to be chosen.</summary>
    /// <param name="fetched">The packages.</param>
    /// <param name="folders">Those that were named.</param>
    public ImmutableDictionary<PluginId, ImmutableSortedDictionary<string, string>> Ask(ImmutableArray<FetchedPackage> fetched, ImmutableDictionary<PluginId, ImmutableSortedDictionary<string, string>> folders)
    {
        foreach (var package in fetched)
        {
            var id = package.Planned.Id;
            foreach (var rule in ChosenFolders.Missing(package.Package.Manifest.Permissions, Of(folders, id), package.Planned.Before?.Granted))
            {
                var suggested = rule.Suggest is { } suggest ? $" (it suggests {suggest})" : "";
                while (prompt(Output.Printable($"Which of your folders is /mnt/{rule.Mount} of {id}{suggested}? Empty for none for now: ")) is { Length: > 0 } typed)
                {
                    if (ChosenFolders.Resolve(rule.Mount, typed.Trim(), rules).TryGet(out var folder, out var problems))
                    {
                        folders = folders.SetItem(id, Of(folders, id).SetItem(rule.Mount, folder));
                        break;
                    }
                    note(problems[0].ToString());
                }
            }
        }
        return folders;
    }
}
