using System.CommandLine;
using LazyOC.Plugins.Contracts;

namespace LazyOC.Cli.Commands.Plugin;

/// <summary><c>plugin gc</c>: deletes earlier sets, and packages and data that nothing leads to any more.</summary>
internal static class GcCommand
{
    private const int DefaultKeep = 5;

    public static Command Create()
    {
        var keep = new Option<int>("--keep") { Description = "How many earlier sets can still be gone back to", HelpName = "N", DefaultValueFactory = _ => DefaultKeep };
        keep.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() < 0) result.AddError("`--keep` takes a number from 0 upwards");
        });
        var dryRun = new Option<bool>("--dry-run") { Description = "Show what would go, and delete nothing" };
        var output = Output.Option();
        var command = new Command(
            "gc",
            """
            Deletes sets of plugins before the latest few, and packages, stored data and unfinished downloads that no set needs. What
            it deletes cannot be gone back to; what uninstalled plugins have stored last stays.

            Examples:
              lazyoc plugin gc --dry-run
              lazyoc plugin gc --keep 0
            """) { keep, dryRun, output };
        command.SetAction(parsed =>
        {
            var store = InstalledPlugins.StoreOf(PluginCommand.HomeOf(parsed));
            var isDry = parsed.GetValue(dryRun);
            var garbage = store.CollectGarbage(parsed.GetValue(keep), isDry).OrThrow(ExitCode.Failed);
            if (parsed.GetValue(output) == OutputFormat.Json)
            {
                Output.Json(garbage, PluginJson.Default.Garbage);
                return ExitCode.Ok;
            }
            foreach (var item in garbage.Items) Console.WriteLine(item);
            Console.Error.WriteLine(garbage.Items.IsEmpty ? "nothing to delete" : $"{ByteSize.Format(garbage.Bytes)} {(isDry ? "would be freed" : "freed")}");
            return ExitCode.Ok;
        });
        return command;
    }
}
