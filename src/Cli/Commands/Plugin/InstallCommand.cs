using System.CommandLine;
using LazyOC.Plugins.Packages;

namespace LazyOC.Cli.Commands.Plugin;

/// <summary><c>plugin install</c>: shows what the package asks for, asks, installs, also in the LazyOCs that run.</summary>
internal static class InstallCommand
{
    public static Command Create()
    {
        var file = new Argument<FileInfo>("FILE") { Description = "A package, FILE.lzp" };
        var yes = new Option<bool>("--yes", "-y") { Description = "Grant what the package asks for without asking" };
        var output = Output.Option();
        var command = new Command(
            "install",
            """
            Installs a plugin from a package; it runs at once in every LazyOC that is open.

            Example:
              lazyoc plugin install acme.prometheus-1.4.0.lzp
            """) { file, yes, output };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var path = parsed.GetRequiredValue(file).FullName;
            var package = PackageFile.Open(path);
            var home = PluginCommand.HomeOf(parsed);
            var store = InstalledPlugins.StoreOf(home);
            var before = store.Current().OrThrow(ExitCode.Failed).Find(package.Manifest.Id);
            if (!parsed.GetValue(yes)) PackageFile.AskForConsent(ConsentText.Of(package.Manifest, before, store.Current().OrThrow(ExitCode.Failed)));
            await PackageFile.InstallAsync(home, store, package, Path.GetFileName(path), parsed.GetValue(output), cancellationToken);
            return ExitCode.Ok;
        });
        return command;
    }
}
