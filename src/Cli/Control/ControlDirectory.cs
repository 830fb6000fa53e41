using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace LazyOC.Cli.Control;

/// <summary>Where the sockets of the running LazyOCs are: a directory that only this user can enter, one socket a process.</summary>
internal sealed class ControlDirectory
{
    private const UnixFileMode OnlyUser = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private readonly string _prefix;
    private readonly ControlLimits _limits;

    private ControlDirectory(string path, string prefix, ControlLimits limits) => (Path, _prefix, _limits) = (path, prefix, limits);

    public string Path { get; }

    /// <summary>The directory of a home: within the runtime directory of the session when there is one, else within the home's own state.</summary>
    /// <param name="home">Every home, the demo's too, has sockets of its own.</param>
    /// <param name="environment">Reads an environment variable.</param>
    /// <param name="limits">Bounds.</param>
    public static ControlDirectory Of(Home home, Func<string, string?> environment, ControlLimits limits)
    {
        var prefix = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(home.Plugins)).AsSpan(0, 6)) + "-";
        var own = System.IO.Path.Combine(System.IO.Path.GetDirectoryName(home.Log)!, "run");
        var runtime = environment("XDG_RUNTIME_DIR") is { Length: > 0 } directory && System.IO.Path.IsPathFullyQualified(directory) && Directory.Exists(directory)
            ? System.IO.Path.Combine(directory, "lazyoc")
            : own;
        string[] candidates = [runtime, own, System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"lazyoc-{Environment.UserName}")];
        var path = candidates.FirstOrDefault(candidate => Fits(candidate, prefix, limits))
            ?? throw new IOException($"no path for a control socket is shorter than {limits.PathBytes} bytes: set XDG_RUNTIME_DIR to a short one");
        return new ControlDirectory(path, prefix, limits);
    }

    /// <summary>The socket of a process.</summary>
    public string SocketOf(int pid) => System.IO.Path.Combine(Path, string.Create(CultureInfo.InvariantCulture, $"{_prefix}{pid}.sock"));

    /// <summary>The sockets of this home's processes, running or not.</summary>
    public ImmutableArray<string> Sockets() =>
        Directory.Exists(Path) ? [.. Directory.EnumerateFiles(Path, _prefix + "*.sock").Order(StringComparer.Ordinal)] : [];

    /// <summary>Makes the directory, and sure that nobody else can enter it.</summary>
    /// <exception cref="IOException">It is somebody else's, or a link.</exception>
    public void Create()
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(Path);
            return;
        }
        Directory.CreateDirectory(Path, OnlyUser);
        if (new DirectoryInfo(Path).LinkTarget is not null) throw new IOException($"`{Path}` is a link; a control socket is only made in a directory");
        try
        {
            // Refused by the system for a directory that is not this user's.
            File.SetUnixFileMode(Path, OnlyUser);
        }
        catch (UnauthorizedAccessException error)
        {
            throw new IOException($"`{Path}` belongs to another user", error);
        }
    }

    private static bool Fits(string directory, string prefix, ControlLimits limits) =>
        Encoding.UTF8.GetByteCount(System.IO.Path.Combine(directory, $"{prefix}{int.MaxValue}.sock")) < limits.PathBytes;
}
