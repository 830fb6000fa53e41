using System.Collections.Immutable;
using System.Text;
using LazyOC.Cluster.Errors;

namespace LazyOC.Cluster.Config;

/// <summary>Reads the entries of one kubeconfig file. Unknown keys are ignored, as kubectl does; wrong types are errors.</summary>
internal sealed class KubeconfigReader
{
    private const string FixHint = "fix that key; `kubectl config view` shows what is expected";

    private readonly string _file;
    private readonly string _directory;
    private readonly YamlMapping _root;

    public KubeconfigReader(string file, YamlMapping root)
    {
        _file = file;
        _directory = Path.GetDirectoryName(Path.GetFullPath(file)) ?? "/";
        _root = root;
        if (Text(root, "kind", "kind") is { Length: > 0 } kind && kind != "Config")
            throw new KubeconfigException($"`{file}` is a `{kind}`, not a kubeconfig", "name a kubeconfig with `--kubeconfig` or `KUBECONFIG`");
    }

    public string? CurrentContext => NonEmpty(Text(_root, "current-context", "current-context"));

    public IEnumerable<KubeconfigContext> Contexts() => Named("contexts", "context").Select(entry =>
    {
        var (name, body, key) = entry;
        return new KubeconfigContext(
            name,
            Text(body, "cluster", key) ?? "",
            Text(body, "user", key) ?? "",
            NonEmpty(Text(body, "namespace", key)),
            body.Origin);
    });

    public IEnumerable<KubeconfigCluster> Clusters() => Named("clusters", "cluster").Select(entry =>
    {
        var (name, body, key) = entry;
        return new KubeconfigCluster
        {
            Name = name,
            Origin = body.Origin,
            Server = Address(body, "server", key, "http", "https")
                ?? throw new KubeconfigException($"`{body.Origin}`: `{key}.server` is missing", "add the API server's address, such as `server: https://api.example.com:6443`"),
            TlsServerName = NonEmpty(Text(body, "tls-server-name", key)),
            InsecureSkipTlsVerify = Flag(body, "insecure-skip-tls-verify", key),
            CertificateAuthority = FilePath(body, "certificate-authority", key),
            CertificateAuthorityData = Base64Text(body, "certificate-authority-data", key),
            ProxyUrl = Address(body, "proxy-url", key, "http", "https", "socks5"),
        };
    });

    public IEnumerable<KubeconfigUser> Users() => Named("users", "user").Select(entry =>
    {
        var (name, body, key) = entry;
        return new KubeconfigUser
        {
            Name = name,
            Origin = body.Origin,
            ClientCertificate = FilePath(body, "client-certificate", key),
            ClientCertificateData = Base64Text(body, "client-certificate-data", key),
            ClientKey = FilePath(body, "client-key", key),
            ClientKeyData = Base64Text(body, "client-key-data", key),
            Token = NonEmpty(Text(body, "token", key)),
            TokenFile = FilePath(body, "tokenFile", key),
            BasicUser = NonEmpty(Text(body, "username", key)),
            BasicPassword = Text(body, "password", key),
            Exec = Exec(body, key),
            Impersonate = Impersonation(body, key),
        };
    });

    private ExecCredentialOptions? Exec(YamlMapping user, string userKey)
    {
        var key = $"{userKey}.exec";
        if (Child<YamlMapping>(user, "exec", userKey, "a mapping") is not { } exec)
            return null;

        var apiVersion = Text(exec, "apiVersion", key);
        if (apiVersion is not ("client.authentication.k8s.io/v1" or "client.authentication.k8s.io/v1beta1"))
            throw new KubeconfigException($"`{exec.Origin}`: `{key}.apiVersion` is `{apiVersion}`", "allowed are `client.authentication.k8s.io/v1` and `client.authentication.k8s.io/v1beta1`; a newer credential plugin writes them");

        var command = NonEmpty(Text(exec, "command", key)) ?? throw new KubeconfigException($"`{exec.Origin}`: `{key}.command` is missing", FixHint);
        return new ExecCredentialOptions
        {
            // As client-go does: a command with a separator is a path relative to the file, a bare one is looked up on PATH.
            Command = command.AsSpan().IndexOfAny('/', Path.DirectorySeparatorChar) >= 0 ? Path.GetFullPath(command, _directory) : command,
            Arguments = Texts(exec, "args", key),
            Environment = Pairs(exec, "env", key),
            ApiVersion = apiVersion,
            InstallHint = NonEmpty(Text(exec, "installHint", key)),
            ProvideClusterInfo = Flag(exec, "provideClusterInfo", key),
            InteractiveMode = Text(exec, "interactiveMode", key) switch
            {
                null or "" or "IfAvailable" => ExecInteractiveMode.IfAvailable,
                "Never" => ExecInteractiveMode.Never,
                "Always" => ExecInteractiveMode.Always,
                var other => throw new KubeconfigException($"`{exec.Origin}`: `{key}.interactiveMode` is `{other}`", "allowed are `Never`, `IfAvailable` and `Always`"),
            },
        };
    }

