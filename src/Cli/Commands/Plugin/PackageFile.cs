using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Contracts.Manifest;
using LazyOC.Plugins.Packages;
using LazyOC.Plugins.Runtime.Extensions;
using LazyOC.Tui.Screen;

namespace LazyOC.Cli.Commands.Plugin;

/// <summary>A package file on its way into the store, for <c>install</c> and <c>update</c>.</summary>
internal static class PackageFile
{
    /// <exception cref="UserError">It cannot be read, or is no sound package.</exception>
    public static PluginPackage Open(string path) =>
        PluginPackage.Open(Read(path)).OrThrow(ExitCode.Refused, Path.GetFileName(path), "nothing was installed; ask the package's author for a sound one");

    /// <summary>Says what the plugin will be able to do and waits for a yes.</summary>
    /// <exception cref="UserError">There was no yes.</exception>
    public static void AskForConsent(ConsentText consent)
    {
        string[] lines = [consent.Title, consent.Origin, consent.Lead, .. consent.Asked.Select(sentence => $"  • {sentence}"), .. consent.Reasons.Select(reason => $"  {reason}"), .. consent.Hooks.Select(hook => $"  {hook}")];
        foreach (var line in lines) Console.Error.WriteLine(Output.Printable(line));
        if (Console.IsInputRedirected)
            throw new UserError(ExitCode.Refused, "not installed: consent is needed and there is no one to ask", "`--yes` grants what the package asks for");
        Console.Error.Write($"{consent.Question} [y/N] ");
        if (Console.ReadLine()?.Trim() is not ("y" or "Y" or "yes"))
            throw new UserError(ExitCode.Refused, "not installed");
    }

    /// <summary>Puts it into the store and into the running LazyOCs, and says so.</summary>
    public static async Task InstallAsync(Home home, PluginStore store, PluginPackage package, string source, OutputFormat output, CancellationToken cancellationToken)
    {
        var id = package.Manifest.Id;
        var before = store.Current().OrThrow(ExitCode.Failed).Find(id);
        var installation = new Installation { Package = package, Grant = package.Manifest.Permissions, Source = source };
        var (generation, running) = await StoreChange.MakeAsync(home, store, id, () => store.Install(installation), ExitCode.Refused, cancellationToken: cancellationToken);
        var entry = generation.Find(id)!;
        if (output == OutputFormat.Json)
        {
            Output.Json(PluginRow.Of(entry) with { Running = running }, PluginJson.Default.PluginRow);
            return;
        }
        Console.WriteLine($"{entry.Id} {entry.Version} is installed{(before is null || before.Version == entry.Version ? "" : $" in place of {before.Version}")}{(entry.IsUnsigned ? ", unsigned" : "")}");
        StoreChange.Print(id, running);
        foreach (var conflict in ConflictsOf(store, generation, id)) PrintConflict(home, conflict);
        foreach (var clash in OwnKeys.ClashesOf(package.Manifest, new UserKeys(home.Keys), warning => Console.Error.WriteLine($"lazyoc: {Output.Printable(warning)}"))) PrintClash(home, clash);
    }

    private static void PrintClash(Home home, OwnKeyClash clash)
    {
        Console.WriteLine(Output.Printable($"the key `{clash.Key}` of {clash.Claimant} is LazyOC's own, for {clash.Owner}"));
        PrintKeyHint(home, clash.Claimant);
    }

    private static void PrintKeyHint(Home home, string command) => Console.WriteLine(Output.Printable($"hint: give it a key of its own in `{home.Keys}`: {{\"{command}\": [\"f5\"]}}"));

    private static void PrintConflict(Home home, KeyConflict conflict)
    {
        var last = conflict.Claimants[^1].Contribution;
        Console.WriteLine(Output.Printable($"the key {conflict}; `?` on the screen shows who has it"));
        Console.WriteLine(Output.Printable($"hint: give another a key of its own in `{home.Keys}`: {{\"{last.Action ?? last.Command}\": [\"f5\"]}}"));
    }

    /// <summary>Keys that a plugin and other enabled ones ask for.</summary>
    private static IEnumerable<KeyConflict> ConflictsOf(PluginStore store, Generation generation, PluginId id)
    {
        var manifests = generation.Plugins.Where(entry => entry.Enabled).Select(entry => store.Open(entry).TryGet(out var plugin, out _) ? plugin.Manifest : null).OfType<PluginManifest>();
        return KeyConflicts.Of(manifests).Where(conflict => conflict.Claimants.Any(claim => claim.Plugin == id));
    }

    /// <summary>The bytes of a file that may be a package.</summary>
    /// <exception cref="UserError">It cannot be read, or is larger than any package.</exception>
    public static byte[] Read(string path)
    {
        try
        {
            var length = new FileInfo(path).Length;
            return length <= PackageLimits.Default.MaxPackedBytes
                ? File.ReadAllBytes(path)
                : throw new UserError(ExitCode.Refused, $"{path} has {length} bytes, more than the {PackageLimits.Default.MaxPackedBytes} a package may have");
        }
        catch (FileNotFoundException error)
        {
            throw new UserError(ExitCode.NotFound, $"there is no file {path}", "`lazyoc plugin pack DIR` makes a package", error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new UserError(ExitCode.Failed, $"{path} cannot be read: {error.Message}", cause: error);
        }
    }
}
