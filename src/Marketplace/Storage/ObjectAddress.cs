using Amazon.Runtime;
using LazyOC.Plugins.Contracts;

namespace LazyOC.Marketplace.Storage;

/// <summary>Where packages are in an object storage: <c>s3://bucket/prefix?endpoint=URL&amp;region=REGION</c>.</summary>
/// <param name="Bucket">Name of the bucket.</param>
/// <param name="Prefix">Begins the names of all objects; empty, or with a slash at its end.</param>
/// <param name="Endpoint">The server; null for that of AWS in the region.</param>
/// <param name="Region">The region that requests are signed for.</param>
/// <param name="Credentials">From the environment, where other users do not see them.</param>
internal sealed record ObjectAddress(string Bucket, string Prefix, Uri? Endpoint, string Region, AWSCredentials Credentials)
{
    private const string KeyVariable = "AWS_ACCESS_KEY_ID";
    private const string SecretVariable = "AWS_SECRET_ACCESS_KEY";
    private const string SessionVariable = "AWS_SESSION_TOKEN";
    private const string RegionVariable = "AWS_REGION";
    private const string DefaultRegion = "us-east-1";
    private const string Form = "such as `s3://market-packages/prod?endpoint=https://s3.example.com&region=eu-central-1`";

    /// <summary>Reads an address.</summary>
    public static Outcome<ObjectAddress> Parse(string text)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out var uri) || uri.Scheme != "s3" || uri.Host.Length == 0 || uri.UserInfo.Length > 0) return new Problem("storage", "is no address of a bucket", Form);
        Uri? endpoint = null;
        var region = Variable(RegionVariable) ?? DefaultRegion;
        foreach (var parameter in uri.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var (key, value) = parameter.Split('=', 2) is [var left, var right] ? (left, Uri.UnescapeDataString(right)) : (parameter, "");
            switch (key)
            {
                case "endpoint" when Uri.TryCreate(value, UriKind.Absolute, out endpoint) && endpoint.Scheme is "http" or "https":
                    break;
                case "region" when value.Length > 0:
                    region = value;
                    break;
                default:
                    return new Problem("storage", $"has a parameter that is not known, or has no such value: `{key}`", "known are `endpoint` and `region`");
            }
        }
        if (Variable(KeyVariable) is not { } id || Variable(SecretVariable) is not { } secret) return new Problem("storage", $"has no keys: {KeyVariable} and {SecretVariable} are not set", "set them in the environment of the server");
        var prefix = Uri.UnescapeDataString(uri.AbsolutePath.Trim('/'));
        AWSCredentials credentials = Variable(SessionVariable) is { } session ? new SessionAWSCredentials(id, secret, session) : new BasicAWSCredentials(id, secret);
        return new ObjectAddress(uri.Host, prefix.Length == 0 ? "" : prefix + "/", endpoint, region, credentials);
    }

    private static string? Variable(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;
}
