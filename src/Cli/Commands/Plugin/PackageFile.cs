using System.Collections.Immutable;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Packages;

namespace LazyOC.Cli.Commands.Plugin;

/// <summary>A package file on its way into the store.</summary>
internal static class PackageFile
{
    /// <exception cref="UserError">It cannot be read, or is no sound package.</exception>
    public static PluginPackage Open(string path) =>
        PluginPackage.Open(Read(path)).OrThrow(ExitCode.Refused, Path.GetFileName(path), "nothing was installed; ask the package's author for a sound one");

    /// <summary>Says what the plugins will be able to do and waits for a yes.</summary>
    /// <exception cref="UserError">There was no yes.</exception>
    public static void AskForConsent(ImmutableArray<ConsentText> consents)
    {
        foreach (var consent in consents)
        {
            string[] lines = [consent.Title, consent.Origin, consent.Lead, .. consent.Asked.Select(sentence => $"  • {sentence}"), .. consent.Reasons.Select(reason => $"  {reason}"), .. consent.Hooks.Select(hook => $"  {hook}")];
            foreach (var line in lines) Console.Error.WriteLine(Output.Printable(line));
        }
        if (Console.IsInputRedirected)
            throw new UserError(ExitCode.Refused, "not installed: consent is needed and there is no one to ask", "`--yes` grants what is asked for") { Help = HelpPage.Consent };
        Console.Error.Write($"{(consents.Length == 1 ? consents[0].Question : "Go on with all of them?")} [y/N] ");
        if (Console.ReadLine()?.Trim() is not ("y" or "Y" or "yes"))
            throw new UserError(ExitCode.Refused, "not installed");
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
