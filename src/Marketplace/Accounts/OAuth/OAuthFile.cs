using System.Collections.Immutable;
using System.Text;
using System.Text.Json.Serialization;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Contracts.Json;
using LazyOC.Plugins.Packages.Signing;

namespace LazyOC.Marketplace.Accounts.OAuth;

/// <summary>The file that names the providers. Their secrets are in files of their own.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record OAuthFile
{
    public const string GitHub = "github";
    public const string OpenShift = "openshift";

    private const int MaxBytes = 64 << 10;
    private const int MaxSecretBytes = 4 << 10;
    private const int MaxDepth = 8;

    public Uri? PublicUrl { get; init; }

    public required ImmutableArray<Entry> Providers { get; init; }

    /// <summary>Reads a file, and the secrets that it names.</summary>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public static Outcome<OAuthOptions> Read(string path)
    {
        if (UserFile.Read(path, MaxBytes) is not { } bytes) return new Problem(path, "is not there");
        if (!StrictJson.Read(bytes, OAuthJson.Default.OAuthFile, new JsonLimits(MaxBytes, MaxDepth)).TryGet(out var file, out var problems)) return problems.Select(problem => problem.In(path)).ToImmutableArray();
        if (file.PublicUrl is { } url && !IsSafe(url)) return new Problem(path, "`publicUrl` is no `https:` address");
        var providers = ImmutableArray.CreateBuilder<OAuthProvider>();
        foreach (var entry in file.Providers)
        {
            if (!entry.ToProvider().TryGet(out var provider, out problems)) return problems.Select(problem => problem.In($"{path}: {entry.Name}")).ToImmutableArray();
            if (providers.Any(known => known.Name == provider.Name)) return new Problem(path, $"has two providers `{provider.Name}`");
            providers.Add(provider);
        }
        return new OAuthOptions(file.PublicUrl, providers.DrainToImmutable());
    }

    /// <summary>Secrets and codes travel protected, or stay on this machine.</summary>
    private static bool IsSafe(Uri url) => url.IsAbsoluteUri && (url.Scheme == Uri.UriSchemeHttps || (url.Scheme == Uri.UriSchemeHttp && url.IsLoopback));

    /// <summary>A provider as the file has it.</summary>
    [JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
    internal sealed record Entry
    {
        public required string Name { get; init; }

        /// <summary><c>github</c> or <c>openshift</c>: fills in what is not said.</summary>
        public string? Preset { get; init; }

        public string? Title { get; init; }

        /// <summary>Of OpenShift's OAuth server.</summary>
        public Uri? Server { get; init; }

        /// <summary>Of OpenShift's API server.</summary>
        public Uri? ApiServer { get; init; }

        public Uri? AuthorizeUrl { get; init; }

        public Uri? TokenUrl { get; init; }

        public Uri? UserUrl { get; init; }

        public required string ClientId { get; init; }

        public required string ClientSecretFile { get; init; }

        public string? Scope { get; init; }

        public string? SubjectField { get; init; }

        public string? NameField { get; init; }

        public bool? Registers { get; init; }

        public Outcome<OAuthProvider> ToProvider()
        {
            if (!AccountStore.IsName(Name)) return new Problem("name", "is not a name", "2 to 39 lower-case letters, digits and hyphens, a letter first");
            if (Preset is not (null or GitHub or OpenShift)) return new Problem("preset", $"is neither `{GitHub}` nor `{OpenShift}`");
            if (Preset == OpenShift && (Server is null || ApiServer is null)) return new Problem("preset", $"`{OpenShift}` takes `server` and `apiServer`");
            var (authorize, token, user) = (AuthorizeUrl ?? Default(0), TokenUrl ?? Default(1), UserUrl ?? Default(2));
            foreach (var (field, url) in new[] { ("authorizeUrl", authorize), ("tokenUrl", token), ("userUrl", user) })
            {
                if (url is null) return new Problem(field, "is missing");
                if (!IsSafe(url)) return new Problem(field, "is no `https:` address");
            }
            if (UserFile.Read(ClientSecretFile, MaxSecretBytes) is not { } secret) return new Problem("clientSecretFile", $"`{ClientSecretFile}` is not there");
            var (scope, subject, name) = Preset switch
            {
                GitHub => ("read:user", "id", "login"),
                OpenShift => ("user:info", "metadata.uid", "metadata.name"),
                _ => ("openid profile", "sub", "preferred_username"),
            };
            return new OAuthProvider
            {
                Name = Name,
                Title = Title ?? (Preset == GitHub ? "GitHub" : Preset == OpenShift ? "OpenShift" : Name),
                AuthorizeUrl = authorize!,
                TokenUrl = token!,
                UserUrl = user!,
                ClientId = ClientId,
                ClientSecret = Encoding.UTF8.GetString(secret).Trim(),
                Scope = Scope ?? scope,
                SubjectField = SubjectField ?? subject,
                NameField = NameField ?? name,
                Registers = Registers,
            };
        }

        private Uri? Default(int which) => Preset switch
        {
            GitHub => new Uri(new[] { "https://github.com/login/oauth/authorize", "https://github.com/login/oauth/access_token", "https://api.github.com/user" }[which]),
            OpenShift => new Uri((which == 2 ? ApiServer : Server)!, new[] { "/oauth/authorize", "/oauth/token", "/apis/user.openshift.io/v1/users/~" }[which]),
            _ => null,
        };
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, AllowDuplicateProperties = false, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(OAuthFile))]
internal sealed partial class OAuthJson : JsonSerializerContext;
