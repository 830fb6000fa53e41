using System.Text.Json;
using LazyOC.Cluster;
using LazyOC.Cluster.Discovery;
using LazyOC.Cluster.Errors;
using LazyOC.Plugins.Contracts.Messages;
using LazyOC.Plugins.Runtime.Lifecycle;
using LazyOC.Plugins.Sandbox.Broker;

namespace LazyOC.Plugins.Runtime.Capabilities;

/// <summary>The way from a permitted call to the cluster, as the session's user.</summary>
/// <param name="scopeOf">The session of a principal's instance; null when that has ended.</param>
internal sealed class ClusterAccess(Func<PluginPrincipal, SessionScope?> scopeOf)
{
    public static CallError TooLarge => new(ErrorCode.TooLarge, "one object alone is more than an answer may hold: ask for fewer or narrower fields");

    public static CallError Ended => new(ErrorCode.Cancelled, "this plugin instance has ended");

    /// <summary>What the audit names.</summary>
    public static string Target(string group, string resource, string? @namespace, string? name) =>
        $"{resource}{(group.Length == 0 ? "" : "." + group)}{(name is null ? "" : "/" + name)}{(@namespace is null ? "" : " in " + @namespace)}";

    /// <summary>Asks about one resource.</summary>
    public ValueTask<CallOutcome<T>> CallAsync<T>(
        PluginPrincipal plugin, string group, string resource, string? @namespace, Func<ClusterClient, ResourceKind, Task<CallOutcome<T>>> call, CancellationToken cancellationToken) =>
        CallAsync<T>(plugin, async client =>
        {
            var catalog = await client.Discovery.GetAsync(cancellationToken);
            if (catalog.FindPlural(group, resource) is not { } kind)
                return new CallError(ErrorCode.NotFound, $"the cluster serves no `{resource}`{(group.Length == 0 ? "" : $" in `{group}`")}");
            // A permission for one namespace must not reach what lies in none.
            if (!kind.Namespaced && @namespace is not null)
                return new CallError(ErrorCode.Invalid, $"`{resource}` are not in a namespace: leave `namespace` out");
            return await call(client, kind);
        });

    /// <summary>Asks the cluster; what it refuses becomes an error.</summary>
    public async ValueTask<CallOutcome<T>> CallAsync<T>(PluginPrincipal plugin, Func<ClusterClient, Task<CallOutcome<T>>> call)
    {
        // The session is looked up once: what was permitted in one cluster never acts in another.
        if (scopeOf(plugin) is not { } scope) return Ended;
        try
        {
            return await call(scope.Cluster.Client);
        }
        catch (ClusterException failure)
        {
            return ErrorOf(failure);
        }
        catch (JsonException)
        {
            return new CallError(ErrorCode.Unavailable, "the cluster's answer is not valid JSON");
        }
    }

    // What the host knows of the way to the cluster is not the plugin's to know.
    private static CallError ErrorOf(ClusterException failure) => failure switch
    {
        ForbiddenException => new CallError(ErrorCode.PermissionDenied, $"the cluster refuses it to its user: {failure.Message}"),
        NotFoundException => new CallError(ErrorCode.NotFound, failure.Message),
        ConflictException => new CallError(ErrorCode.Conflict, failure.Message),
        ExpiredException => new CallError(ErrorCode.Conflict, "the page's token is too old: list again from the beginning"),
        InvalidRequestException => new CallError(ErrorCode.Invalid, failure.Message),
        ClusterTimeoutException => new CallError(ErrorCode.Timeout, "the cluster did not answer in time"),
        TooManyRequestsException => new CallError(ErrorCode.Unavailable, "the cluster asks to slow down: try again later"),
        _ => new CallError(ErrorCode.Unavailable, "the cluster cannot be asked now"),
    };
}
