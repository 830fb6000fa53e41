using System.Collections.Immutable;
using LazyOC.Marketplace.Protocol.Client;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Contracts.Versions;
using LazyOC.Plugins.Packages;

namespace LazyOC.Cli.Installing;

/// <summary><c>plugin install --locked</c>: exactly the plugins of a lock file, bit for bit, or nothing.</summary>
internal sealed class LockedInstaller(Home home, PluginStore store, InstallOptions options)
{
    private const int MaxBytes = 16 << 20;

    public async Task<int> RunAsync(string path, CancellationToken cancellationToken)
    {
        if (!File.Exists(path)) throw new UserError(ExitCode.NotFound, $"there is no file {path}", "`lazyoc plugin lock > plugins.lock` writes one");
        if (new FileInfo(path).Length > MaxBytes) throw new UserError(ExitCode.Refused, $"{path} has more than the {ByteSize.Format(MaxBytes)} a lock file may have");
        var wanted = PluginStore.ReadLockFile(File.ReadAllBytes(path)).OrThrow(ExitCode.Refused, Path.GetFileName(path));
        var registries = new Registries(home, TimeProvider.System, text => Console.Error.WriteLine($"lazyoc: {Output.Printable(text)}"));
        var set = registries.Open(options.Registry);
        var current = store.Current().OrThrow(ExitCode.Failed);
        var install = ImmutableArray.CreateBuilder<PlannedInstall>();
        var reasons = ImmutableArray.CreateBuilder<(PluginId, InstallReason, VersionRange?)>();
        foreach (var entry in wanted.Plugins)
        {
            if (current.Find(entry.Id) is { } mine && mine.GivesTheSameAs(entry) && mine.Enabled == entry.Enabled) reasons.Add((entry.Id, entry.Why, entry.Requested));
            else install.Add(await FindAsync(set, entry, current, cancellationToken));
        }
        var goal = new InstallGoal { Cause = $"install --locked {Path.GetFileName(path)}", Remove = [.. current.Plugins.Select(entry => entry.Id).Where(id => wanted.Find(id) is null)] };
        var plan = new InstallPlan(
            goal, current, install.ToImmutable(), [.. current.Plugins.Where(entry => wanted.Find(entry.Id) is null)],
            [.. reasons.Where(reason => current.Find(reason.Item1)! is var mine && (mine.Why != reason.Item2 || !Equals(mine.Requested, reason.Item3)))]);
        return await new Installer(home, store, options).RunAsync(plan, set, registries.Read().Mode, $"{Path.GetFileName(path)}: all of it is installed, and nothing else", cancellationToken);
    }

    /// <summary>The very package that a lock file names, in the registry that holds the plugin.</summary>
    private static async Task<PlannedInstall> FindAsync(RegistrySet registries, InstalledEntry entry, Generation current, CancellationToken cancellationToken)
    {
        var name = $"{entry.Id} {entry.Version}";
        if (registries.Of(entry.Id) is not { } client)
            throw new UserError(ExitCode.NotFound, $"{name} comes from {entry.Source}, and no registry here holds the publisher `{entry.Id.Publisher}`", "`lazyoc registry add URL` adds one");
        var index = (await client.IndexAsync(entry.Id, cancellationToken)).OrThrow(ExitCode.Refused).Value;
        var line = index?.Lines.FirstOrDefault(line => line.Version == entry.Version)
            ?? throw new UserError(ExitCode.NotFound, $"{name} is not in the registry {client.Registry.Name}", $"the lock file has it from {entry.Source}");
        if (line.Digest != entry.Digest) throw new UserError(ExitCode.Refused, $"{name} in the registry {client.Registry.Name} is another package than the lock file's", $"the lock file has it from {entry.Source}");
        if ((line.Kill ?? line.Quarantined) is { } reason) throw new UserError(ExitCode.Refused, $"{name} must not be installed: {reason}", "update the lock file") { Help = HelpPage.Withdrawn };
        return new PlannedInstall(entry.Id, entry.Version, current.Find(entry.Id), new PackageOrigin.InRegistry(client, line), entry.Why, entry.Requested, [], entry);
    }
}
