using System.Net;
using System.Text;
using System.Text.Json;
using LazyOC.Cluster.Config;
using LazyOC.Cluster.Errors;

namespace LazyOC.Cluster.Transport;

/// <summary>Turns an answer that is not a success into the exception that says what to do.</summary>
internal sealed class Refusals(ClusterOptions options, TimeProvider time)
{
    private string Server => options.Server.GetLeftPart(UriPartial.Path).TrimEnd('/');

    public ClusterException From(ClusterRequest request, HttpResponseMessage response, ReadOnlySpan<byte> body)
    {
        var status = response.StatusCode;
        if (IsRedirect(status))
            return new NotAClusterException($"`{Server}` sends elsewhere, to `{response.Headers.Location}`", "name the API server itself as `server`, not the web console or a login page") { Status = status };
        if (IsHtml(response) && (int)status < 500)
            return NotACluster($"answered {(int)status} with a web page", status);

        var (reason, message) = ReadStatus(body);
        return From(request, status, reason, message, RetryAfter(response));
    }

    /// <summary>The exception for a Kubernetes <c>Status</c>, whether it came as an answer or as a watch's ERROR event.</summary>
    public ClusterException From(ClusterRequest request, HttpStatusCode status, string? reason, string message, TimeSpan? retryAfter)
    {
        var what = request.Describe();
        return status switch
        {
            HttpStatusCode.Unauthorized => new UnauthorizedException($"`{Server}` does not accept the credentials of `{options.UserName}`: they are missing, wrong or expired", $"log in again with `oc login {Server}`") { Status = status, Reason = reason },
            HttpStatusCode.Forbidden => Forbidden(request, reason, message),
            HttpStatusCode.NotFound => new NotFoundException(request.Name is null ? $"cannot {what}: the server does not serve it" : $"cannot {what}: there is none", request.Name is null ? "`lazyoc` may be looking at an API that was removed; see `kubectl api-resources`" : "it may have been deleted, or be in another namespace") { Status = status, Reason = reason },
            HttpStatusCode.Conflict => new ConflictException($"cannot {what}: {message}", reason == "AlreadyExists" ? "choose another name, or edit the one that exists" : "somebody else changed it; look at it again and repeat") { Status = status, Reason = reason },
            HttpStatusCode.Gone => new ExpiredException($"cannot {what}: what was seen last is too old for the server: {message}", "it is listed again") { Status = status, Reason = reason },
            HttpStatusCode.BadRequest when message.Contains("HTTP request to an HTTPS server", StringComparison.OrdinalIgnoreCase) => new NotAClusterException($"`{Server}` speaks https", "write `https://` in `server`") { Status = status },
            HttpStatusCode.BadRequest or HttpStatusCode.UnprocessableEntity or HttpStatusCode.MethodNotAllowed or HttpStatusCode.NotAcceptable or HttpStatusCode.UnsupportedMediaType or HttpStatusCode.RequestEntityTooLarge
                => new InvalidRequestException($"cannot {what}: {message}", "correct what the message names") { Status = status, Reason = reason },
            HttpStatusCode.TooManyRequests => new TooManyRequestsException($"cannot {what} now: the server is overloaded or a disruption budget forbids it: {message}", "wait and repeat") { Status = status, Reason = reason, RetryAfter = retryAfter },
            HttpStatusCode.GatewayTimeout or HttpStatusCode.RequestTimeout => new ClusterTimeoutException($"cannot {what}: the server took too long: {message}", "wait and repeat") { Status = status, Reason = reason },
            _ => new ServerFailureException($"cannot {what}: the server answered {(int)status}: {message}", "wait and repeat; if it stays, look at the API server's log") { Status = status, Reason = reason, RetryAfter = retryAfter },
        };
    }

    public NotAClusterException NotACluster(string what, HttpStatusCode? status = null, Exception? inner = null) =>
        new($"`{Server}` is not a Kubernetes API server: it {what}", "check `server` in the kubeconfig: the API server's address, often port 6443", inner) { Status = status };

    public static bool IsHtml(HttpResponseMessage response) =>
        response.Content.Headers.ContentType?.MediaType is { } type && type.Contains("html", StringComparison.OrdinalIgnoreCase);

    /// <summary>The reason and message of the API server's own refusal; null when the answer is another's.</summary>
    public static (string? Reason, string Message)? TryReadStatus(HttpResponseMessage response, ReadOnlySpan<byte> body) =>
        response.Content.Headers.ContentType?.MediaType == "application/json" && TryReadStatus(body) is { } status ? status : null;

    private static bool IsRedirect(HttpStatusCode status) => (int)status is >= 300 and < 400 and not 304;

    private static ForbiddenException Forbidden(ClusterRequest request, string? reason, string message)
    {
        var where = request.Namespace is null ? "--all-namespaces" : $"-n {request.Namespace}";
        return new ForbiddenException($"you may not {request.Describe()}: {message}", $"ask an administrator for a role that allows it; `oc auth can-i {request.Verb} {request.Resource} {where}` tells when you have it")
        {
            Status = HttpStatusCode.Forbidden,
            Reason = reason,
            Verb = request.Verb,
            Resource = request.Resource,
            Namespace = request.Namespace,
        };
    }

    private static (string? Reason, string Message) ReadStatus(ReadOnlySpan<byte> body)
    {
        if (TryReadStatus(body) is { } status)
            return status;
        var text = Encoding.UTF8.GetString(body[..Math.Min(body.Length, 200)]).ReplaceLineEndings(" ").Trim();
        return (null, text.Length > 0 ? text : "no message");
    }

    private static (string? Reason, string Message)? TryReadStatus(ReadOnlySpan<byte> body)
    {
        try
        {
            var reader = new Utf8JsonReader(body);
            using var document = JsonDocument.ParseValue(ref reader);
            if (document.RootElement.Text("kind") == "Status")
                return (document.RootElement.Text("reason"), document.RootElement.Text("message") ?? "no message");
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // Not a Status.
        }

        return null;
    }

    private TimeSpan? RetryAfter(HttpResponseMessage response)
    {
        var header = response.Headers.RetryAfter;
        var wait = header?.Delta ?? (header?.Date - time.GetUtcNow());
        return wait is { } value && value > TimeSpan.Zero ? value : null;
    }
}
