using LazyOC.Plugins.Packages;

namespace LazyOC.Cli.Installing;

/// <summary><c>plugin update --auto</c>: the updates that the user lets be made, as long as they widen nothing.</summary>
internal sealed class AutomaticUpdate(Home home, PluginStore store, InstallOptions options)
{
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        var current = store.Current().OrThrow(ExitCode.Failed);
        var ids = current.Plugins.Where(entry => entry.Auto != AutomaticUpdates.Off).Select(entry => entry.Id).ToList();
        if (ids.Count == 0)
        {
            Console.Error.WriteLine("no plugin is updated automatically; `lazyoc plugin auto ID patch|minor|all` changes that");
            return ExitCode.Ok;
        }
        // One at a time: one that may not be updated so does not hold up the others.
        var code = ExitCode.Ok;
        foreach (var id in ids)
        {
            try
            {
                var one = new InstallGoal { Cause = $"update --auto {id}", Update = [id] };
                code = Math.Max(code, await new Installer(home, store, options with { OnlyWithoutConsent = true }).RunAsync(one, $"{id} {current.Find(id)!.Version} is the latest that fits", cancellationToken));
            }
            catch (UserError error)
            {
                Console.Error.WriteLine($"lazyoc: {Output.Printable(error.Message)}");
                code = error.ExitCode;
            }
        }
        return code;
    }
}
