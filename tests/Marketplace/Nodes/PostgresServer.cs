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

    private static readonly Lazy<Task<PostgresServer>> Shared = new(StartAsync);
    private static readonly string? Programs = Directory.Exists("/usr/lib/postgresql")
        ? Directory.GetDirectories("/usr/lib/postgresql").OrderDescending(StringComparer.Ordinal).Select(version => Path.Combine(version, "bin")).FirstOrDefault(bin => File.Exists(Path.Combine(bin, "initdb")))
        : null;

    private readonly int _port;
    private int _databases;

    private PostgresServer(int port) => _port = port;

    /// <summary>Why it cannot be run here; null when it can.</summary>
    public static string? Missing => Programs is null ? "no PostgreSQL: install Debian's postgresql" : null;

    public static Task<PostgresServer> SharedAsync() => Shared.Value;

    /// <summary>The address of a new database that is empty.</summary>
    public async Task<string> CreateAsync()
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"market{Interlocked.Increment(ref _databases)}");
        await ExecuteAsync(AddressOf("postgres"), $"CREATE DATABASE {name} TEMPLATE template0");
        return AddressOf(name);
    }

    /// <summary>Removes a database of <see cref="CreateAsync"/>.</summary>
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

    private string AddressOf(string database) => string.Create(CultureInfo.InvariantCulture, $"postgres://{User}:{Uri.EscapeDataString(Password)}@127.0.0.1:{_port}/{database}");

    private static async Task<PostgresServer> StartAsync()
    {
        var folder = Directory.CreateTempSubdirectory("lazyoc-postgres-").FullName;
        var (data, password) = (Path.Combine(folder, "data"), Path.Combine(folder, "password"));
        await File.WriteAllTextAsync(password, Password);
        // The program refuses to be run by root.
        if (Environment.IsPrivilegedProcess) await RunAsync("chown", "-R", "postgres", folder);
        await RunAsync(AsUser(Path.Combine(Programs!, "initdb"), "-D", data, "-U", User, "--pwfile", password, "-A", "scram-sha-256", "-E", "UTF8", "--locale=C", "--no-sync"));
        var port = FreePort();
        string[] settings = ["listen_addresses=127.0.0.1", $"unix_socket_directories={folder}", "fsync=off", "max_connections=400", "log_min_messages=fatal", "log_min_error_statement=fatal"];
        await RunAsync(AsUser(Path.Combine(Programs!, "pg_ctl"), "start", "-D", data, "-w", "-l", Path.Combine(folder, "log"), "-o", string.Create(CultureInfo.InvariantCulture, $"-p {port} {string.Join(' ', settings.Select(setting => $"-c {setting}"))}")));
        AppDomain.CurrentDomain.ProcessExit += (_, _) =>
        {
            RunAsync(AsUser(Path.Combine(Programs!, "pg_ctl"), "stop", "-D", data, "-m", "immediate")).GetAwaiter().GetResult();
            Directory.Delete(folder, recursive: true);
        };
        return new PostgresServer(port);
    }

    private static string[] AsUser(params string[] command) => Environment.IsPrivilegedProcess ? ["runuser", "-u", "postgres", "--", .. command] : command;

    private static async Task RunAsync(params string[] command)
    {
        using var process = Process.Start(new ProcessStartInfo(command[0], command[1..]) { RedirectStandardOutput = true, UseShellExecute = false, WorkingDirectory = "/" })!;
        // What it starts keeps its output, so that has no end.
        process.OutputDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        while (!process.HasExited) await Task.Delay(20);
        if (process.ExitCode != 0) throw new InvalidOperationException($"{command[0]} ended with {process.ExitCode}");
    }

    internal static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
