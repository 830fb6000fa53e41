using System.Collections.Immutable;
using System.CommandLine;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Contracts.Permissions;
using LazyOC.Plugins.Sandbox.Files;

namespace LazyOC.Cli.Commands.Plugin;

/// <summary>The folders of the user's that a plugin sees as <c>/mnt/NAME</c>: what he chooses now, and what he chose before.</summary>
internal static class ChosenFolders
{
    public static Option<string[]> Option() => new("--mount") { Description = "Give a plugin one of your folders, which it then sees as /mnt/NAME", HelpName = "NAME=DIR" };

    /// <summary>The folders that are given, by mount.</summary>
    /// <exception cref="UserError">One is not of the form, is given twice, or is never given to plugins.</exception>
    public static ImmutableSortedDictionary<string, string> Read(IEnumerable<string> given, MountRules rules)
    {
        var folders = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        foreach (var text in given)
        {
            var equals = text.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0 || equals == text.Length - 1) throw new UserError(ExitCode.Usage, $"`{text}` is not a mount and a folder", "write `--mount reports=~/reports`");
            var mount = text[..equals];
            var folder = Resolve(mount, text[(equals + 1)..], rules).OrThrow(ExitCode.Usage);
            if (!folders.TryAdd(mount, folder)) throw new UserError(ExitCode.Usage, $"the mount `{mount}` is given twice");
        }
        return folders.ToImmutable();
    }

    /// <summary>A folder as it is granted: absolute, there, and none that no plugin is given.</summary>
    public static Outcome<string> Resolve(string mount, string typed, MountRules rules)
    {
        var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        var folder = Path.GetFullPath(typed == "~" ? home : typed.StartsWith("~/", StringComparison.Ordinal) ? Path.Combine(home, typed[2..]) : typed);
        return rules.Resolve(folder, out var reason) is null ? new Problem($"/mnt/{mount}", $"`{folder}` {reason}", "choose another folder") : folder;
    }

    /// <summary>The mounts of a plugin that have no folder, neither now nor before.</summary>
    public static IEnumerable<FileRule> Missing(PermissionSet asked, IReadOnlyDictionary<string, string> chosen, PermissionSet? before) =>
        Into(asked, chosen, before).Files.Where(rule => rule.Host is null);

    /// <summary>A grant with the folder of each mount: as chosen now, else as granted before.</summary>
    public static PermissionSet Into(PermissionSet grant, IReadOnlyDictionary<string, string> chosen, PermissionSet? before) => grant with
    {
        Files = [.. grant.Files.Select(rule => rule with { Host = chosen.GetValueOrDefault(rule.Mount) ?? before?.Files.FirstOrDefault(other => other.Mount == rule.Mount)?.Host ?? rule.Host })],
    };
}
