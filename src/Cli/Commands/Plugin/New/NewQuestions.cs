using LazyOC.Plugins.Contracts;

namespace LazyOC.Cli.Commands.Plugin.New;

/// <summary>Finds out what is not given: asks for it, takes a default, or refuses.</summary>
internal sealed class NewQuestions(bool asks, bool takesDefaults)
{
    /// <exception cref="UserError">Something is wrong, or is not given and cannot be asked for.</exception>
    public NewPlugin Complete(string directory, TemplateFolder templates, string? template, string? id, string? name, string defaultTemplate)
    {
        // What is given is looked at before anything is asked.
        var chosen = template is null ? null : templates.Find(template);
        var plugin = id is null ? (PluginId?)null : ParseId(id);
        if (name is not null && NewPlugin.ProblemOfName(name) is { } problem) throw new UserError(ExitCode.Usage, problem);

        if (chosen is null && asks)
            foreach (var one in templates.All()) Console.Error.WriteLine($"  {one.Name,-14} {one.Description}");
        chosen ??= Ask("Template", "--template", defaultTemplate, templates.Find);
        plugin ??= Ask("Id, PUBLISHER.NAME", "--id", NewPlugin.DefaultId(directory)?.ToString(), ParseId);
        name ??= takesDefaults || !asks
            ? NewPlugin.DefaultName(plugin.Value)
            : Ask("Display name", "--name", NewPlugin.DefaultName(plugin.Value), given => NewPlugin.ProblemOfName(given) is { } wrong ? throw new UserError(ExitCode.Usage, wrong) : given);
        return new NewPlugin(directory, chosen, plugin.Value, name);
    }

    private static PluginId ParseId(string text) => PluginId.TryParse(text, out var id)
        ? id
        : throw new UserError(ExitCode.Usage, $"`{Output.Printable(text)}` is not a plugin id", "PUBLISHER.NAME in small letters, digits and hyphens, such as `acme.pod-notes`; each part begins with a letter");

    private T Ask<T>(string question, string option, string? byDefault, Func<string, T> read)
    {
        if (!asks)
        {
            if (takesDefaults && byDefault is not null) return read(byDefault);
            throw new UserError(ExitCode.Usage, takesDefaults ? $"there is no default for `{option}` here" : $"`{option}` is not given, and there is no terminal to ask on", takesDefaults ? $"give `{option}`" : $"give `{option}`, or take the defaults with `--yes`");
        }
        while (true)
        {
            Console.Error.Write(byDefault is null ? $"{question}: " : $"{question} [{byDefault}]: ");
            if (Console.ReadLine() is not { } line) throw new UserError(ExitCode.Usage, $"`{option}` is not given");
            var text = line.Trim() is { Length: > 0 } given ? given : byDefault;
            if (text is null) continue;
            try
            {
                return read(text);
            }
            catch (UserError wrong)
            {
                Console.Error.WriteLine(Output.PrintableLines(wrong.Hint is { } hint ? $"{wrong.Message}\nhint: {hint}" : wrong.Message));
            }
        }
    }
}
