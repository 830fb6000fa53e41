using System.Collections.Immutable;
using System.Text.Json;
using LazyOC.Cluster.Discovery;
using LazyOC.Cluster.Errors;
using LazyOC.Cluster.Transport;

namespace LazyOC.Cluster.Resources;

/// <summary>Asks the cluster who the user is and what they may do. Thread-safe.</summary>
public sealed class AccessReviews
{
    private readonly ClusterConnection _connection;
    private readonly Lock _gate = new();
    private readonly Dictionary<Question, (AccessDecision Decision, long AskedAt)> _answers = [];

    internal AccessReviews(ClusterConnection connection) => _connection = connection;

    /// <summary>
    /// Whether the user may use a verb, by SelfSubjectAccessReview; answers are reused for
    /// <see cref="ClusterLimits.AccessReviewLifetime"/>.
    /// </summary>
    /// <param name="verb">Verb, such as <c>delete</c>.</param>
    /// <param name="kind">What it is used on.</param>
    /// <param name="namespace">Where; null for all namespaces.</param>
    /// <param name="name">A single object; null for any.</param>
    /// <param name="subresource">Such as <c>log</c>, <c>exec</c> or <c>scale</c>.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="ClusterException">The review could not be made.</exception>
    public async Task<AccessDecision> CanIAsync(string verb, ResourceKind kind, string? @namespace, string? name = null, string? subresource = null, CancellationToken cancellationToken = default)
    {
        var question = new Question(verb, kind.Group, kind.Plural, @namespace, name, subresource);
        lock (_gate)
            if (_answers.TryGetValue(question, out var known) && _connection.Time.GetElapsedTime(known.AskedAt) < _connection.Limits.AccessReviewLifetime)
                return known.Decision;

        using var answer = await ReviewAsync("authorization.k8s.io/v1", "selfsubjectaccessreviews", "SelfSubjectAccessReview", question.WriteTo, cancellationToken);
        var status = answer.RootElement.At("status");
        var decision = new AccessDecision(status?.Flag("allowed") ?? false, status?.Text("reason") ?? "");
        lock (_gate)
        {
            if (_answers.Count >= _connection.Limits.MaxAccessDecisions)
                _answers.Clear();
            _answers[question] = (decision, _connection.Time.GetTimestamp());
        }

        return decision;
    }

    /// <summary>Who the cluster takes us for, by SelfSubjectReview, else OpenShift's <c>users/~</c>.</summary>
    /// <exception cref="ClusterException">Neither answers.</exception>
    public async Task<UserIdentity> WhoAmIAsync(CancellationToken cancellationToken = default)
    {
        try
        {
            using var answer = await ReviewAsync("authentication.k8s.io/v1", "selfsubjectreviews", "SelfSubjectReview", null, cancellationToken);
            if (answer.RootElement.At("status", "userInfo") is { } user && user.Text("username") is { } name)
                return new UserIdentity(name, [.. user.Texts("groups")]);
        }
        catch (Exception e) when (e is NotFoundException or ForbiddenException)
        {
            // Servers before 1.28, or one that does not grant it: OpenShift has its own way.
        }

        using var self = await _connection.ReadJsonAsync(new ClusterRequest { Path = "apis/user.openshift.io/v1/users/~", Resource = "users.user.openshift.io", Name = "~" }, cancellationToken);
        return new UserIdentity(self.RootElement.Text("metadata", "name") ?? "", [.. self.RootElement.Texts("groups")]);
    }

    private Task<JsonDocument> ReviewAsync(string api, string plural, string kind, Action<Utf8JsonWriter>? writeSpec, CancellationToken cancellationToken)
    {
        var group = api[..api.IndexOf('/', StringComparison.Ordinal)];
        var request = new ClusterRequest { Method = HttpMethod.Post, Path = $"apis/{api}/{plural}", Body = Review(api, kind, writeSpec), Verb = "create", Resource = $"{plural}.{group}" };
        return _connection.ReadJsonAsync(request, cancellationToken);
    }

    private static byte[] Review(string api, string kind, Action<Utf8JsonWriter>? writeSpec)
    {
        using var body = new MemoryStream();
        using (var json = new Utf8JsonWriter(body))
        {
            json.WriteStartObject();
            json.WriteString("apiVersion", api);
            json.WriteString("kind", kind);
            writeSpec?.Invoke(json);
            json.WriteEndObject();
        }

        return body.ToArray();
    }

    private sealed record Question(string Verb, string Group, string Resource, string? Namespace, string? Name, string? Subresource)
    {
        public void WriteTo(Utf8JsonWriter json)
        {
            json.WriteStartObject("spec");
            json.WriteStartObject("resourceAttributes");
            json.WriteString("verb", Verb);
            json.WriteString("group", Group);
            json.WriteString("resource", Resource);
            Optional("namespace", Namespace);
            Optional("name", Name);
            Optional("subresource", Subresource);
            json.WriteEndObject();
            json.WriteEndObject();

            void Optional(string name, string? value)
            {
                if (value is not null)
                    json.WriteString(name, value);
            }
        }
    }
}

/// <summary>Whether something is allowed.</summary>
/// <param name="Allowed">It is.</param>
/// <param name="Reason">The authorizer's reason; may be empty.</param>
public readonly record struct AccessDecision(bool Allowed, string Reason);

/// <summary>A user as the API server sees it.</summary>
/// <param name="Name">User name.</param>
/// <param name="Groups">Its groups.</param>
public sealed record UserIdentity(string Name, ImmutableArray<string> Groups);
