using System.Collections.Immutable;
using LazyOC.Cli.Control;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Packages;

namespace LazyOC.Cli.Commands.Plugin;

/// <summary>A change of what is installed, which the running LazyOCs follow.</summary>
internal static class StoreChange
{
    /// <summary>
    /// Changes the store and tells the running LazyOCs. When the package cannot take over in one of them, what was installed
    /// before is again, in the store and in all of them.
    /// </summary>
    /// <param name="home">Whose plugins.</param>
    /// <param name="store">Its store.</param>
    /// <param name="plugins">The plugins that are different afterwards.</param>
    /// <param name="change">Changes the store; its refusal ends the command with <paramref name="refusal"/>.</param>
    /// <param name="refusal">Exit code of a refusal.</param>
    /// <param name="lifts">Whether the user lifts the quarantine of the first with it.</param>
    /// <param name="cancellationToken">Ends it before anything is changed, and not afterwards.</param>
    /// <exception cref="UserError">It was refused, or could not take over.</exception>
    public static async Task<(Generation Generation, ImmutableArray<RunningRow> Running)> MakeAsync(
        Home home, PluginStore store, ImmutableArray<PluginId> plugins, Func<Outcome<Generation>> change, int refusal = ExitCode.Failed, bool lifts = false, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var before = store.Current().OrThrow(ExitCode.Failed).Number;
        var after = Make(store, change).OrThrow(refusal);
        // It has happened: whoever interrupts now would leave running ones with a set that is not in force.
        var running = await RunningInstances.ReloadAsync(home, lifts ? plugins[0] : null, CancellationToken.None);
        if (!running.Any(row => row.Changes.Any(made => made.Failed && plugins.Contains(made.Plugin)))) return (after, running);

        store.SwitchBack(after.Number, before).OrThrow(ExitCode.Failed);
        await RunningInstances.ReloadAsync(home, null, CancellationToken.None);
        var lines = running.SelectMany(row => plugins.SelectMany(row.Lines)).Select(Output.Printable);
        var failed = running.SelectMany(row => row.Changes).First(made => made.Failed && plugins.Contains(made.Plugin)).Plugin;
        var (what, stay) = plugins.Length == 1 ? (failed.ToString(), "stays as it was") : ("the plugins", "stay as they were");
        throw new UserError(ExitCode.Failed, $"{what} {stay}\n{string.Join('\n', lines)}", $"`lazyoc plugin disable {failed}` first lets the other version begin without the state of this one");
    }

    private static Outcome<Generation> Make(PluginStore store, Func<Outcome<Generation>> change)
    {
        try
        {
            return change();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new UserError(ExitCode.Failed, $"the installed plugins stay as they were: {error.Message}", $"make room below {store.Root}, or see whether it may be written", error) { Help = HelpPage.SetStays };
        }
    }

    /// <summary>Tells the user what the running ones made of it.</summary>
    public static void Print(PluginId plugin, ImmutableArray<RunningRow> running)
    {
        foreach (var line in running.SelectMany(row => row.Lines(plugin))) Console.WriteLine(Output.Printable(line));
    }
}