    private ImpersonationOptions? Impersonation(YamlMapping user, string key)
    {
        var name = NonEmpty(Text(user, "as", key));
        var groups = Texts(user, "as-groups", key);
        var extra = ImmutableArray.CreateBuilder<KeyValuePair<string, string>>();
        if (Child<YamlMapping>(user, "as-user-extra", key, "a mapping") is { } map)
            foreach (var (extraKey, _) in map.Entries)
                foreach (var value in Texts(map, extraKey, $"{key}.as-user-extra"))
                    extra.Add(KeyValuePair.Create(extraKey, value));

        var uid = NonEmpty(Text(user, "as-uid", key));
        if (name is not null)
            return new ImpersonationOptions { User = name, Uid = uid, Groups = groups, Extra = extra.ToImmutable() };
        if (uid is not null || groups.Length > 0 || extra.Count > 0)
            throw new KubeconfigException($"`{user.Origin}`: `{key}` impersonates groups or a uid without a user", $"add `as: NAME` beside them");
        return null;
    }

    private List<(string Name, YamlMapping Body, string Key)> Named(string list, string bodyKey)
    {
        var entries = new List<(string, YamlMapping, string)>();
        if (Child<YamlSequence>(_root, list, "", "a list") is not { } sequence)
            return entries;
        foreach (var item in sequence.Items)
        {
            var key = $"{list}[{entries.Count}]";
            if (item is not YamlMapping mapping)
                throw new KubeconfigException($"`{item.Origin}`: `{key}` is not a mapping", FixHint);
            var name = NonEmpty(Text(mapping, "name", key)) ?? throw new KubeconfigException($"`{item.Origin}`: `{key}.name` is missing", FixHint);
            var body = Child<YamlMapping>(mapping, bodyKey, key, "a mapping") ?? new YamlMapping(_file, mapping.Line, ImmutableDictionary<string, YamlNode>.Empty);
            entries.Add((name, body, $"{list}[{name}].{bodyKey}"));
        }

        return entries;
    }

    private static T? Child<T>(YamlMapping parent, string name, string key, string expected) where T : YamlNode
    {
        if (!parent.Entries.TryGetValue(name, out var node) || node is YamlScalar { IsNull: true })
            return null;
        return node as T ?? throw new KubeconfigException($"`{node.Origin}`: `{Join(key, name)}` is not {expected}", FixHint);
    }

    private static string? Text(YamlMapping parent, string name, string key) => Child<YamlScalar>(parent, name, key, "a string")?.Value;

    private static bool Flag(YamlMapping parent, string name, string key) => Child<YamlScalar>(parent, name, key, "true or false") switch
    {
        null => false,
        { Value: "true" or "True" or "TRUE" } => true,
        { Value: "false" or "False" or "FALSE" } => false,
        var other => throw new KubeconfigException($"`{other.Origin}`: `{Join(key, name)}` is `{other.Value}`", "allowed are `true` and `false`"),
    };

    private static ImmutableArray<string> Texts(YamlMapping parent, string name, string key) =>
        Child<YamlSequence>(parent, name, key, "a list")?.Items
            .Select(item => item is YamlScalar scalar ? scalar.Value : throw new KubeconfigException($"`{item.Origin}`: `{Join(key, name)}` has an entry that is not a string", FixHint))
            .ToImmutableArray() ?? [];

    private static ImmutableArray<KeyValuePair<string, string>> Pairs(YamlMapping parent, string name, string key) =>
        Child<YamlSequence>(parent, name, key, "a list")?.Items
            .Select(item => item is YamlMapping pair && NonEmpty(Text(pair, "name", key)) is { } variable
                ? KeyValuePair.Create(variable, Text(pair, "value", key) ?? "")
                : throw new KubeconfigException($"`{item.Origin}`: `{Join(key, name)}` has an entry without `name`", FixHint))
            .ToImmutableArray() ?? [];

    private string? FilePath(YamlMapping parent, string name, string key) =>
        NonEmpty(Text(parent, name, key)) is { } path ? Path.GetFullPath(path, _directory) : null;

    private static string? Base64Text(YamlMapping parent, string name, string key)
    {
        if (Child<YamlScalar>(parent, name, key, "a string") is not { Value.Length: > 0 } scalar)
            return null;
        try
        {
            return Encoding.UTF8.GetString(Convert.FromBase64String(scalar.Value));
        }
        catch (FormatException e)
        {
            throw new KubeconfigException($"`{scalar.Origin}`: `{Join(key, name)}` is not base64", "paste the PEM file encoded with `base64 -w0`, or name the file instead", e);
        }
    }

    private static Uri? Address(YamlMapping parent, string name, string key, params ReadOnlySpan<string> schemes)
    {
        if (Child<YamlScalar>(parent, name, key, "a string") is not { Value.Length: > 0 } scalar)
            return null;
        // client-go takes an address without a scheme as https.
        var text = name == "server" && !scalar.Value.Contains("://", StringComparison.Ordinal) ? $"https://{scalar.Value}" : scalar.Value;
        if (Uri.TryCreate(text, UriKind.Absolute, out var address) && schemes.Contains(address.Scheme) && address.Host.Length > 0)
            return address;
        throw new KubeconfigException($"`{scalar.Origin}`: `{Join(key, name)}` is `{scalar.Value}`, not an address", $"write a URL that starts with {string.Join(" or ", schemes.ToArray().Select(s => $"`{s}://`"))}");
    }

    private static string Join(string key, string name) => key.Length == 0 || key == name ? name : $"{key}.{name}";

    private static string? NonEmpty(string? text) => string.IsNullOrEmpty(text) ? null : text;
}
