using System.CommandLine;
using LazyOC.Marketplace.Data;
using LazyOC.Marketplace.Plugins;
using LazyOC.Marketplace.Publishing;
using LazyOC.Marketplace.Registry;
using LazyOC.Marketplace.Scanning;

namespace LazyOC.Marketplace.Generating;

/// <summary><c>generate</c>, which <c>lazyoc bench market</c> fills a marketplace with. It is not shown: nobody else has use for it.</summary>
internal static class GenerateCommand
{
    private const int StepsBetweenReports = 10_000;

    public static Command Create(Func<ParseResult, MarketOptions> place)
    {
        var plugins = new Option<int>("--plugins") { Description = "How many there are to be", HelpName = "N", Required = true };
        var command = new Command("generate", "Fills the records with plugins that are made up, for measurements") { plugins };
        command.Hidden = true;
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var (options, time, limits) = (place(parsed), TimeProvider.System, MarketLimits.Default);
            if (!Database.Open(options, limits).TryGet(out var database, out var problems)) return MarketCommand.Fail(problems);
            using var open = database;
            await Migration.ApplyAsync(database, time, cancellationToken);
            if (!(await RootKey.OpenAsync(database, options.DataDirectory, null, cancellationToken)).TryGet(out var root, out problems)) return MarketCommand.Fail(problems);
            using var key = root;
            var generated = new GeneratedPlugins(database, new SignedDocuments(root, time, limits, options), new PluginListing(), new RequiredScanners(ScannerSet.Default(new ScannerOptions()), _ => PackageLooks.None), time);
            await generated.FillAsync(parsed.GetValue(plugins), there =>
            {
                if (there % StepsBetweenReports == 0) Console.Error.WriteLine($"{there:N0} plugins");
            }, cancellationToken);
            return 0;
        });
        return command;
    }
}
