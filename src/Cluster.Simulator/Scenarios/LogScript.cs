using System.Globalization;
using System.Text.Json.Nodes;
using LazyOC.Cluster.Simulator.Storage;

namespace LazyOC.Cluster.Simulator.Scenarios;

/// <summary>The log of one run of a container, or of a build: line <c>i</c> is a function of the run's identity and <c>i</c>.</summary>
internal sealed record LogScript(string Identity, DateTimeOffset StartedAt, DateTimeOffset? EndedAt, TimeSpan Interval, IReadOnlyList<string> First, IReadOnlyList<string> Steady, IReadOnlyList<string> Last)
{
    /// <summary>Annotation of a pod whose lines its containers write over and over, one a second, instead of what their image says.</summary>
    public const string Annotation = "simulator.lazyoc.dev/log";

    private static readonly string[] Paths = ["/api/books", "/api/books/1042", "/api/cart", "/api/checkout", "/api/search?q=systems", "/healthz", "/api/authors/77", "/static/app.js"];
    private static readonly string[] Users = ["ada", "grace", "linus", "barbara", "edsger", "radia"];

    public static LogScript OfContainer(StoredObject pod, JsonObject tree, string container, JsonNode run)
    {
        DateTimeOffset start = run.Time("startedAt") ?? tree.Time("metadata", "creationTimestamp") ?? DateTimeOffset.UnixEpoch;
        string image = tree.Objects("spec", "containers").FirstOrDefault(c => string.Equals(c.Text("name"), container, StringComparison.Ordinal)).Text("image") ?? "";
        bool failed = run.Integer("exitCode") is > 0;
        if (Delivery.LogOf(tree, container, failed) is { } delivery)
            return new LogScript($"{pod.Uid}/{container}", start, run.Time("finishedAt"), TimeSpan.FromSeconds(1), delivery.First, delivery.Steady, run.At("finishedAt") is null ? [] : delivery.Last);
        (TimeSpan interval, string[] first, string[] steady) = tree.Text("metadata", "annotations", Annotation) is { } given
            ? (TimeSpan.FromSeconds(1), [], given.Split('\n'))
            : Voice(image, pod.Name);
        string[] last = failed
            ? ["ERROR could not open model /models/recommendations-v7.bin: no such file or directory", "FATAL start-up failed after 3 attempts, exiting with code 1"]
            : run.At("finishedAt") is not null ? ["INFO  done, all records processed"] : [];
        return new LogScript($"{pod.Uid}/{container}", start, run.Time("finishedAt"), interval, first, steady, last);
    }

    public static LogScript OfBuild(StoredObject build, JsonObject tree)
    {
        DateTimeOffset start = tree.Time("status", "startTimestamp") ?? DateTimeOffset.UnixEpoch;
        var (first, steady, last) = Builds.LogOf(tree.Text("spec", "source", "git", "uri"), tree.Text("status", "phase") ?? "New");
        return new LogScript(build.Uid, start, tree.Time("status", "completionTimestamp"), TimeSpan.FromSeconds(2), first, steady, last);
    }

    /// <summary>How many lines the run has written by a time.</summary>
    public long Length(DateTimeOffset now)
    {
        long lines = Math.Max(0, ((EndedAt ?? now) - StartedAt).Ticks / Interval.Ticks) + (EndedAt is null ? 0 : Last.Count);
        return Math.Max(lines, StartedAt <= now ? Math.Min(First.Count, 1) : 0);
    }

    public DateTimeOffset TimeOf(long index) => StartedAt + (Interval * index);

    public string Line(long index)
    {
        if (EndedAt is { } end && Length(end) - index is > 0 and var left && left <= Last.Count)
            return Last[(int)(Last.Count - left)];
        uint die = Die(index);
        return (index < First.Count ? First[(int)index] : Steady[(int)(die % Steady.Count)])
            .Replace("{n}", (die % 9973).ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
            .Replace("{ms}", (1 + (die % 180)).ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
            .Replace("{path}", Paths[(int)(die / 7 % Paths.Length)], StringComparison.Ordinal)
            .Replace("{user}", Users[(int)(die / 11 % Users.Length)], StringComparison.Ordinal);
    }

    private static (TimeSpan Interval, string[] First, string[] Steady) Voice(string image, string pod) => image switch
    {
        _ when image.Contains("postgres", StringComparison.Ordinal) => (TimeSpan.FromSeconds(7),
            ["LOG:  starting PostgreSQL 16.4", "LOG:  listening on IPv4 address \"0.0.0.0\", port 5432", "LOG:  database system is ready to accept connections"],
            ["LOG:  checkpoint complete: wrote {n} buffers", "LOG:  duration: {ms}.412 ms  statement: SELECT * FROM books WHERE id = {n}", "LOG:  automatic vacuum of table \"shop.public.orders\": index scans: 1"]),
        _ when image.Contains("redis", StringComparison.Ordinal) => (TimeSpan.FromSeconds(15),
            ["* Ready to accept connections tcp"],
            ["* {n} changes in 300 seconds. Saving...", "* Background saving terminated with success"]),
        _ when image.Contains("kafka", StringComparison.Ordinal) => (TimeSpan.FromSeconds(5),
            ["INFO [KafkaServer id=0] started"],
            ["INFO [Partition orders-{n}] ISR updated to 0,1,2", "INFO [GroupCoordinator 0]: Stabilized group fulfilment generation {n}"]),
        _ when image.Contains("recommend", StringComparison.Ordinal) => (TimeSpan.FromSeconds(2),
            ["INFO  recommendations 7.0.2 starting", "INFO  loading model from /models/recommendations-v7.bin"],
            ["WARN  model not found, retrying in 2s"]),
        _ when image.Contains("nginx", StringComparison.Ordinal) || image.Contains("storefront", StringComparison.Ordinal) => (TimeSpan.FromMilliseconds(900),
            [$"{pod}: ready, serving on :8080"],
            ["10.131.0.12 - {user} \"GET {path} HTTP/1.1\" 200 {n} {ms}ms", "10.131.0.19 - {user} \"GET {path} HTTP/1.1\" 200 {n} {ms}ms", "10.131.0.12 - {user} \"POST {path} HTTP/1.1\" 201 {n} {ms}ms", "10.131.0.31 - - \"GET {path} HTTP/1.1\" 404 153 {ms}ms"]),
        _ => (TimeSpan.FromSeconds(1.5),
            [$"INFO  {pod} starting", "INFO  connected to database in {ms} ms"],
            ["INFO  request {path} user={user} took {ms} ms", "INFO  processed order {n} for {user} in {ms} ms", "DEBUG cache hit ratio 0.{ms}", "WARN  slow query took {n} ms"]),
    };

    private uint Die(long index)
    {
        uint hash = 2166136261;
        foreach (char c in Identity)
            hash = (hash ^ c) * 16777619;
        ulong mixed = hash + ((ulong)index * 0x9E3779B97F4A7C15);
        mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9;
        return (uint)(mixed >> 32);
    }
}
