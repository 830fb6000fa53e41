using System.Collections.Immutable;
using System.Globalization;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Contracts.Calls;
using LazyOC.Plugins.Contracts.Manifest;
using LazyOC.Plugins.Runtime.Extensions;
using LazyOC.Plugins.Runtime.Lifecycle;
using LazyOC.Plugins.Runtime.Supervision;
using LazyOC.Tui.Overlays;
using LazyOC.Tui.PluginViews;
using LazyOC.Tui.Terminal;

namespace LazyOC.Tui.PluginsScreen;

/// <summary>The tabs of a plugin's details that are text.</summary>
internal static class PluginTabs
{
    private const int Labels = 9;

    /// <summary>The current tab as lines of a width; empty for a tab that is no text.</summary>
    public static TextBlock Of(PluginsState state, int width, DateTimeOffset now)
    {
        var text = new TextBlock(width);
        if (state.Current is not { } row)
            return text;
        return state.Tab switch
        {
            PluginTab.Overview => Overview(text, row, KeyConflicts.Of(state.Rows.Where(r => r.Plugin.Enabled).Select(r => r.Plugin.Manifest)), now),
            PluginTab.Permissions => Permissions(text, row.Plugin),
            PluginTab.Log => Log(text, state.Log),
            PluginTab.Audit => Audit(text, state.Audit),
            _ => text,
        };
    }

    private static TextBlock Overview(TextBlock text, PluginRow row, ImmutableArray<KeyConflict> conflicts, DateTimeOffset now)
    {
        var (plugin, manifest) = (row.Plugin, row.Plugin.Manifest);
        var (sign, word, style) = row.State;
        var since = row.Status is { } status && plugin.Enabled ? $" for {Age(now - status.Since)}" : "";
        text.AddFact("state", Labels, new StyledText($"{sign} {word}", Style.Of(style).Bold()), since);
        text.AddFact("why", Labels, row.Why);
        if (row.IsStopped)
            text.AddFact("", Labels, new StyledText("l", new Style(Tone.Key).Bold()), new StyledText(" lets it run again", Style.Muted));
        text.Gap();
        text.AddFact("id", Labels, new StyledText(manifest.Id.ToString(), Style.Strong));
        text.AddFact("version", Labels, PluginsTable.Version(plugin));
        text.AddFact("origin", Labels, PluginsTable.Origin(plugin), new StyledText($"  {plugin.Source}", Style.Muted));
        text.AddFact("digest", Labels, new StyledText(plugin.Digest.ToString(), Style.Muted));
        if (manifest.License.Length > 0)
            text.AddFact("license", Labels, manifest.License);
        if (manifest.Repository is { Length: > 0 } repository)
            text.AddFact("source", Labels, repository);
        text.AddFact("runs on", Labels, $"LazyOC {manifest.Engines.Lazyoc}{(manifest.Limits.Memory is { } memory ? $", up to {memory} of memory" : "")}");
        if (manifest.Description.Length > 0)
            text.Gap().AddQuoted(manifest.Description);
        if (row.Status is { } running)
            AddAccount(text.Gap(), running);
        AddContributions(text.Gap(), manifest.Contributes);
        foreach (var conflict in conflicts.Where(c => c.Claimants.Any(claim => claim.Plugin == manifest.Id)))
            text.AddFact("", Labels, new StyledText($"▲ key {conflict}", new Style(Tone.Warn)));
        return text;
    }

    private static void AddAccount(TextBlock text, PluginStatus status)
    {
        var account = status.Account;
        text.Add("In this session", Style.Strong);
        text.AddFact("CPU", Labels, string.Create(CultureInfo.InvariantCulture, $"{account.Cpu.TotalSeconds:0.00} s"));
        text.AddFact("memory", Labels, ByteSize.Format(account.MemoryBytes));
        text.AddFact("messages", Labels, Counted(account.Messages), Bad(account.EventsLost, "events lost"));
        text.AddFact("calls", Labels, Counted(account.Calls), Bad(account.Refused, "refused"));
        text.AddFact("faults", Labels, Counted(account.Faults), Bad(account.Restarts, "restarts"));
        if (status.Latency is { Count: > 0 } latency)
            text.AddFact("answers", Labels, string.Create(CultureInfo.InvariantCulture, $"half within {latency.P50Ms:0.0} ms, 99 of 100 within {latency.P99Ms:0.0} ms"));
    }

