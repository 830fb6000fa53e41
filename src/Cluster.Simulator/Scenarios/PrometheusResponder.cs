using System.Buffers;
using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using LazyOC.Cluster.Simulator.Control;
using LazyOC.Cluster.Simulator.Resources;
using LazyOC.Cluster.Simulator.Server;
using LazyOC.Cluster.Simulator.Storage;
using Microsoft.AspNetCore.Http;

namespace LazyOC.Cluster.Simulator.Scenarios;

/// <summary>
/// What a Prometheus in the cluster answers to the queries that dashboards begin with: a selector of one metric, perhaps
/// within <c>rate</c>, <c>sum</c> and <c>sum by</c>. It has no history: the past is computed from the pods that are there.
/// </summary>
internal sealed partial class PrometheusResponder(ControlPlane plane)
{
    public const string Namespace = "openshift-monitoring";
    public const string Service = "prometheus-operated";

    /// <summary>Samples of one series, as in Prometheus.</summary>
    private const int MaxSamples = 11_000;

    /// <summary>How long a query may be read.</summary>
    private const int PatternTimeoutMs = 1_000;

    private static readonly SearchValues<char> NameChars = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-|");

    private sealed record Series(SortedDictionary<string, string> Labels, Func<DateTimeOffset, double?> At);

    private sealed record Matcher(string Label, Func<string, bool> Holds);

    public async Task AnswerAsync(HttpContext http, string path)
    {
        var parameters = http.Request.Query;
        string query = parameters["query"].ToString();
        (int status, JsonObject answer) = path switch
        {
            "/api/v1/query" => Evaluate(query, [TimeOf(parameters["time"].ToString()) ?? plane.Now], isRange: false),
            "/api/v1/query_range" => Evaluate(query, TimesOf(parameters["start"].ToString(), parameters["end"].ToString(), parameters["step"].ToString()), isRange: true),
            _ => (404, new JsonObject { ["status"] = "error", ["errorType"] = "not_found", ["error"] = $"{path} is not served" }),
        };
        await Responses.WriteAsync(http, status, answer);
    }

    private (int Status, JsonObject Answer) Evaluate(string query, IReadOnlyList<DateTimeOffset>? times, bool isRange)
    {
        if (times is null) return Refuse("invalid parameter \"step\": exceeded maximum resolution of 11,000 points per timeseries, or no range");
        if (query.Length == 0) return Refuse("invalid parameter \"query\": unknown position: parse error: no expression found in input");
        if (Unclosed(query) is { } what) return Refuse($"invalid parameter \"query\": 1:{query.Length + 1}: parse error: {what}");
        var selector = Selector().Match(query);
        if (!selector.Success) return Refuse("invalid parameter \"query\": 1:1: parse error: unexpected identifier");
        Matcher[] matchers;
        try
        {
            matchers = [.. LabelMatcher().Matches(selector.Groups["matchers"].Value).Select(MatcherOf)];
        }
        catch (Exception error) when (error is RegexParseException or NotSupportedException)
        {
            return Refuse($"invalid parameter \"query\": error parsing regexp: {error.Message}");
        }
        var found = SeriesOf(selector.Groups["metric"].Value).Where(series => matchers.All(matcher => matcher.Holds(series.Labels.GetValueOrDefault(matcher.Label, ""))));
        var sum = Sum().Match(query);
        if (sum.Success) found = Summed(found, [.. sum.Groups["labels"].Value.Split([',', ' '], StringSplitOptions.RemoveEmptyEntries)]);
        var result = new JsonArray();
        foreach (Series series in found.OrderBy(series => string.Join(',', series.Labels.Select(label => $"{label.Key}={label.Value}")), StringComparer.Ordinal))
        {
            JsonNode[] points = [.. times.Select(time => (time, value: series.At(time))).Where(point => point.value is not null).Select(point => (JsonNode)Point(point.time, point.value!.Value))];
            if (points.Length == 0) continue;
            var metric = new JsonObject(series.Labels.Select(label => KeyValuePair.Create(label.Key, (JsonNode?)label.Value)));
            result.Add((JsonNode)(isRange ? new JsonObject { ["metric"] = metric, ["values"] = new JsonArray(points) } : new JsonObject { ["metric"] = metric, ["value"] = points[0] }));
        }
        return (200, new JsonObject { ["status"] = "success", ["data"] = new JsonObject { ["resultType"] = isRange ? "matrix" : "vector", ["result"] = result } });
    }

    private static (int Status, JsonObject Answer) Refuse(string error) => (400, new JsonObject { ["status"] = "error", ["errorType"] = "bad_data", ["error"] = error });

    private IEnumerable<Series> SeriesOf(string metric) => metric switch
    {
        "container_cpu_usage_seconds_total" => Containers((pod, container, time) => Metrics.Use(pod, container, time).MilliCores / 1000.0),
        "container_memory_working_set_bytes" => Containers((pod, container, time) => Metrics.Use(pod, container, time).Mebibytes * 1024.0 * 1024),
        "kube_pod_info" or "up" => Pods().Select(pod => new Series(Labels(pod.Stored), time => pod.Began <= time ? 1 : null)),
        _ => [],
    };

