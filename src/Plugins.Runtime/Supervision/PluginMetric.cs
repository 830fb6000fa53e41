using System.Collections.Immutable;

namespace LazyOC.Plugins.Runtime.Supervision;

/// <summary>What a plugin measured of itself under one name.</summary>
/// <param name="Name">The plugin's own.</param>
/// <param name="Unit">The plugin's own; null for none.</param>
/// <param name="Count">How many values.</param>
/// <param name="Last">The latest.</param>
/// <param name="Min">The least.</param>
/// <param name="Max">The greatest.</param>
/// <param name="Sum">Of all.</param>
public readonly record struct PluginMetric(string Name, string? Unit, long Count, double Last, double Min, double Max, double Sum);

/// <summary>The metrics of one plugin over all its instances. Thread safe.</summary>
internal sealed class Metrics(int capacity)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, PluginMetric> _metrics = new(StringComparer.Ordinal);

    /// <summary>In order of their names.</summary>
    public ImmutableArray<PluginMetric> All
    {
        get { lock (_gate) return [.. _metrics.Values.OrderBy(metric => metric.Name, StringComparer.Ordinal)]; }
    }

    /// <summary>Adds a value; false when there are too many names already.</summary>
    public bool TryRecord(string name, double value, string? unit)
    {
        lock (_gate)
        {
            if (!_metrics.TryGetValue(name, out var metric))
            {
                if (_metrics.Count >= capacity) return false;
                metric = new PluginMetric(name, unit, 0, value, value, value, 0);
            }
            _metrics[name] = metric with
            {
                Unit = unit ?? metric.Unit,
                Count = metric.Count + 1,
                Last = value,
                Min = Math.Min(metric.Min, value),
                Max = Math.Max(metric.Max, value),
                Sum = metric.Sum + value,
            };
            return true;
        }
    }
}
