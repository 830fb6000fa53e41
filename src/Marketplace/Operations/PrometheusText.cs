using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text;

namespace LazyOC.Marketplace.Operations;

/// <summary>Collects what the meters of this server tell, and writes it in the text format of Prometheus (version 0.0.4). Thread safe.</summary>
internal sealed class PrometheusText : IDisposable
{
    public const string MediaType = "text/plain; version=0.0.4";

    /// <summary>Combinations of labels that are kept; of more nothing is counted, as each takes memory for good.</summary>
    private const int MaxSeries = 5_000;

    private static readonly string[] Meters = [MarketMetrics.MeterName, "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel"];

    // Others could be of what a request says, and so of as many values as somebody likes.
    private static readonly string[] Labels = ["scanner", "verdict", "state", "kind", "http.route", "http.request.method", "http.response.status_code"];

    private static readonly double[] Bounds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

    private readonly ConcurrentDictionary<(string Name, string Labels), Series> _series = new();
    private readonly ConcurrentDictionary<string, Instrument> _instruments = new(StringComparer.Ordinal);
    private readonly MeterListener _listener = new();

    /// <param name="meters">Of this server: others in the process are not listened to.</param>
    public PrometheusText(IMeterFactory meters)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (ReferenceEquals(instrument.Meter.Scope, meters) && Meters.Contains(instrument.Meter.Name, StringComparer.Ordinal)) listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Take(instrument, value, tags));
        _listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Take(instrument, value, tags));
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Take(instrument, value, tags));
        _listener.Start();
    }

    /// <summary>Writes everything, and some values of this moment.</summary>
    /// <param name="gauges">Name, what it is, and value.</param>
    public string Write(IEnumerable<(string Name, string Description, double Value)> gauges)
    {
        var text = new StringBuilder();
        foreach (var series in _series.GroupBy(pair => pair.Key.Name).OrderBy(group => group.Key, StringComparer.Ordinal))
        {
            var instrument = _instruments[series.Key];
            var isHistogram = instrument is Histogram<double>;
            var name = NameOf(instrument);
            Head(text, name, instrument.Description ?? "", isHistogram ? "histogram" : IsCounter(instrument) ? "counter" : "gauge");
            foreach (var ((_, labels), values) in series.OrderBy(pair => pair.Key.Labels, StringComparer.Ordinal))
            {
                if (isHistogram) values.WriteHistogram(text, name, labels);
                else Line(text, name, labels, values.Sum);
            }
        }
        foreach (var (name, description, value) in gauges)
        {
            Head(text, name, description, "gauge");
            Line(text, name, "", value);
        }
        return text.ToString();
    }

    public void Dispose() => _listener.Dispose();

    private void Take(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var labels = LabelsOf(tags);
        if (!_series.TryGetValue((instrument.Name, labels), out var series))
        {
            if (_series.Count >= MaxSeries) return;
            _instruments.TryAdd(instrument.Name, instrument);
            series = _series.GetOrAdd((instrument.Name, labels), _ => new Series());
        }
        series.Add(value);
    }

    private static string LabelsOf(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var labels = new List<string>();
        foreach (var (key, value) in tags)
            if (value is not null && Labels.Contains(key, StringComparer.Ordinal)) labels.Add($"{key.Replace('.', '_')}=\"{Escape(Convert.ToString(value, CultureInfo.InvariantCulture) ?? "")}\"");
        labels.Sort(StringComparer.Ordinal);
        return string.Join(',', labels);
    }

    private static string NameOf(Instrument instrument) => instrument.Name.Replace('.', '_') + (instrument.Unit == "s" ? "_seconds" : "") + (IsCounter(instrument) ? "_total" : "");

    private static bool IsCounter(Instrument instrument) => instrument is Counter<long> or Counter<double> or Counter<int>;

    private static string Escape(string value) => value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);

    private static void Head(StringBuilder text, string name, string description, string type) =>
        text.Append("# HELP ").Append(name).Append(' ').Append(description.Replace('\n', ' ')).Append("\n# TYPE ").Append(name).Append(' ').Append(type).Append('\n');

    private static void Line(StringBuilder text, string name, string labels, double value) =>
        text.Append(name).Append(labels.Length == 0 ? "" : $"{{{labels}}}").Append(' ').Append(value.ToString("R", CultureInfo.InvariantCulture)).Append('\n');

    /// <summary>What was told with one combination of labels.</summary>
    private sealed class Series
    {
        private readonly long[] _buckets = new long[Bounds.Length + 1];
        private readonly Lock _lock = new();
        private double _sum;

        public double Sum
        {
            get
            {
                lock (_lock) return _sum;
            }
        }

        public void Add(double value)
        {
            var index = Array.FindIndex(Bounds, bound => value <= bound);
            lock (_lock)
            {
                _sum += value;
                _buckets[index < 0 ? Bounds.Length : index]++;
            }
        }

        public void WriteHistogram(StringBuilder text, string name, string labels)
        {
            var separator = labels.Length == 0 ? "" : ",";
            lock (_lock)
            {
                var count = 0L;
                for (var i = 0; i < _buckets.Length; i++)
                {
                    count += _buckets[i];
                    var bound = i < Bounds.Length ? Bounds[i].ToString("R", CultureInfo.InvariantCulture) : "+Inf";
                    Line(text, name + "_bucket", $"{labels}{separator}le=\"{bound}\"", count);
                }
                Line(text, name + "_sum", labels, _sum);
                Line(text, name + "_count", labels, count);
            }
        }
    }
}
