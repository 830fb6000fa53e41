using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Packages;
using LazyOC.Plugins.Runtime.HotSwap;

namespace LazyOC.Cli.Installing;

/// <summary>Tries what is to be installed, before it is: a plugin that cannot take over takes nobody's place.</summary>
internal sealed class Rehearsal(Home home, PluginStore store)
{
    /// <exception cref="UserError">One of them cannot take over; nothing has changed.</exception>
    public async Task RunAsync(SetChange change, Generation current, CancellationToken cancellationToken)
    {
        var options = new RehearsalOptions
        {
            Data = store.Data,
            Scratch = store.Rehearsals,
            Settings = InstalledPlugins.SettingsOf(home),
            Policy = PolicyFiles.Read(Environment.GetEnvironmentVariable),
            Bug = static (what, bug) => Console.Error.WriteLine($"lazyoc: a fault of its own in {what}: {Output.Printable(bug.ToString())}"),
        };
        foreach (var installation in change.Install)
        {
            var plugin = store.Preview(installation, current);
            if (await PluginRehearsal.RunAsync(plugin, options, cancellationToken) is not { } failure) continue;
            var where = failure.Stack is { Length: > 0 } stack ? "\n" + stack.TrimEnd() : "";
            throw new UserError(ExitCode.Refused, new Problem($"{plugin.Manifest.Id} {plugin.Manifest.Version}", $"does not start: {failure.Code}: {failure.Message}{where}").ToString(), "nothing was changed; tell its author") { Help = HelpPage.DoesNotStart };
        }
    }
}
