using System.CommandLine;
using LazyOC.Plugins.Packages;

namespace LazyOC.Cli.Commands.Plugin;

/// <summary><c>plugin update</c>: replaces an installed plugin by another version, asking only when it is to have more rights.</summary>
internal static class UpdateCommand
{
    public static Command Create()
    {
        var file = new Argument<FileInfo>("FILE") { Description = "A package of an installed plugin, FILE.lzp" };
        var yes = new Option<bool>("--yes", "-y") { Description = "Grant what the package asks for without asking" };
        var output = Output.Option();
        var command = new Command(
            "update",
            """
            Replaces an installed plugin by the version in a package. Every LazyOC that is open swaps it and keeps its state; when one
            cannot, the installed version stays.

            Example:
              lazyoc plugin update acme.prometheus-1.5.0.lzp
            """) { file, yes, output };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var path = parsed.GetRequiredValue(file).FullName;
            var package = PackageFile.Open(path);
            var home = PluginCommand.HomeOf(parsed);
            var store = InstalledPlugins.StoreOf(home);
            var before = store.Current().OrThrow(ExitCode.Failed).Find(package.Manifest.Id)
                ?? throw new UserError(ExitCode.NotFound, $"{package.Manifest.Id} is not installed", $"`lazyoc plugin install {Path.GetFileName(path)}` installs it");
            var consent = ConsentText.Of(package.Manifest, before, store.Current().OrThrow(ExitCode.Failed));
            if (consent.Widens && !parsed.GetValue(yes)) PackageFile.AskForConsent(consent);
            else Console.Error.WriteLine(consent.Lead);
            await PackageFile.InstallAsync(home, store, package, Path.GetFileName(path), parsed.GetValue(output), cancellationToken);
            return ExitCode.Ok;
        });
        return command;
    }
}