    private IEnumerable<Series> Containers(Func<StoredObject, JsonObject, DateTimeOffset, double> use)
    {
        foreach ((StoredObject stored, JsonObject tree, DateTimeOffset began) in Pods())
        {
            foreach (JsonObject container in tree.Objects("spec", "containers"))
            {
                var labels = Labels(stored);
                labels["container"] = container.Text("name") ?? "";
                yield return new Series(labels, time => began <= time ? use(stored, container, time) : null);
            }
        }
    }

    /// <summary>The pods that run, each with since when it is there.</summary>
    private IEnumerable<(StoredObject Stored, JsonObject Tree, DateTimeOffset Began)> Pods()
    {
        foreach (StoredObject pod in plane.List(ResourceCatalog.Pods))
        {
            JsonObject tree = pod.Parse();
            if (tree.Text("status", "phase") is "Running" && DateTimeOffset.TryParse(tree.Text("metadata", "creationTimestamp"), CultureInfo.InvariantCulture, out DateTimeOffset began))
                yield return (pod, tree, began);
        }
    }

    private static SortedDictionary<string, string> Labels(StoredObject pod) => new(StringComparer.Ordinal) { ["namespace"] = pod.Namespace, ["pod"] = pod.Name };

    private static IEnumerable<Series> Summed(IEnumerable<Series> series, string[] by) =>
        series.GroupBy(one => string.Join('\n', by.Select(label => one.Labels.GetValueOrDefault(label, "")))).Select(group =>
        {
            var labels = new SortedDictionary<string, string>(StringComparer.Ordinal);
            foreach (string label in by)
            {
                if (group.First().Labels.TryGetValue(label, out string? value)) labels[label] = value;
            }
            return new Series(labels, time => group.Select(one => one.At(time)).Where(value => value is not null).Aggregate((double?)null, (sum, value) => (sum ?? 0) + value));
        });

    private static Matcher MatcherOf(Match match)
    {
        string value = Escape().Replace(match.Groups["value"].Value, "${escaped}");
        Func<string, bool> holds = match.Groups["operator"].Value switch
        {
            "=" => text => text == value,
            "!=" => text => text != value,
            "=~" => Matching(value),
            _ => text => !Matching(value)(text),
        };
        return new Matcher(match.Groups["label"].Value, holds);
    }

    /// <summary>Names with bars between them, which is what is asked for mostly, need no regular expression.</summary>
    private static Func<string, bool> Matching(string pattern)
    {
        if (!pattern.AsSpan().ContainsAnyExcept(NameChars))
            return pattern.Split('|').Contains;
        var regex = new Regex($"^(?:{pattern})$", RegexOptions.NonBacktracking);
        return regex.IsMatch;
    }

    private static JsonArray Point(DateTimeOffset time, double value) => [time.ToUnixTimeMilliseconds() / 1000.0, value.ToString(CultureInfo.InvariantCulture)];

    private static DateTimeOffset? TimeOf(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double seconds) && seconds is >= 0 and < 1e11 ? DateTimeOffset.UnixEpoch.AddSeconds(seconds) : null;

    private static List<DateTimeOffset>? TimesOf(string start, string end, string step)
    {
        if (TimeOf(start) is not { } from || TimeOf(end) is not { } to || !double.TryParse(step, NumberStyles.Float, CultureInfo.InvariantCulture, out double seconds) || seconds <= 0 || (to - from).TotalSeconds / seconds > MaxSamples) return null;
        var times = new List<DateTimeOffset>();
        for (var time = from; time <= to; time = time.AddSeconds(seconds))
            times.Add(time);
        return times;
    }

    private static string? Unclosed(string query)
    {
        int round = query.Count(c => c == '(') - query.Count(c => c == ')');
        int curly = query.Count(c => c == '{') - query.Count(c => c == '}');
        return round > 0 ? "unclosed left parenthesis" : round < 0 ? "unexpected right parenthesis ')'" : curly != 0 ? "unexpected end of input inside braces" : null;
    }

    [GeneratedRegex("""(?<metric>[a-zA-Z_:][a-zA-Z0-9_:]*)\s*(\{(?<matchers>([^{}"]|"([^"\\]|\\.)*")*)\})?\s*(\[[0-9a-z]+\])?\s*\)*\s*$""", RegexOptions.ExplicitCapture, PatternTimeoutMs)]
    private static partial Regex Selector();

    [GeneratedRegex("""(?<label>[a-zA-Z_][a-zA-Z0-9_]*)\s*(?<operator>=~|!~|!=|=)\s*"(?<value>([^"\\]|\\.)*)"(,|\s|$)""", RegexOptions.ExplicitCapture, PatternTimeoutMs)]
    private static partial Regex LabelMatcher();

    [GeneratedRegex(@"\\(?<escaped>.)", RegexOptions.ExplicitCapture, PatternTimeoutMs)]
    private static partial Regex Escape();

    [GeneratedRegex("""^\s*sum\s*(by\s*\((?<labels>[a-zA-Z0-9_, ]*)\))?\s*\(""", RegexOptions.ExplicitCapture, PatternTimeoutMs)]
    private static partial Regex Sum();
}
