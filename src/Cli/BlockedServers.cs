using System.Collections.Immutable;
using System.Globalization;
using LazyOC.Plugins.Contracts.Permissions;

namespace LazyOC.Cli;

/// <summary>
/// The user's own list of servers that no plugin may talk to, whatever he has granted: a file with an origin a line, such as
/// <c>https://*.example.com</c> or <c>http://10.0.0.5:9090</c>. An address there is meant by whatever name it is reached.
/// </summary>
internal static class BlockedServers
{
    private const int MaxBytes = 256 << 10;

    /// <summary>The servers; none when there is no file.</summary>
    /// <exception cref="UserError">The file cannot be read, or a line is no origin: what was to be blocked must not be passed over.</exception>
    public static ImmutableArray<OriginPattern> Read(string path)
    {
        string[] lines;
        try
        {
            if (new FileInfo(path) is { Exists: true, Length: > MaxBytes }) throw new UserError(ExitCode.Failed, $"`{path}` is longer than {MaxBytes} bytes");
            lines = File.ReadAllLines(path);
        }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
        {
            return [];
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new UserError(ExitCode.Failed, $"the blocked servers cannot be read: {error.Message}", "plugins do not run without them", error);
        }
        var servers = ImmutableArray.CreateBuilder<OriginPattern>();
        for (var i = 0; i < lines.Length; i++)
        {
            var line = lines[i].Trim();
            if (line.Length == 0 || line[0] == '#') continue;
            if (!OriginPattern.TryParse(line, out var server)) throw new UserError(ExitCode.Failed, string.Create(CultureInfo.InvariantCulture, $"`{path}`, line {i + 1}: `{line}` is no origin"), "write `https://*.example.com` or `http://10.0.0.5:9090`");
            servers.Add(server);
        }
        return servers.DrainToImmutable();
    }
}
