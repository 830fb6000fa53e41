using System.Globalization;
using System.Text.Json.Nodes;

namespace LazyOC.Plugins.Samples.Tests.Grafana;

/// <summary>What the datasources of <see cref="GrafanaServer"/> answer, as data frames: a schema of fields and a column of values each.</summary>
internal static class GrafanaData
{
    private const long Mebibyte = 1 << 20;

    /// <summary>The result of one query, with its <c>from</c>, <c>to</c> and <c>intervalMs</c>.</summary>
    public static JsonObject Of(string datasource, JsonObject query)
    {
        var to = long.Parse((string)query["to"]!, CultureInfo.InvariantCulture);
        return datasource switch
        {
            "postgres" => Frames(Table(query, null, ("country", "string", ["Germany", "France", "Japan"]), ("orders", "number", [120, 80, 33]))),
            "loki" => Logs(query, to),
            _ => Prometheus((string)query["expr"]!, query, to),
        };
    }

    public static JsonObject Frames(params JsonObject[] frames) => new() { ["status"] = 200, ["frames"] = new JsonArray([.. frames]) };

    /// <summary>One series: a field of times and one of values with labels.</summary>
    public static JsonObject Series(JsonObject query, (string Name, string Value)[] labels, Func<double, double?> value)
    {
        var (from, to, step) = (long.Parse((string)query["from"]!, CultureInfo.InvariantCulture), long.Parse((string)query["to"]!, CultureInfo.InvariantCulture), (long)query["intervalMs"]!);
        var times = new JsonArray();
        var values = new JsonArray();
        for (var time = (from + step - 1) / step * step; time <= to; time += step)
        {
            times.Add(time);
            values.Add(value((double)(time - from) / (to - from)) is { } number ? number : null);
        }
        var config = (string?)query["legendFormat"] is { Length: > 0 } && labels.Length > 0 ? new JsonObject { ["displayNameFromDS"] = labels[0].Value } : new JsonObject();
        return Frame(query, "timeseries-multi",
            (new JsonObject { ["name"] = "Time", ["type"] = "time", ["typeInfo"] = new JsonObject { ["frame"] = "time.Time" }, ["config"] = new JsonObject { ["interval"] = step } }, times),
            (new JsonObject { ["name"] = "Value", ["type"] = "number", ["typeInfo"] = new JsonObject { ["frame"] = "float64" }, ["labels"] = LabelsOf(labels), ["config"] = config }, values));
    }

    public static JsonObject Table(JsonObject query, (string Name, string Value)[]? labels, params (string Name, string Type, object?[] Values)[] columns) =>
        Frame(query, "table", [.. columns.Select(column => (
            new JsonObject { ["name"] = column.Name, ["type"] = column.Type, ["labels"] = labels is null || column.Type != "number" ? null : LabelsOf(labels) },
            new JsonArray([.. column.Values.Select(value => JsonValue.Create(value))])))]);

    private static JsonObject LabelsOf((string Name, string Value)[] labels) => new(labels.Select(label => KeyValuePair.Create<string, JsonNode?>(label.Name, label.Value)));

    private static JsonObject Frame(JsonObject query, string type, params (JsonObject Field, JsonArray Values)[] columns) => new()
    {
        ["schema"] = new JsonObject { ["refId"] = (string?)query["refId"], ["meta"] = new JsonObject { ["type"] = type, ["typeVersion"] = new JsonArray(0, 1) }, ["fields"] = new JsonArray([.. columns.Select(column => column.Field)]) },
        ["data"] = new JsonObject { ["values"] = new JsonArray([.. columns.Select(column => column.Values)]) },
    };

    private static JsonObject Prometheus(string expression, JsonObject query, long to)
    {
        JsonObject One(string name, string value, Func<double, double?> of) => Series(query, [(name, value)], of);
        return expression switch
        {
            "sum(" => new JsonObject { ["status"] = 400, ["error"] = "bad_data: invalid parameter \"query\": 1:5: parse error: unclosed left parenthesis", ["errorSource"] = "downstream" },
            _ when expression.StartsWith("sum by (app)", StringComparison.Ordinal) => Frames(One("app", "cart", x => 40 + (10 * x)), One("app", "search", x => 80 + (20 * x))),
            _ when expression.StartsWith("sum(rate(", StringComparison.Ordinal) => Frames(Series(query, [], x => 120 + (30 * x))),
            "disk_used_ratio" => Frames(Table(query, [], ("Time", "time", [to]), ("Value", "number", [0.83]))),
            _ when expression.StartsWith("memory_bytes", StringComparison.Ordinal) => Frames(One("app", "cart", _ => 256 * Mebibyte), One("app", "search", _ => 768 * Mebibyte)),
            "up" => Frames(One("pod", "cart-1", _ => 1), One("pod", "cart-2", _ => 0)),
            // The slow ones are not there for a while.
            _ when expression.StartsWith("latency_seconds", StringComparison.Ordinal) => Frames(One("quantile", "0.5", _ => 0.12), One("quantile", "0.99", x => x is > 0.4 and < 0.6 ? null : 0.5 + (0.2 * x))),
            _ when expression.Contains("duration_bucket", StringComparison.Ordinal) => Frames([.. new[] { "0.1", "0.5", "1", "+Inf" }.Select((bound, i) => One("le", bound, _ => 10 * (i + 1)))]),
            "pod_restarts" => Frames([.. new[] { ("cart-7f9c", 0), ("search-55d", 2) }.Select(pod => Table(query, [("pod", pod.Item1), ("namespace", "bookstore")], ("Time", "time", [to]), ("Value", "number", [pod.Item2])))]),
            _ => Frames(Series(query, [], x => 5 + x)),
        };
    }

    /// <summary>Lines within the same millisecond are told apart by their nanoseconds.</summary>
    private static JsonObject Logs(JsonObject query, long to)
    {
        var frame = Frame(query, "log-lines",
            (new JsonObject { ["name"] = "labels", ["type"] = "other" }, new JsonArray(new JsonObject { ["app"] = "cart" }, new JsonObject { ["app"] = "cart" })),
            (new JsonObject { ["name"] = "Time", ["type"] = "time" }, new JsonArray(to - 1000, to - 1000)),
            (new JsonObject { ["name"] = "Line", ["type"] = "string" }, new JsonArray("level=error msg=\"payment refused\"", "level=error msg=\"timeout after 3s\"")));
        frame["data"]!["nanos"] = new JsonArray(null, new JsonArray(100, 900_000), null);
        return Frames(frame);
    }
}
