using System.Collections.Immutable;
using System.CommandLine;
using System.Text.Json;
using LazyOC.Cli.Control;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Contracts.Manifest;
using LazyOC.Plugins.Runtime.Settings;

namespace LazyOC.Cli.Commands.Plugin;

/// <summary><c>plugin settings</c>: shows and changes what the user sets for a plugin; the running LazyOCs follow.</summary>
internal static class SettingsCommand
{
    public static Command Create()
    {
        var id = PluginCommand.IdArgument();
        var output = Output.Option();
        output.Recursive = true;
        var command = new Command(
            "settings",
            """
            Shows and changes a plugin's settings, also in every LazyOC that is open. A secret is read from standard input, or asked
            for without showing it, and never told again.

            Examples:
              lazyoc plugin settings acme.prometheus
              lazyoc plugin settings acme.prometheus set url https://prometheus.example.com
              pass show prometheus | lazyoc plugin settings acme.prometheus set token
            """) { id, output };
        command.SetAction(parsed => List(Opened(parsed, id), parsed.GetValue(output)));
        var list = new Command("list", "Shows all settings");
        list.SetAction(parsed => List(Opened(parsed, id), parsed.GetValue(output)));
        var name = new Argument<string>("NAME") { Description = "The setting's name" };
        var get = new Command("get", "Prints the value of one setting") { name };
        get.SetAction(parsed => Get(Opened(parsed, id), parsed.GetRequiredValue(name), parsed.GetValue(output)));
        var value = new Argument<string?>("VALUE") { Description = "Text, or JSON for what is no text; read from standard input when absent", Arity = ArgumentArity.ZeroOrOne };
        var set = new Command("set", "Sets one setting") { name, value };
        set.SetAction((parsed, cancel) => SetAsync(Opened(parsed, id), parsed.GetRequiredValue(name), parsed.GetValue(value), parsed.GetValue(output), cancel));
        var unset = new Command("unset", "Goes back to the default of a setting, or forgets a secret") { name };
        unset.SetAction((parsed, cancel) => ChangeAsync(Opened(parsed, id), ImmutableDictionary<string, JsonElement?>.Empty.Add(parsed.GetRequiredValue(name), null), parsed.GetValue(output), cancel));
        var edit = new Command("edit", "Opens the settings, without secrets, in $VISUAL or $EDITOR");
        edit.SetAction((parsed, cancel) => EditAsync(Opened(parsed, id), parsed.GetValue(output), cancel));
        foreach (var verb in new[] { list, get, set, unset, edit }) command.Subcommands.Add(verb);
        return command;
    }

    private static OpenSettings Opened(ParseResult parsed, Argument<PluginId> id)
    {
        var home = PluginCommand.HomeOf(parsed);
        var store = InstalledPlugins.StoreOf(home);
        var plugin = store.Open(PluginCommand.Installed(store, parsed.GetRequiredValue(id))).OrThrow(ExitCode.Failed);
        return new OpenSettings(home, plugin.Manifest, InstalledPlugins.SettingsOf(home));
    }

    private static int List(OpenSettings open, OutputFormat output)
    {
        var values = open.Values;
        ImmutableArray<SettingRow> rows = [.. open.Manifest.Settings.Select(setting => RowOf(setting, values))];
        if (output == OutputFormat.Json)
        {
            Output.Json(rows, PluginJson.Default.ImmutableArraySettingRow);
            return ExitCode.Ok;
        }
        if (rows.IsEmpty) Console.Error.WriteLine($"{open.Manifest.Id} has no settings.");
        else Output.Rows(["NAME", "VALUE", "FROM", "DESCRIPTION"], rows.Select(row => (string[])[row.Name, Shown(row), row.Set ? "you" : row.Value is null ? "-" : "default", row.Description ?? row.Title]));
        foreach (var problem in values.Problems) Console.Error.WriteLine(Output.Printable($"lazyoc: {problem with { Hint = null }}") + (problem.Hint is { } hint ? $"\nhint: {Output.Printable(hint)}" : ""));
        return ExitCode.Ok;
    }

    private static int Get(OpenSettings open, string name, OutputFormat output)
    {
        var row = RowOf(open.Find(name), open.Values);
        if (output == OutputFormat.Json)
        {
            Output.Json(row, PluginJson.Default.SettingRow);
            return ExitCode.Ok;
        }
        if (row.Secret) throw new UserError(ExitCode.Refused, $"`{name}` is secret: it is {(row.Set ? "set" : "not set")}, and its value is never told", "`set` replaces it");
        if (row.Value is not { } value) throw new UserError(ExitCode.NotFound, $"`{name}` is not set and has no default", $"`lazyoc plugin settings {open.Manifest.Id} set {name} VALUE` sets it");
        Console.WriteLine(Output.Printable(value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText()));
        return ExitCode.Ok;
    }

