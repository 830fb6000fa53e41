using LazyOC.Plugins.Contracts;
using Npgsql;

namespace LazyOC.Marketplace.Data;

/// <summary>Where the records are: <c>postgres://user:password@host:port/database</c>.</summary>
internal static class DatabaseAddress
{
    private const string Form = "such as `postgres://market:PASSWORD@db.example.com/market?sslmode=verify-full`";

    /// <summary>Reads an address. No message has anything of it, because there may be a password in it.</summary>
    /// <param name="text">The address; parameters are <c>sslmode</c>, <c>sslrootcert</c>, and <c>host</c> for the folder of a Unix socket.</param>
    /// <param name="connections">How many connections this process takes at most.</param>
    public static Outcome<NpgsqlConnectionStringBuilder> Parse(string text, int connections)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out var uri) || uri.Scheme is not ("postgres" or "postgresql")) return new Problem("database", "is no address of a PostgreSQL database", Form);
        var name = Uri.UnescapeDataString(uri.AbsolutePath.Trim('/'));
        if (name.Length == 0 || name.Contains('/', StringComparison.Ordinal)) return new Problem("database", "does not name a database", Form);
        var builder = new NpgsqlConnectionStringBuilder { Host = uri.Host, Database = name, MaxPoolSize = connections, ApplicationName = "lazyoc-market" };
        if (uri.Port > 0) builder.Port = uri.Port;
        var user = uri.UserInfo.Split(':', 2);
        if (user[0].Length > 0) builder.Username = Uri.UnescapeDataString(user[0]);
        if (user.Length == 2) builder.Password = Uri.UnescapeDataString(user[1]);
        foreach (var parameter in uri.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var (key, value) = parameter.Split('=', 2) is [var left, var right] ? (left, Uri.UnescapeDataString(right)) : (parameter, "");
            switch (key)
            {
                case "host":
                    builder.Host = value;
                    break;
                case "sslrootcert":
                    builder.RootCertificate = value;
                    break;
                case "sslmode" when Enum.TryParse<SslMode>(value.Replace("-", "", StringComparison.Ordinal), ignoreCase: true, out var mode) && Enum.IsDefined(mode):
                    builder.SslMode = mode;
                    break;
                default:
                    return new Problem("database", "has a parameter that is not known, or has no such value", "known are `sslmode`, `sslrootcert` and `host`");
            }
        }
        return string.IsNullOrEmpty(builder.Host) ? new Problem("database", "does not name a host", Form) : builder;
    }
}
