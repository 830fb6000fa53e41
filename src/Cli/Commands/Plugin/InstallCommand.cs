using System.Collections.Immutable;
using System.CommandLine;
using LazyOC.Cli.Installing;
using LazyOC.Marketplace.Protocol.Client;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Contracts.Versions;

namespace LazyOC.Cli.Commands.Plugin;

/// <summary><c>plugin install</c>: finds versions that fit together, shows what they ask for, asks, installs, also in the LazyOCs that run.</summary>
internal static class InstallCommand
{
    public static Command Create()
    {
        var plugins = new Argument<string[]>("PLUGIN")
        {
            Description = "An id, an id and the versions that will do (acme.prometheus@^1.4), or a package, FILE.lzp",
            Arity = ArgumentArity.ZeroOrMore,
        };
        var locked = new Option<FileInfo?>("--locked") { Description = "Install exactly what a lock file has, and nothing else", HelpName = "FILE" };
        var command = new Command(
            "install",
            """
            Installs plugins, and the plugins they need; they run at once in every LazyOC that is open.

            Examples:
              lazyoc plugin install acme.prometheus
              lazyoc plugin install acme.prometheus@^1.4 acme.lines --dry-run
              lazyoc plugin install acme.prometheus-1.4.0.lzp
              lazyoc plugin install ./my.plugin-0.1.0.lzp --allow-unsigned
              lazyoc plugin install --locked plugins.lock
            """) { plugins, locked };
        InstallOptions.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var home = PluginCommand.HomeOf(parsed);
            var store = InstalledPlugins.StoreOf(home);
            var named = parsed.GetValue(plugins) ?? [];
            if (parsed.GetValue(locked) is { } file)
            {
                if (named.Length > 0) throw new UserError(ExitCode.Usage, "`--locked` installs what the lock file has, and no other plugin", "leave the plugins out");
                return await new LockedInstaller(home, store, InstallOptions.Of(parsed)).RunAsync(file.FullName, cancellationToken);
            }
            if (named.Length == 0) throw new UserError(ExitCode.Usage, "no plugin is named", "`lazyoc plugin install acme.prometheus`; `lazyoc plugin install --help` shows more");
            var goal = GoalOf(named);
            return await new Installer(home, store, InstallOptions.Of(parsed)).RunAsync(goal, $"{string.Join(", ", named)}: already installed", cancellationToken);
        });
        return command;
    }

    /// <summary>What the arguments ask for.</summary>
    /// <exception cref="UserError">One is neither an id nor a package.</exception>
    public static InstallGoal GoalOf(string[] named)
    {
        var wanted = ImmutableSortedDictionary.CreateBuilder<PluginId, VersionRange?>();
        var files = ImmutableSortedDictionary.CreateBuilder<PluginId, PackageOrigin.InFile>();
        foreach (var text in named)
        {
            if (Find(text) is { } path)
            {
                var package = PackageFile.Open(path);
                if (!files.TryAdd(package.Manifest.Id, new PackageOrigin.InFile(path, package))) throw new UserError(ExitCode.Usage, $"{package.Manifest.Id} is named twice");
                continue;
            }
            var at = text.IndexOf('@', StringComparison.Ordinal);
            if (!PluginId.TryParse(at < 0 ? text : text[..at], out var id))
                throw new UserError(ExitCode.Usage, $"`{text}` is not a plugin id such as acme.prometheus, nor a package", "a package's file ends in `.lzp`");
            VersionRange? range = null;
            if (at >= 0 && !VersionRange.TryParse(text[(at + 1)..], out range)) throw new UserError(ExitCode.Usage, $"`{text[(at + 1)..]}` is not a range of versions", "write `^1.4`, `1.4.0` or `>=1.2 <2`");
            if (!wanted.TryAdd(id, range)) throw new UserError(ExitCode.Usage, $"{id} is named twice");
        }
        foreach (var id in files.Keys)
            if (wanted.ContainsKey(id)) throw new UserError(ExitCode.Usage, $"{id} is named twice");
        return new InstallGoal { Cause = $"install {string.Join(' ', wanted.Keys.Concat(files.Keys).Order())}", Wanted = wanted.ToImmutable(), Files = files.ToImmutable() };
    }

    /// <summary>The package that an argument means; null when it means an id.</summary>
    private static string? Find(string text) =>
        text.EndsWith(".lzp", StringComparison.OrdinalIgnoreCase) || text.Contains(Path.DirectorySeparatorChar, StringComparison.Ordinal) ? Path.GetFullPath(text) : null;
}
