using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace LazyOC.Plugins.Samples.Tests.Grafana;

/// <summary>Answers as Grafana 11 does to who has a token: search, folders, tags, dashboards, queries, annotations that are kept; its statuses and bodies where it refuses.</summary>
internal sealed class GrafanaServer : IAsyncDisposable
{
    public const string Token = "glsa_not-for-plugins";

    private const int UsualSearchLimit = 1_000;
    private const int UsualAnnotationLimit = 100;

    private readonly Lock _gate = new();
    private readonly List<(JsonObject Dashboard, string Folder)> _dashboards = [];
    private readonly List<JsonObject> _annotations = [];
    private LoopbackHttp _server = null!;

    public string Url => _server.Url.TrimEnd('/');

    /// <summary>The role of the token's service account.</summary>
    public string Role { get; set; } = "Editor";

    /// <summary>Whether it lets anybody look, as a Viewer.</summary>
    public bool IsAnonymous { get; set; }

    /// <summary>Answers queries, given with their body, in the place of Grafana; null leaves the answer to it.</summary>
    public Func<HttpRequest, string, (int Status, string Type, string Body)?>? InsteadOfQuery { get; set; }

    /// <summary>Every request, as <c>METHOD path?query</c>.</summary>
    public ConcurrentQueue<string> Requests { get; } = [];

    /// <summary>What was sent as <c>Authorization</c>, without repetition.</summary>
    public ConcurrentDictionary<string, int> Authorizations { get; } = [];

    /// <summary>Every query of every panel, with <c>from</c> and <c>to</c> of its request.</summary>
    public ConcurrentQueue<JsonObject> Queries { get; } = [];

    public JsonObject[] Annotations
    {
        get { lock (_gate) return [.. _annotations.Select(one => (JsonObject)one.DeepClone())]; }
    }

    /// <summary>Datasources by uid, with name and type.</summary>
    public Dictionary<string, (string Name, string Type)> Datasources { get; } = new() { ["prom"] = ("Prometheus", "prometheus"), ["sql"] = ("Orders", "postgres"), ["loki"] = ("Loki", "loki") };

    public static async Task<GrafanaServer> StartAsync()
    {
        var grafana = new GrafanaServer();
        grafana._server = await LoopbackHttp.StartAsync(grafana.Answer);
        return grafana;
    }

