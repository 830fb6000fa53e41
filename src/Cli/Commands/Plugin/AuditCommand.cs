using System.Collections.Immutable;
using System.CommandLine;
using System.Globalization;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Sandbox.Audit;

namespace LazyOC.Cli.Commands.Plugin;

/// <summary><c>plugin audit</c>: what plugins did and were refused.</summary>
internal static class AuditCommand
{
    public static Command Create()
    {
        var plugin = new Option<PluginId?>("--plugin")
        {
            Description = "Only this plugin",
            HelpName = "ID",
            CustomParser = result =>
            {
                if (PluginId.TryParse(result.Tokens[0].Value, out var id)) return id;
                result.AddError($"`{result.Tokens[0].Value}` is not a plugin id such as acme.prometheus");
                return null;
            },
        };
        var since = new Option<DateTimeOffset?>("--since") { Description = "Only from this time on, such as 2026-11-22T10:00Z", HelpName = "TIME" };
        var verify = new Option<bool>("--verify") { Description = "Check that no line was changed; exit code 3 when one was" };
        var output = Output.Option();
        var command = new Command("audit", "Shows what plugins did and were refused") { plugin, since, verify, output };
        command.SetAction(parsed =>
        {
            var files = new AuditDirectory(PluginCommand.HomeOf(parsed).Audit);
            var json = parsed.GetValue(output) == OutputFormat.Json;
            if (parsed.GetValue(verify)) return Verify(files, json);

            var filter = new AuditFilter { Plugin = parsed.GetValue(plugin), Since = parsed.GetValue(since) };
            ImmutableArray<AuditEntry> entries = [.. AuditReader.Read(files, filter, new AuditLimits()).OrderBy(entry => entry.Time)];
            if (json) Output.Json(entries, PluginJson.Default.ImmutableArrayAuditEntry);
            else Print(entries);
            return ExitCode.Ok;
        });
        return command;
    }

    private static void Print(ImmutableArray<AuditEntry> entries) =>
        Output.Rows(["TIME", "PLUGIN", "CALL", "DECISION", "COUNT", "TARGET", "REASON"], entries.Select(entry => (string[])
        [
            entry.Time.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture),
            entry.Plugin.ToString(),
            entry.Call,
            entry.Decision.ToString().ToLowerInvariant(),
            entry.Count?.ToString(CultureInfo.InvariantCulture) ?? "",
            entry.Target,
            entry.Reason ?? "",
        ]));

    private static int Verify(AuditDirectory files, bool json)
    {
        var verdicts = AuditReader.Verify(files, new AuditLimits());
        if (json) Output.Json(verdicts, PluginJson.Default.ImmutableArrayAuditVerdict);
        else
        {
            Output.Rows(["CHAIN", "LINES", "VERDICT"], verdicts.Select(verdict => (string[])
            [
                verdict.Chain,
                verdict.Lines.ToString(CultureInfo.InvariantCulture),
                verdict.Broken is { } broken ? $"broken at {broken.File}:{broken.Line}: {broken.Reason}" : verdict.IsTorn ? "holds; its last line is torn" : "holds",
            ]));
        }

        return verdicts.Any(verdict => verdict.Broken is not null) ? ExitCode.Refused : ExitCode.Ok;
    }
}
