using System.Globalization;
using System.Text.Json;

namespace LazyOC.Cluster.Columns;

/// <summary>TARGETS of a HorizontalPodAutoscaler (autoscaling/v2): current over wanted, per metric, the first two spelled out.</summary>
internal static class AutoscalerTargets
{
    private const int MaxShown = 2;

    public static string? Of(JsonElement autoscaler)
    {
        var current = autoscaler.Items("status", "currentMetrics").ToList();
        var shown = new List<string>();
        var total = 0;
        foreach (var metric in autoscaler.Items("spec", "metrics"))
        {
            if (shown.Count < MaxShown)
                shown.Add(One(metric, total < current.Count ? current[total] : null));
            total++;
        }

        if (total > MaxShown)
            shown.Add(string.Create(CultureInfo.InvariantCulture, $"{total - MaxShown} more..."));
        return Column.Join(shown, ", ");
    }

    private static string One(JsonElement metric, JsonElement? current)
    {
        var type = metric.Text("type") ?? "";
        var source = type.Length > 0 ? char.ToLowerInvariant(type[0]) + type[1..] : "";
        var target = metric.At(source, "target");
        var now = current?.At(source, "current");
        var name = type is "Resource" ? $"{metric.Text("resource", "name")}: " : type is "ContainerResource" ? $"{metric.Text("containerResource", "name")}: " : "";
        if (target?.Number("averageUtilization") is { } wanted)
        {
            var used = now?.Number("averageUtilization") is { } value ? string.Create(CultureInfo.InvariantCulture, $"{value}%") : "<unknown>";
            return string.Create(CultureInfo.InvariantCulture, $"{name}{used}/{wanted}%");
        }

        if (target?.Text("averageValue") is { } average)
            return $"{name}{now?.Text("averageValue") ?? "<unknown>"}/{average}{(type is "External" or "Object" ? " (avg)" : "")}";
        return $"{name}{now?.Text("value") ?? "<unknown>"}/{target?.Text("value") ?? "<unknown>"}";
    }
}
