using System.CommandLine;
using LazyOC.Plugins.Packages;

namespace LazyOC.Cli.Commands.Plugin;

/// <summary><c>plugin install</c>: shows what the package asks for, asks, installs.</summary>
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
            Installs a plugin from a package.

            Example:
              lazyoc plugin install acme.prometheus-1.4.0.lzp
            """) { file, yes, output };
        command.SetAction(parsed =>
        {
            var path = parsed.GetRequiredValue(file).FullName;
            var package = PluginPackage.Open(ReadFile(path)).OrThrow(ExitCode.Refused, Path.GetFileName(path), "nothing was installed; ask the package's author for a sound one");
            var store = InstalledPlugins.StoreOf(PluginCommand.HomeOf(parsed));
            var before = store.Current().OrThrow(ExitCode.Failed).Find(package.Manifest.Id);
            if (!parsed.GetValue(yes)) AskForConsent(ConsentText.Of(package.Manifest, before));
            var installation = new Installation { Package = package, Grant = package.Manifest.Permissions, Source = Path.GetFileName(path) };
            var entry = store.Install(installation).OrThrow(ExitCode.Refused).Find(package.Manifest.Id)!;
            if (parsed.GetValue(output) == OutputFormat.Json) Output.Json(PluginRow.Of(entry), PluginJson.Default.PluginRow);
            else Console.WriteLine($"{entry.Id} {entry.Version} is installed{(entry.IsUnsigned ? ", unsigned" : "")}");
            return ExitCode.Ok;
        });
        return command;
    }

    private static byte[] ReadFile(string path)
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

    /// <summary>Says what the plugin will be able to do and waits for a yes.</summary>
    /// <exception cref="UserError">There was no yes.</exception>
    private static void AskForConsent(ConsentText consent)
    {
        var err = Console.Error;
        foreach (var line in (string[])[consent.Title, consent.Origin, consent.Lead, .. consent.Asked.Select(sentence => $"  • {sentence}"), .. consent.Reasons.Select(reason => $"  {reason}")])
            err.WriteLine(Output.Printable(line));
        if (Console.IsInputRedirected)
            throw new UserError(ExitCode.Refused, "not installed: consent is needed and there is no one to ask", "`--yes` grants what the package asks for");
        err.Write($"{consent.Question} [y/N] ");
        if (Console.ReadLine()?.Trim() is not ("y" or "Y" or "yes"))
            throw new UserError(ExitCode.Refused, "not installed");
    }
}
