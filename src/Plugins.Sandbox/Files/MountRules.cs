using System.Collections.Immutable;

namespace LazyOC.Plugins.Sandbox.Files;

/// <summary>
/// Which folders of the host no plugin is ever given, whatever the user says: LazyOC's own, those with credentials, those
/// of the system, and every folder that one of them is in.
/// </summary>
/// <remarks>Immutable and thread safe. Names are compared without regard to case: some file systems have none.</remarks>
public sealed class MountRules
{
    /// <summary>Folders below the user's own with keys, tokens or sessions in them.</summary>
    private static readonly ImmutableArray<string> Credentials =
    [
        ".kube", ".ssh", ".gnupg", ".aws", ".azure", ".docker", ".oci", ".bluemix", ".vault-token", ".netrc", ".git-credentials", ".password-store", ".mozilla", ".thunderbird",
        ".config/gcloud", ".config/containers", ".config/gh", ".config/glab-cli", ".config/hub", ".config/doctl", ".config/helm", ".config/op", ".config/argocd", ".config/git",
        ".config/google-chrome", ".config/chromium", ".config/BraveSoftware", ".config/lazyoc", ".local/share/lazyoc", ".local/state/lazyoc", ".local/share/keyrings", ".local/share/containers",
        "AppData/Roaming", "AppData/Local", "Library/Keychains", "Library/Application Support",
    ];

    private static readonly ImmutableArray<string> System = OperatingSystem.IsWindows()
        ? [Environment.GetFolderPath(Environment.SpecialFolder.Windows)]
        : ["/", "/proc", "/sys", "/dev", "/etc", "/run", "/var/run", "/boot", "/root/.ssh"];

    private readonly ImmutableArray<string> _forbidden;

    /// <param name="userFolder">The user's home.</param>
    /// <param name="own">LazyOC's folders, and others that the host knows to hold credentials.</param>
    public MountRules(string userFolder, ImmutableArray<string> own) =>
        _forbidden = [.. System, .. own, .. userFolder.Length == 0 ? [] : Credentials.Select(name => Path.Combine(userFolder, name))];

    /// <summary>No folder is forbidden; for tests of what else protects.</summary>
    internal static MountRules None { get; } = new([]);

    private MountRules(ImmutableArray<string> forbidden) => _forbidden = forbidden;

    /// <summary>Where a folder really is, if plugins may be given it; else why they may not.</summary>
    /// <param name="folder">As the user chose it.</param>
    /// <param name="reason">Continues a sentence that begins with the folder; null when it is permitted.</param>
    public string? Resolve(string folder, out string? reason)
    {
        reason = null;
        if (!Path.IsPathFullyQualified(folder))
        {
            reason = "is not an absolute path";
            return null;
        }
        try
        {
            var real = RealPath.Of(folder);
            reason = Refuse(real);
            if (reason is null && !Directory.Exists(real)) reason = "is not a folder";
            return reason is null ? real : null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException)
        {
            reason = $"cannot be followed: {error.Message}";
            return null;
        }
    }

    private string? Refuse(string real)
    {
        foreach (var forbidden in _forbidden)
        {
            // A link to a forbidden folder is as good as the folder for whoever can put another in its place.
            foreach (var there in (string[])[RealPath.Of(forbidden), Path.TrimEndingDirectorySeparator(Path.GetFullPath(forbidden))])
            {
                if (Same(real, there)) return "is never given to plugins";
                // The root is a part of every path, so only it itself is meant.
                if (Path.GetPathRoot(there) != there && IsInside(real, there)) return $"is inside `{forbidden}`, which is never given to plugins";
                if (IsInside(there, real)) return $"holds `{forbidden}`, which is never given to plugins";
            }
        }
        return null;
    }

    private static bool Same(string left, string right) => string.Equals(left, right, StringComparison.OrdinalIgnoreCase);

    private static bool IsInside(string path, string folder) =>
        path.Length > folder.Length && path.StartsWith(folder, StringComparison.OrdinalIgnoreCase) && (Path.EndsInDirectorySeparator(folder) || path[folder.Length] == Path.DirectorySeparatorChar);
}
