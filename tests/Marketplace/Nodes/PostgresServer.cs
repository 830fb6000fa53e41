using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using LazyOC.Marketplace.Data;
using Npgsql;

namespace LazyOC.Marketplace.Tests.Nodes;

/// <summary>A PostgreSQL that the tests of this process share: Debian's, run by an unprivileged user over a folder that goes away with it.</summary>
internal sealed class PostgresServer
{
    private const string User = "market";
    private const string Password = "market password/?#";

    /// <summary>Runs the server until its input ends, and removes its folder.</summary>
    private const string Script =
        """
        trap '' INT TERM HUP
        programs=$1 folder=$2 port=$3 user=$4
        "$programs/initdb" -D "$folder/data" -U "$user" --pwfile <(printf %s "$MARKET_PASSWORD") -A scram-sha-256 -E UTF8 --locale=C --no-sync >"$folder/log" 2>&1 &&
        "$programs/pg_ctl" start -w -D "$folder/data" -l "$folder/log" -o "-p $port -c listen_addresses=127.0.0.1 -c unix_socket_directories=$folder -c fsync=off -c max_connections=400" >/dev/null </dev/null || exit 1
        echo ready
        read -r _
        "$programs/pg_ctl" stop -m immediate -D "$folder/data" >/dev/null
        rm -rf "$folder"
        """;

    private static readonly Lazy<Task<PostgresServer>> Shared = new(StartAsync);
    private static readonly string? Programs = Directory.Exists("/usr/lib/postgresql")
        ? Directory.GetDirectories("/usr/lib/postgresql").OrderDescending(StringComparer.Ordinal).Select(version => Path.Combine(version, "bin")).FirstOrDefault(bin => File.Exists(Path.Combine(bin, "initdb")))
        : null;

    private readonly int _port;
    private readonly Lazy<Task<string>> _withTables;
    private int _databases;

    private PostgresServer(int port) => (_port, _withTables) = (port, new(MakeTablesAsync));

    /// <summary>Why it cannot be run here; null when it can.</summary>
    public static string? Missing => Programs is null ? "no PostgreSQL: install Debian's postgresql" : null;

    public static Task<PostgresServer> SharedAsync() => Shared.Value;

    /// <summary>The address of a new database with the tables of this version, and nothing in them: copied, which is sooner done than made.</summary>
    public async Task<string> CreateWithTablesAsync() => await CreateAsync(await _withTables.Value);

    /// <summary>Removes a database of <see cref="CreateWithTablesAsync"/>.</summary>
    public Task DropAsync(string address) => ExecuteAsync(AddressOf("postgres"), $"DROP DATABASE {new Uri(address).AbsolutePath.Trim('/')} WITH (FORCE)");

    /// <summary>Runs SQL beside the server that is tested.</summary>
    public static async Task<object?> ExecuteAsync(string address, string sql)
    {
        Assert.True(DatabaseAddress.Parse(address, 5).TryGet(out var builder, out _));
        builder.Pooling = false;
        await using var connection = new NpgsqlConnection(builder.ToString());
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync();
    }

    private async Task<string> CreateAsync(string template)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"market{Interlocked.Increment(ref _databases)}");
        await ExecuteAsync(AddressOf("postgres"), $"CREATE DATABASE {name} TEMPLATE {template}");
        return AddressOf(name);
    }

    private async Task<string> MakeTablesAsync()
    {
        var address = await CreateAsync("template0");
        using var database = MarketFixture.Value(Database.Open(new MarketOptions { DataDirectory = "", Database = address }, MarketLimits.Default));
        await Migration.ApplyAsync(database, TimeProvider.System, default);
        return new Uri(address).AbsolutePath.Trim('/');
    }

    private string AddressOf(string database) => string.Create(CultureInfo.InvariantCulture, $"postgres://{User}:{Uri.EscapeDataString(Password)}@127.0.0.1:{_port}/{database}");

    private static async Task<PostgresServer> StartAsync()
    {
        var folder = Directory.CreateTempSubdirectory("lazyoc-postgres-").FullName;
        var port = FreePort();
        // The program refuses to be run by root.
        string[] user = Environment.IsPrivilegedProcess ? ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"] : [];
        if (Environment.IsPrivilegedProcess)
            using (var chown = Process.Start("chown", ["postgres", folder])) await chown.WaitForExitAsync();
        string[] command = [.. user, "bash", "-c", Script, "bash", Programs!, folder, port.ToString(CultureInfo.InvariantCulture), User];
        var start = new ProcessStartInfo(command[0], command[1..]) { RedirectStandardInput = true, RedirectStandardOutput = true, UseShellExecute = false, WorkingDirectory = "/" };
        start.Environment["MARKET_PASSWORD"] = Password;
        var process = Process.Start(start)!;
        // It ends with its input, so however this process ends.
        AppDomain.CurrentDomain.ProcessExit += (_, _) => process.StandardInput.Close();
        if (await process.StandardOutput.ReadLineAsync() != "ready") throw new InvalidOperationException($"PostgreSQL did not begin; see {folder}");
        return new PostgresServer(port);
    }

    internal static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
