using System.Globalization;
using System.Text.Json.Nodes;
using LazyOC.Cluster.Simulator.Resources;

namespace LazyOC.Cluster.Simulator;

/// <summary>A refusal that the API server answers with a <c>Status</c> object.</summary>
internal sealed class ApiException(int code, string reason, string message, JsonObject? details = null, int? retryAfterSeconds = null) : Exception(message)
{
    public int Code { get; } = code;

    public string Reason { get; } = reason;

    public int? RetryAfterSeconds { get; } = retryAfterSeconds;

    /// <summary>The <c>metav1.Status</c> that clients read.</summary>
    public JsonObject ToStatus()
    {
        var status = new JsonObject
        {
            ["kind"] = "Status",
            ["apiVersion"] = "v1",
            ["metadata"] = new JsonObject(),
            ["status"] = "Failure",
            ["message"] = Message,
            ["reason"] = Reason,
        };
        JsonObject? described = (JsonObject?)details?.DeepClone();
        if (RetryAfterSeconds is { } seconds)
            (described ??= [])["retryAfterSeconds"] = seconds;
        if (described is not null)
            status["details"] = described;
        status["code"] = Code;
        return status;
    }

    public static ApiException NotFound(ResourceDefinition resource, string name) =>
        new(404, "NotFound", $"{resource.QualifiedName} \"{name}\" not found", Details(resource, name));

    public static ApiException UnknownPath() => new(404, "NotFound", "the server could not find the requested resource", []);

    public static ApiException AlreadyExists(ResourceDefinition resource, string name) =>
        new(409, "AlreadyExists", $"{resource.QualifiedName} \"{name}\" already exists", Details(resource, name));

    public static ApiException Conflict(ResourceDefinition resource, string name, string why) =>
        new(409, "Conflict", $"Operation cannot be fulfilled on {resource.QualifiedName} \"{name}\": {why}", Details(resource, name));

    public static ApiException ApplyConflict(IReadOnlyList<(string Field, string Owner)> conflicts)
    {
        var causes = new JsonArray();
        foreach ((string field, string owner) in conflicts)
            causes.Add(new JsonObject { ["reason"] = "FieldManagerConflict", ["message"] = $"conflict with \"{owner}\"", ["field"] = field });
        string count = conflicts.Count == 1 ? "1 conflict" : string.Create(CultureInfo.InvariantCulture, $"{conflicts.Count} conflicts");
        IEnumerable<string> lines = conflicts.GroupBy(c => c.Owner, StringComparer.Ordinal).Select(owned => owned.Count() == 1
            ? $"conflict with \"{owned.Key}\": {owned.First().Field}"
            : $"conflicts with \"{owned.Key}\":\n- {string.Join("\n- ", owned.Select(c => c.Field))}");
        return new ApiException(409, "Conflict", $"Apply failed with {count}: {string.Join('\n', lines)}", new JsonObject { ["causes"] = causes });
    }

    public static ApiException Invalid(ResourceDefinition resource, string name, params IReadOnlyList<(string Field, string Problem)> causes)
    {
        JsonObject details = Details(resource, name);
        var list = new JsonArray();
        foreach ((string field, string problem) in causes)
            list.Add(new JsonObject { ["reason"] = "FieldValueInvalid", ["message"] = problem, ["field"] = field });
        details["causes"] = list;
        string problems = string.Join(", ", causes.Select(c => $"{c.Field}: {c.Problem}"));
        return new ApiException(422, "Invalid", $"{resource.Kind}{(resource.Group.Length > 0 ? "." + resource.Group : "")} \"{name}\" is invalid: {problems}", details);
    }

    public static ApiException BadRequest(string message) => new(400, "BadRequest", message);

    public static ApiException Unauthorized() => new(401, "Unauthorized", "Unauthorized");

    public static ApiException Forbidden(ResourceDefinition resource, string name, string why) =>
        new(403, "Forbidden", $"{resource.QualifiedName}{(name.Length > 0 ? $" \"{name}\"" : "")} is forbidden: {why}", Details(resource, name));

    public static ApiException MethodNotAllowed() => new(405, "MethodNotAllowed", "the server does not allow this method on the requested resource", []);

    public static ApiException Expired(string message) => new(410, "Expired", message);

    public static ApiException TooLarge(string message) => new(413, "RequestEntityTooLarge", message);

    public static ApiException UnsupportedMediaType(string type, string accepted) =>
        new(415, "UnsupportedMediaType", $"the body of the request was in an unknown format - accepted media types include: {accepted} (got `{type}`)");

    public static ApiException TooManyRequests(string message, int retryAfterSeconds) => new(429, "TooManyRequests", message, retryAfterSeconds: retryAfterSeconds);

    private static JsonObject Details(ResourceDefinition resource, string name)
    {
        var details = new JsonObject();
        if (name.Length > 0)
            details["name"] = name;
        if (resource.Group.Length > 0)
            details["group"] = resource.Group;
        details["kind"] = resource.Plural;
        return details;
    }
}
