using LazyOC.Plugins.Sandbox.Files;

namespace LazyOC.Cli;

/// <summary>Where this user's LazyOC keeps what: the XDG base directories, or one folder named by <c>LAZYOC_HOME</c>.</summary>
/// <remarks>The demo has a home of its own inside the data directory, so it never touches the user's plugins.</remarks>
internal sealed record Home
{
    private Home(string data, string state, string config, bool isDemo)
    {
        IsDemo = isDemo;
        Plugins = data;
        Settings = Path.Combine(data, "settings");
        Secrets = Path.Combine(data, "secrets");
        SigningKeys = Path.Combine(data, "keys");
        Trust = Path.Combine(data, "trust.json");
        Audit = Path.Combine(state, "audit");
        AuditKey = Path.Combine(state, "audit.key");
        Log = Path.Combine(state, "log");
        Screen = Path.Combine(state, "screen.json");
        Keys = Path.Combine(config, "keys.json");
        Registries = Path.Combine(config, "registries.json");
        BlockedServers = Path.Combine(config, "blocked-servers");
        RegistryTokens = Path.Combine(data, "registry-tokens");
        RegistryCache = Path.Combine(data, "registries");
    }

    public bool IsDemo { get; }

    /// <summary>The plugin store: <c>store</c>, <c>generations</c> and <c>data</c>.</summary>
    public string Plugins { get; }

    /// <summary>What the user has set for plugins, a file each.</summary>
    public string Settings { get; }

    /// <summary>The plugins' secrets and the key they are encrypted with.</summary>
    public string Secrets { get; }

    /// <summary>The user's own signing keys, a file each.</summary>
    public string SigningKeys { get; }

    /// <summary>Which keys of publishers the user has come to trust.</summary>
    public string Trust { get; }

    public string Audit { get; }

    /// <summary>The key of the audit's seals.</summary>
    public string AuditKey { get; }

    public string Log { get; }

    /// <summary>Where the user was on the screen.</summary>
    public string Screen { get; }

    /// <summary>The folders that no plugin is given: this home, where kubeconfigs are, and those that are nobody's.</summary>
    /// <param name="environment">Reads an environment variable.</param>
    public MountRules Mounts(Func<string, string?> environment)
    {
        var kubeconfigs = (environment("KUBECONFIG") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries).Select(file => Path.GetDirectoryName(Path.GetFullPath(file))!);
        string?[] own = [Plugins, Path.GetDirectoryName(Audit), Log, environment("XDG_RUNTIME_DIR"), .. kubeconfigs];
        return new MountRules(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), [.. own.OfType<string>().Where(Path.IsPathFullyQualified)]);
    }

    /// <summary>The user's keymap, which need not be there.</summary>
    public string Keys { get; }

    /// <summary>The servers that no plugin may talk to, which need not be there.</summary>
    public string BlockedServers { get; }

    /// <summary>The registries that plugins come from, which need not be there.</summary>
    public string Registries { get; }

    /// <summary>The tokens for registries, a file each.</summary>
    public string RegistryTokens { get; }

    /// <summary>What registries have shown before.</summary>
    public string RegistryCache { get; }

    /// <param name="environment">Reads an environment variable.</param>
    /// <param name="demo">The demo's home instead of the user's.</param>
    public static Home Locate(Func<string, string?> environment, bool demo)
    {
        if (environment("LAZYOC_HOME") is { Length: > 0 } all)
        {
            var root = Path.GetFullPath(demo ? Path.Combine(all, "demo") : all);
            return new Home(root, root, root, demo);
        }

        var user = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        string Base(string variable, params string[] fallback) =>
            environment(variable) is { Length: > 0 } path && Path.IsPathFullyQualified(path) ? path : Path.Combine([user, .. fallback]);
        string[] own = demo ? ["lazyoc", "demo"] : ["lazyoc"];
        return new Home(
            Path.Combine([Base("XDG_DATA_HOME", ".local", "share"), .. own]),
            Path.Combine([Base("XDG_STATE_HOME", ".local", "state"), .. own]),
            Path.Combine([Base("XDG_CONFIG_HOME", ".config"), .. own]),
            demo);
    }
}
