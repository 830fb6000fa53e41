using System.Collections.Immutable;
using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Sandbox.Audit;

namespace LazyOC.Cli.Commands.Plugin;

/// <summary><c>plugin audit</c>: what plugins did and were refused.</summary>
internal static class AuditCommand
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);

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
        var follow = new Option<bool>("--follow", "-f") { Description = "Go on with what every LazyOC writes from now on, until ctrl-c; with json one line an entry" };
        var output = Output.Option();
        var command = new Command("audit", "Shows what plugins did and were refused") { plugin, since, verify, follow, output };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var home = PluginCommand.HomeOf(parsed);
            var files = new AuditDirectory(home.Audit);
            var json = parsed.GetValue(output) == OutputFormat.Json;
            if (parsed.GetValue(verify)) return Verify(files, AuditSealKey.Read(home.AuditKey), json);

            var filter = new AuditFilter { Plugin = parsed.GetValue(plugin), Since = parsed.GetValue(since) };
            // Begun before the present lines are read: what comes meanwhile is shown twice rather than never.
            var follower = parsed.GetValue(follow) ? new AuditFollower(files, filter, new AuditLimits()) : null;
            ImmutableArray<AuditEntry> entries = [.. AuditReader.Read(files, filter, new AuditLimits()).OrderBy(entry => entry.Time)];
            if (follower is not null) return await FollowAsync(entries, follower, json, cancellationToken);
            if (json) Output.Json(entries, PluginJson.Default.ImmutableArrayAuditEntry);
            else Print(entries);
            return ExitCode.Ok;
        });
        return command;
    }

    private static async Task<int> FollowAsync(IEnumerable<AuditEntry> entries, AuditFollower follower, bool json, CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                foreach (var entry in entries) Console.WriteLine(json ? JsonSerializer.Serialize(entry, AuditJson.Default.AuditEntry) : LineOf(entry));
                await Task.Delay(Interval, cancellationToken);
                entries = follower.ReadNew();
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // ctrl-c is how one leaves.
            return ExitCode.Ok;
        }
    }

    private static string LineOf(AuditEntry entry) => Output.Printable(string.Create(
        CultureInfo.InvariantCulture,
        $"{entry.Time:yyyy-MM-dd HH:mm:ss}  {entry.Plugin}  {entry.Call}  {entry.Decision.ToString().ToLowerInvariant()}{(entry.Count is { } count ? $" ×{count}" : "")}  {entry.Target}  {OneLine(entry.Reason)}").TrimEnd());

    private static void Print(ImmutableArray<AuditEntry> entries) =>
        Output.Rows(["TIME", "PLUGIN", "CALL", "DECISION", "COUNT", "TARGET", "REASON"], entries.Select(entry => (string[])
        [
            entry.Time.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture),
            entry.Plugin.ToString(),
            entry.Call,
            entry.Decision.ToString().ToLowerInvariant(),
            entry.Count?.ToString(CultureInfo.InvariantCulture) ?? "",
            entry.Target,
            OneLine(entry.Reason),
        ]));

    /// <summary>A reason, and the hint below it, beside each other.</summary>
    private static string OneLine(string? reason) => reason?.ReplaceLineEndings(" ") ?? "";

    private static int Verify(AuditDirectory files, ReadOnlyMemory<byte> sealKey, bool json)
    {
        var verdicts = AuditReader.Verify(files, new AuditLimits(), sealKey);
        if (json) Output.Json(verdicts, PluginJson.Default.ImmutableArrayAuditVerdict);
        else
        {
            Output.Rows(["CHAIN", "LINES", "SEALED", "VERDICT"], verdicts.Select(verdict => (string[])
            [
                verdict.Chain,
                verdict.Lines.ToString(CultureInfo.InvariantCulture),
                verdict.Sealed.ToString(CultureInfo.InvariantCulture),
                verdict.Broken is { } broken ? $"broken at {broken.File}:{broken.Line}: {broken.Reason}" : verdict.IsTorn ? "holds; its last line is torn" : verdict.IsClosed ? "holds" : "holds; it has no end: its LazyOC runs, was killed, or lines were cut off",
            ]));
        }

        return verdicts.Any(verdict => verdict.Broken is not null) ? ExitCode.Refused : ExitCode.Ok;
    }
}