    /// <param name="json">The dashboard's own JSON.</param>
    /// <param name="folder">Title of the folder it is in; its uid is the title in small letters.</param>
    public GrafanaServer With(string json, string folder = "Bookstore")
    {
        lock (_gate) _dashboards.Add((JsonNode.Parse(json)!.AsObject(), folder));
        return this;
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private (int Status, string Type, string Body) Answer(HttpRequest request, string body)
    {
        Requests.Enqueue($"{request.Method} {request.Path}{request.QueryString}");
        var authorization = request.Headers.Authorization.ToString();
        Authorizations.AddOrUpdate(authorization, 1, (_, count) => count + 1);
        if (request.Path == "/api/ds/query" && InsteadOfQuery?.Invoke(request, body) is { } instead) return instead;
        if (authorization.Length == 0 && !IsAnonymous) return Json(401, new { extra = (string?)null, message = "Unauthorized", messageId = "auth.unauthorized", statusCode = 401, traceID = "" });
        if (authorization.Length > 0 && authorization != $"Bearer {Token}") return Json(401, new { extra = (string?)null, message = "Invalid API key", messageId = "api-key.invalid", statusCode = 401, traceID = "" });
        var role = authorization.Length == 0 ? "Viewer" : Role;
        lock (_gate)
        {
            return (request.Method, request.Path.Value) switch
            {
                ("GET", "/api/search") => Json(200, Search(request.Query)),
                ("GET", "/api/folders") => Json(200, Folders()),
                ("GET", "/api/dashboards/tags") => Json(200, Tags()),
                ("GET", { } path) when path.StartsWith("/api/dashboards/uid/", StringComparison.Ordinal) => Dashboard(path["/api/dashboards/uid/".Length..], role),
                ("GET", "/api/frontend/settings") => Json(200, new { defaultDatasource = "Prometheus", datasources = Datasources.ToDictionary(one => one.Value.Name, one => new { uid = one.Key, type = one.Value.Type, name = one.Value.Name }) }),
                ("POST", "/api/ds/query") => Query(body, role),
                ("GET", "/api/annotations") => Json(200, FindAnnotations(request.Query)),
                ("POST", "/api/annotations") => AddAnnotation(body, role),
                _ => Json(404, new { message = "Not found" }),
            };
        }
    }

    /// <summary>By title; a page of so many.</summary>
    private IEnumerable<object> Search(IQueryCollection query)
    {
        var (limit, page) = (Number(query["limit"], UsualSearchLimit), Math.Max(1, Number(query["page"], 1)));
        return _dashboards
            .Where(one => query["type"].ToString() is "" or "dash-db")
            .Where(one => Title(one.Dashboard).Contains(query["query"].ToString(), StringComparison.OrdinalIgnoreCase))
            .Where(one => query["tag"].All(tag => TagsOf(one.Dashboard).Contains(tag)))
            .Where(one => query["folderUIDs"].Count == 0 || query["folderUIDs"].Contains(Uid(one.Folder)))
            .OrderBy(one => Title(one.Dashboard), StringComparer.OrdinalIgnoreCase)
            .Skip((page - 1) * limit).Take(limit)
            .Select(one => new { id = 1, uid = (string)one.Dashboard["uid"]!, title = Title(one.Dashboard), uri = $"db/{Uid(Title(one.Dashboard))}", url = PathOf(one.Dashboard), slug = "", type = "dash-db", tags = TagsOf(one.Dashboard), isStarred = false, folderUid = Uid(one.Folder), folderTitle = one.Folder, folderUrl = $"/dashboards/f/{Uid(one.Folder)}/", sortMeta = 0, isDeleted = false });
    }

    private IEnumerable<object> Folders() => _dashboards.Select(one => one.Folder).Distinct().Order(StringComparer.OrdinalIgnoreCase).Select((folder, i) => new { id = i + 1, uid = Uid(folder), title = folder });

    private IEnumerable<object> Tags() => _dashboards.SelectMany(one => TagsOf(one.Dashboard)).GroupBy(tag => tag, StringComparer.Ordinal).OrderBy(group => group.Key, StringComparer.Ordinal).Select(group => new { term = group.Key, count = group.Count() });

    private (int, string, string) Dashboard(string uid, string role)
    {
        if (role == "None") return Forbidden("dashboards:read");
        var (dashboard, folder) = _dashboards.FirstOrDefault(one => (string)one.Dashboard["uid"]! == uid);
        return dashboard is null
            ? Json(404, new { message = "Dashboard not found", messageId = "dashboards.not-found", statusCode = 404, traceID = "" })
            : Json(200, new { meta = new { type = "db", canSave = role == "Editor", canEdit = role == "Editor", slug = Uid(Title(dashboard)), url = PathOf(dashboard), folderUid = Uid(folder), folderTitle = folder, version = 7, provisioned = false }, dashboard });
    }

    private (int, string, string) Query(string body, string role)
    {
        if (role == "None") return Forbidden("datasources:query");
        if (Parse(body) is not { } request) return Json(400, new { message = "bad request data" });
        if (request["queries"] is not JsonArray { Count: > 0 } queries) return Json(400, new { message = "No queries found", messageId = "query.noQueries", statusCode = 400, traceID = "" });
        var results = new JsonObject();
        var failed = false;
        foreach (var query in queries.OfType<JsonObject>())
        {
            if ((string?)query["datasource"]?["uid"] is not { } uid || !Datasources.TryGetValue(uid, out var datasource)) return Json(404, new { message = "Data source not found", messageId = "datasource.notFound", statusCode = 404, traceID = "" });
            var asked = (JsonObject)query.DeepClone();
            (asked["from"], asked["to"]) = ((string?)request["from"], (string?)request["to"]);
            Queries.Enqueue(asked);
            var result = GrafanaData.Of(datasource.Type, asked);
            failed |= result["error"] is not null;
            results[(string?)query["refId"] ?? "A"] = result;
        }
        return (failed ? 400 : 200, "application/json", new JsonObject { ["results"] = results }.ToJsonString());
    }

    /// <summary>The latest first.</summary>
    private IEnumerable<JsonObject> FindAnnotations(IQueryCollection query)
    {
        var (from, to) = (Number(query["from"], 0L), Number(query["to"], long.MaxValue));
        bool HasTags(JsonObject one) => query["matchAny"] == "true" ? query["tags"].Any(tag => TagsOf(one).Contains(tag)) : query["tags"].All(tag => TagsOf(one).Contains(tag));
        return _annotations
            .Where(one => (long)one["time"]! <= to && (long)one["timeEnd"]! >= from)
            .Where(one => query["dashboardUID"].Count == 0 || (string?)one["dashboardUID"] == query["dashboardUID"])
            .Where(one => query["tags"].Count == 0 || HasTags(one))
            .OrderByDescending(one => (long)one["timeEnd"]!).ThenByDescending(one => (long)one["time"]!)
            .Take(Number(query["limit"], UsualAnnotationLimit));
    }

    private (int, string, string) AddAnnotation(string body, string role)
    {
        if (role is not "Editor") return Forbidden("annotations:create");
        if (Parse(body) is not { } given) return Json(400, new { message = "bad request data" });
        if (string.IsNullOrEmpty((string?)given["text"])) return Json(400, new { message = "Failed to save annotation" });
        var dashboard = (string?)given["dashboardUID"] ?? "";
        if (dashboard.Length > 0 && !_dashboards.Exists(one => (string)one.Dashboard["uid"]! == dashboard)) return Json(404, new { message = "Dashboard not found" });
        var time = (long?)given["time"] ?? DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
        var annotation = new JsonObject
        {
            ["id"] = _annotations.Count + 1,
            ["alertId"] = 0,
            ["alertName"] = "",
            ["dashboardId"] = dashboard.Length > 0 ? 1 : 0,
            ["dashboardUID"] = dashboard,
            ["panelId"] = (int?)given["panelId"] ?? 0,
            ["userId"] = 0,
            ["newState"] = "",
            ["prevState"] = "",
            ["created"] = time,
            ["updated"] = time,
            ["time"] = time,
            ["timeEnd"] = (long?)given["timeEnd"] ?? time,
            ["text"] = (string?)given["text"],
            ["tags"] = given["tags"]?.DeepClone() ?? new JsonArray(),
            ["login"] = "sa-lazyoc",
            ["email"] = "",
            ["avatarUrl"] = "",
            ["data"] = new JsonObject(),
        };
        _annotations.Add(annotation);
        return Json(200, new { id = (int)annotation["id"]!, message = "Annotation added" });
    }

    private static (int, string, string) Forbidden(string permission) => Json(403, new { accessErrorId = "ACE3141592653", message = $"You'll need additional permissions to perform this action. Permissions needed: {permission}", title = "Access denied" });

    private static (int, string, string) Json(int status, object body) => (status, "application/json", JsonSerializer.Serialize(body));

    private static JsonObject? Parse(string body)
    {
        try
        {
            return JsonNode.Parse(body) as JsonObject;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string Title(JsonObject dashboard) => (string)dashboard["title"]!;

    private static string[] TagsOf(JsonObject one) => [.. one["tags"]!.AsArray().Select(tag => (string)tag!)];

    private static string Uid(string title) => title.ToLowerInvariant().Replace(' ', '-');

    private static string PathOf(JsonObject dashboard) => $"/d/{(string)dashboard["uid"]!}/{Uid(Title(dashboard))}";

    private static int Number(string? text, int otherwise) => int.TryParse(text, CultureInfo.InvariantCulture, out var number) ? number : otherwise;

    private static long Number(string? text, long otherwise) => long.TryParse(text, CultureInfo.InvariantCulture, out var number) ? number : otherwise;
}
