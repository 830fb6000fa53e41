using System.Net;
using LazyOC.Cluster.Config;

namespace LazyOC.Cluster.Auth;

/// <summary>Adds the credential and the impersonation to every request; after a 401 tries once more with a fresh credential.</summary>
internal sealed class AuthenticatingHandler(ClusterOptions options, CredentialSource source, Action<Credential> selected, HttpMessageHandler inner) : DelegatingHandler(inner)
{
    /// <summary>Set on requests that the API server passes on: whoever answers must not be able to ask for a fresh credential.</summary>
    public static readonly HttpRequestOptionsKey<bool> IsForAnother = new("lazyoc.is-for-another");

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Impersonate(request);
        var credential = await source.GetAsync(cancellationToken);
        Authorize(request, credential);
        var response = await base.SendAsync(request, cancellationToken);
        if (response.StatusCode is not HttpStatusCode.Unauthorized || request.Options.TryGetValue(IsForAnother, out var isForAnother) && isForAnother || !source.Reject(credential))
            return response;

        var fresh = await source.GetAsync(cancellationToken);
        if (fresh.Authorization == credential.Authorization && Equals(fresh.Certificate, credential.Certificate))
            return response;
        response.Dispose();
        Authorize(request, fresh);
        return await base.SendAsync(request, cancellationToken);
    }

    private void Authorize(HttpRequestMessage request, Credential credential)
    {
        selected(credential);
        request.Headers.Remove("Authorization");
        if (credential.Authorization is { } authorization)
            request.Headers.TryAddWithoutValidation("Authorization", authorization);
    }

    private void Impersonate(HttpRequestMessage request)
    {
        if (options.Impersonate is not { } who)
            return;
        request.Headers.TryAddWithoutValidation("Impersonate-User", who.User);
        if (who.Uid is { } uid)
            request.Headers.TryAddWithoutValidation("Impersonate-Uid", uid);
        foreach (var group in who.Groups)
            request.Headers.TryAddWithoutValidation("Impersonate-Group", group);
        foreach (var (key, value) in who.Extra)
            request.Headers.TryAddWithoutValidation($"Impersonate-Extra-{Uri.EscapeDataString(key)}", value);
    }
}
