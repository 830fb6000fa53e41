using System.CommandLine;
using LazyOC.Marketplace.Data;
using LazyOC.Marketplace.Plugins;
using LazyOC.Marketplace.Publishing;
using LazyOC.Marketplace.Registry;
using LazyOC.Marketplace.Scanning;
using LazyOC.Plugins.Contracts;

namespace LazyOC.Marketplace.Generating;

/// <summary><c>generate</c>, which <c>lazyoc bench market</c> fills a marketplace with. It is not shown: nobody else has use for it.</summary>
internal static class GenerateCommand
{
    private const int StepsBetweenReports = 10_000;

    public static Command Create(Option<DirectoryInfo> data)
    {
        var plugins = new Option<int>("--plugins") { Description = "How many there are to be", HelpName = "N", Required = true };
        var command = new Command("generate", "Fills the records with plugins that are made up, for measurements") { plugins };
        command.Hidden = true;
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var (directory, time, limits) = (parsed.GetRequiredValue(data).FullName, TimeProvider.System, MarketLimits.Default);
            UserFile.CreateDirectory(directory);
            if (!RootKey.Open(directory, null).TryGet(out var root, out var problems))
            {
                await Console.Error.WriteLineAsync($"error: {Problem.Join(problems)}");
                return 1;
            }
            using var key = root;
            using var database = MarketServer.OpenDatabase(directory);
            await Migration.ApplyAsync(database, time, cancellationToken);
            var generated = new GeneratedPlugins(database, new SignedDocuments(root, time, limits), new PluginListing(), new RequiredScanners(ScannerSet.Default(new ScannerOptions()), _ => PackageLooks.None), time);
            await generated.FillAsync(parsed.GetValue(plugins), there =>
            {
                if (there % StepsBetweenReports == 0) Console.Error.WriteLine($"{there:N0} plugins");
            }, cancellationToken);
            return 0;
        });
        return command;
    }
}
