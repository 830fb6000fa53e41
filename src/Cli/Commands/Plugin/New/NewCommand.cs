using System.Collections.Immutable;
using System.CommandLine;
using System.ComponentModel;
using System.Globalization;
using LazyOC.Plugins.Contracts;

namespace LazyOC.Cli.Commands.Plugin.New;

/// <summary><c>plugin new</c>: makes a plugin to begin with.</summary>
internal static class NewCommand
{
    private const string DefaultTemplate = "tab";

    public static Command Create()
    {
        var directory = new Argument<DirectoryInfo?>("DIR") { Description = "Where to make it; empty, or yet to be made", Arity = ArgumentArity.ZeroOrOne };
        var template = new Option<string?>("--template", "-t") { Description = "What to begin with; `--list` shows what there is", HelpName = "NAME" };
        var id = new Option<string?>("--id") { Description = "The plugin's id, such as acme.pod-notes", HelpName = "ID" };
        var name = new Option<string?>("--name") { Description = "What its users read", HelpName = "TEXT" };
        var yes = new Option<bool>("--yes", "-y") { Description = "Take the defaults for what is not given, and ask nothing" };
        var list = new Option<bool>("--list") { Description = "List the templates" };
        var noInstall = new Option<bool>("--no-install") { Description = "Do not run `npm install`" };
        var output = Output.Option();
        var command = new Command(
            "new",
            """
            Makes a plugin, in TypeScript, AssemblyScript or C, with its manifest, code and tests, and installs with npm what builds it. What
            is not given is asked for.

            Examples:
              lazyoc plugin new pod-notes --template tab --id acme.pod-notes
              lazyoc plugin new --list
            """) { directory, template, id, name, yes, list, noInstall, output };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var templates = TemplateFolder.OfProgram;
            if (parsed.GetValue(list))
            {
                List(templates.All(), parsed.GetValue(output));
                return ExitCode.Ok;
            }
            var place = parsed.GetValue(directory) ?? throw new UserError(ExitCode.Usage, "no directory is given", "`lazyoc plugin new DIR`, such as `lazyoc plugin new pod-notes`");
            // Before anything is asked: the answers would be for nothing.
            NewPlugin.CheckPlace(place.FullName);
            var questions = new NewQuestions(asks: !parsed.GetValue(yes) && !Console.IsInputRedirected, takesDefaults: parsed.GetValue(yes));
            var plugin = questions.Complete(place.FullName, templates, parsed.GetValue(template), parsed.GetValue(id), parsed.GetValue(name), DefaultTemplate);
            plugin.Make(templates);
            Console.WriteLine(Output.Printable($"{plugin.Id} is made in {place.FullName}, from the template `{plugin.Template.Name}`"));
            if (!parsed.GetValue(noInstall)) await InstallAsync(plugin, cancellationToken);
            TellNext(place.ToString(), installed: !parsed.GetValue(noInstall));
            return ExitCode.Ok;
        });
        return command;
    }

    private static void List(ImmutableArray<PluginTemplate> all, OutputFormat format)
    {
        if (format == OutputFormat.Json) Output.Json(all, PluginJson.Default.ImmutableArrayPluginTemplate);
        else Output.Rows(["TEMPLATE", "WHAT IT MAKES"], all.Select(one => (string[])[one.Name, one.Description]));
    }

    /// <exception cref="UserError">npm is not there, or failed.</exception>
    private static async Task InstallAsync(NewPlugin plugin, CancellationToken cancellationToken)
    {
        Console.Error.WriteLine("npm install");
        try
        {
            var install = await ChildProcess.RunAsync("npm", ["install", "--no-audit", "--no-fund", "--loglevel=error"], NodeTool.Plain, plugin.Directory, cancellationToken: cancellationToken);
            if (install.ExitCode != 0)
                throw new UserError(
                    ExitCode.Failed, string.Create(CultureInfo.InvariantCulture, $"the plugin is made, but `npm install` ended with {install.ExitCode}\n{install.Output}{install.Error}").TrimEnd(),
                    $"run `npm install` in {plugin.Directory} when the registry that npm uses answers; `npm config get registry` says which it is");
        }
        catch (Win32Exception error)
        {
            throw new UserError(
                ExitCode.Failed, $"the plugin is made, but npm, which builds it, cannot be started: {error.Message}",
                $"install Node.js 20 or newer (https://nodejs.org), then run `npm install` in {plugin.Directory}", error)
            {
                Help = HelpPage.Npm,
            };
        }
    }

    private static void TellNext(string directory, bool installed)
    {
        Console.WriteLine("Next:");
        if (!installed) Console.WriteLine(Output.Printable($"  (cd {directory} && npm install)"));
        Console.WriteLine(Output.Printable($"  lazyoc plugin test {directory}"));
        Console.WriteLine(Output.Printable($"  lazyoc plugin dev {directory}"));
    }
}