    private static async Task<int> SetAsync(OpenSettings open, string name, string? text, OutputFormat output, CancellationToken cancellationToken)
    {
        var setting = open.Find(name);
        if (setting.IsSecret && text is not null)
            throw new UserError(ExitCode.Usage, $"`{name}` is secret and is not taken from the command line, where others and the shell's history see it", "leave VALUE out; it is then asked for, or read from standard input");
        text ??= await SecretInput.ReadAsync(setting, cancellationToken);
        var value = setting.Parse(text).OrThrow(ExitCode.Usage);
        return await ChangeAsync(open, ImmutableDictionary<string, JsonElement?>.Empty.Add(name, value), output, cancellationToken);
    }

    private static async Task<int> EditAsync(OpenSettings open, OutputFormat output, CancellationToken cancellationToken)
    {
        var before = open.Values.Values;
        var after = await SettingsEditor.EditAsync(open.Manifest, before, cancellationToken);
        var changes = ImmutableDictionary.CreateBuilder<string, JsonElement?>(StringComparer.Ordinal);
        foreach (var (name, value) in after)
        {
            if (open.Find(name).IsSecret) throw new UserError(ExitCode.Usage, $"`{name}` is secret and is not taken from a file", $"`lazyoc plugin settings {open.Manifest.Id} set {name}` asks for it; nothing was changed");
            if (!before.TryGetValue(name, out var old) || !JsonElement.DeepEquals(old, value)) changes[name] = value;
        }
        foreach (var name in before.Keys.Where(name => !after.ContainsKey(name) && open.Values.Set.Contains(name))) changes[name] = null;
        if (changes.Count > 0) return await ChangeAsync(open, changes.ToImmutable(), output, cancellationToken);
        Console.Error.WriteLine("Nothing is different.");
        return ExitCode.Ok;
    }

    private static async Task<int> ChangeAsync(OpenSettings open, ImmutableDictionary<string, JsonElement?> changes, OutputFormat output, CancellationToken cancellationToken)
    {
        foreach (var name in changes.Keys) open.Find(name);
        open.Settings.Change(open.Manifest, changes).OrThrow(ExitCode.Usage);
        var id = open.Manifest.Id;
        var running = await RunningInstances.AskAsync(open.Home, new ControlRequest { Verb = ControlVerb.Settings, Plugin = id }, cancellationToken);
        if (output == OutputFormat.Json)
        {
            Output.Json(new SettingsChangedRow(id, [.. changes.Keys.Order(StringComparer.Ordinal)], [.. running.Where(answer => answer.Error is null).Select(answer => answer.Pid)]), PluginJson.Default.SettingsChangedRow);
            return ExitCode.Ok;
        }
        foreach (var (name, value) in changes.OrderBy(change => change.Key, StringComparer.Ordinal)) Console.WriteLine($"{id}: {name} is {(value is null ? "unset" : "set")}");
        foreach (var answer in running.Where(answer => answer.Error is not null)) Console.Error.WriteLine($"running LazyOC (pid {answer.Pid}): {Output.Printable(answer.Error!)}");
        return ExitCode.Ok;
    }

    private static SettingRow RowOf(Setting setting, SettingValues values) => new()
    {
        Name = setting.Name,
        Title = setting.Title,
        Description = setting.Description.Length > 0 ? setting.Description : null,
        Value = values.Values.TryGetValue(setting.Name, out var value) ? value : null,
        Set = values.Set.Contains(setting.Name),
        Secret = setting.IsSecret,
        Required = setting.IsRequired,
        Problem = values.Problems.FirstOrDefault(p => p.Where == setting.Name || p.Where.StartsWith(setting.Name + ".", StringComparison.Ordinal) || p.Where.StartsWith(setting.Name + "[", StringComparison.Ordinal))?.Message,
    };

    private static string Shown(SettingRow row) => row.Secret ? (row.Set ? "********" : "-") : row.Value is { } value ? value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText() : "-";

    private sealed record OpenSettings(Home Home, PluginManifest Manifest, PluginSettings Settings)
    {
        public SettingValues Values => Settings.Of(Manifest);

        /// <exception cref="UserError">There is no such setting.</exception>
        public Setting Find(string name)
        {
            if (Manifest.Settings.FirstOrDefault(setting => setting.Name == name) is { } found) return found;
            var problem = PluginSettings.Unknown(Manifest, name);
            throw new UserError(ExitCode.NotFound, (problem with { Hint = null }).ToString(), problem.Hint);
        }
    }
}
