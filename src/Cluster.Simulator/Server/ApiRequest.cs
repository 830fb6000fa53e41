using System.Globalization;
using LazyOC.Cluster.Simulator.Resources;
using Microsoft.AspNetCore.Http;

namespace LazyOC.Cluster.Simulator.Server;

/// <summary>A request for a resource that exists, by a user who may make it.</summary>
internal sealed record ApiRequest(HttpContext Http, Identity User, ResourceDefinition Resource, RequestTarget Target, string Verb)
{
    public string Namespace => Resource.Namespaced ? Target.Namespace : "";

    public string Name => Target.Name;

    public CancellationToken Aborted => Http.RequestAborted;

    /// <summary>Whether a write is only tried (<c>dryRun=All</c>).</summary>
    public bool DryRun => Query("dryRun") is "All";

    /// <summary>Who owns the fields a write sets: <c>fieldManager</c>, or the client program's name.</summary>
    public string FieldManager
    {
        get
        {
            if (Query("fieldManager") is { Length: > 0 } manager)
                return manager;
            string agent = Http.Request.Headers.UserAgent.ToString();
            int slash = agent.IndexOf('/', StringComparison.Ordinal);
            return slash > 0 ? agent[..slash] : agent.Length > 0 ? agent : "unknown";
        }
    }

    public string? Query(string name) => Http.Request.Query.TryGetValue(name, out Microsoft.Extensions.Primitives.StringValues values) ? values.ToString() : null;

    public bool QueryFlag(string name) => Query(name) is "true" or "1" or "True";

    /// <exception cref="ApiException">The value is not a whole number.</exception>
    public long? QueryNumber(string name)
    {
        if (Query(name) is not { Length: > 0 } text)
            return null;
        return long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number)
            ? number
            : throw ApiException.BadRequest($"query parameter `{name}` is `{text}`, expected a whole number");
    }
}