    private static TextBlock AddContributions(TextBlock text, Contributions adds)
    {
        text.Add("It adds", Style.Strong);
        var before = text.Height;
        Add("column", adds.Columns.Select(c => (c.Title, c.Resource)));
        Add("tab", adds.Tabs.Select(t => (t.Title, t.Resource)));
        Add("section", adds.Sections.Select(s => (s.Title, s.Resource)));
        Add("action", adds.Actions.Select(a => (a.Title, string.Join(", ", a.Resources))));
        Add("command", adds.Commands.Select(c => (c.Title, "")));
        Add("page", adds.Pages.Select(p => (p.Title, "")));
        Add("card", adds.Cards.Select(c => (c.Title, "")));
        Add("key", adds.Keys.Select(k => (k.Key, "")));
        Add("status", adds.StatusItems.Select(s => (s.Title, "")));
        Add("theme", adds.Themes.Select(t => (t.Title, "")));
        Add("view", adds.ResourceViews.Select(v => ($"{v.Title}, {(v.Replaces ? "in place of" : "beside")} the {v.Part.ToString().ToLowerInvariant()}", v.Resource)));
        Add("logs", adds.LogTransforms.Select(t => (t.Title, t.Resource)));
        Add("way", adds.Relations.Select(r => (r.Title, $"{r.From} to {r.To}")));
        Add("hook", adds.Hooks.Select(h => ($"{h.Title}, {h.Phase.ToString().ToLowerInvariant()} {string.Join(", ", h.Verbs)}", string.Join(", ", h.Resources))));
        Add("template", adds.Templates.Select(t => (t.Title, t.Resource)));
        return text.Height > before ? text : text.AddFact("", Labels, new StyledText("nothing to the screen", Style.Muted));

        void Add(string kind, IEnumerable<(string Title, string Where)> items)
        {
            foreach (var (title, where) in items)
                text.AddFact(kind, Labels, title, new StyledText(where.Length > 0 ? $"  on {where}" : "", Style.Muted));
        }
    }

    private static TextBlock Permissions(TextBlock text, ListedPlugin plugin)
    {
        PermissionText.Add(text, "You granted that it may", plugin.Granted, plugin.Manifest.PermissionReasons);
        var withheld = plugin.Manifest.Permissions.Widening(plugin.Granted);
        if (!withheld.IsNone)
            PermissionText.Add(text.Gap(), "It asks for more, which it does not have", withheld, plugin.Manifest.PermissionReasons);
        return text.Gap().Add("It writes only in what you start, unless a line says otherwise; your own rights in the cluster bound it all.", Style.Muted);
    }

    private static TextBlock Log(TextBlock text, ImmutableArray<PluginLogLine> lines)
    {
        if (lines.IsEmpty)
            return text.Add("∅ it has logged nothing", Style.Muted);
        foreach (var line in lines)
        {
            var (sign, style) = line.Level switch
            {
                PluginLogLevel.Error => ("✗", Style.Error),
                PluginLogLevel.Warn => ("▲", new Style(Tone.Warn)),
                PluginLogLevel.Debug => ("·", Style.Muted),
                _ => (" ", Style.Plain),
            };
            text.AddLed(new StyledText($"{Clock(line.Time)} {sign}", style.Tone == Tone.Plain ? Style.Muted : style), 11, [new StyledText(line.Message, style)]);
        }
        return text;
    }

    private static TextBlock Audit(TextBlock text, ImmutableArray<PluginAuditLine> lines)
    {
        if (lines.IsEmpty)
            return text.Add("∅ it did nothing that is written down", Style.Muted);
        foreach (var line in lines)
        {
            var style = Style.Of(line.Style);
            text.AddLed(
                new StyledText(Clock(line.Time), Style.Muted),
                9,
                [
                    new StyledText($"{Severity.Mark(line.Style)}{line.Decision}", style.Bold()),
                    $"  {line.Call}",
                    new StyledText(line.Count > 1 ? $" ×{Counted(line.Count)}" : "", Style.Muted),
                    new StyledText(line.Target.Length > 0 ? $"  {line.Target}" : "", Style.Muted),
                    new StyledText(line.Reason is { Length: > 0 } reason ? $"\n{reason}" : "", style),
                ]);
        }
        return text;
    }

    private static string Clock(DateTimeOffset time) => time.ToString("HH:mm:ss", CultureInfo.InvariantCulture);

    private static string Counted(long number) => number.ToString("#,0", CultureInfo.InvariantCulture);

    private static StyledText Bad(long number, string what) => new(number > 0 ? $"  ▲ {Counted(number)} {what}" : "", new Style(Tone.Warn));

    private static string Age(TimeSpan age) => age.TotalMinutes < 1 ? Whole(age.TotalSeconds, "s")
        : age.TotalHours < 1 ? Whole(age.TotalMinutes, "m")
        : age.TotalDays < 1 ? Whole(age.TotalHours, "h")
        : Whole(age.TotalDays, "d");

    private static string Whole(double units, string unit) => string.Create(CultureInfo.InvariantCulture, $"{Math.Max(0, (long)units)}{unit}");
}
