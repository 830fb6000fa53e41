using System.Net;
using System.Net.Sockets;

namespace LazyOC.Cli.Tests.Installing;

/// <summary>A folder on a loopback port, until it is disposed.</summary>
internal sealed class FolderServer : IDisposable
{
    private readonly HttpListener _listener = new();
    private readonly string _folder;
    private readonly Task _serving;

    public FolderServer(string folder)
    {
        _folder = folder;
        Address = $"http://127.0.0.1:{FreePort()}/";
        _listener.Prefixes.Add(Address);
        _listener.Start();
        _serving = ServeAsync();
    }

    public string Address { get; }

    /// <summary>The status for a path, in place of its file; null for the file.</summary>
    public Func<string, int?> Answer { get; set; } = static _ => null;

    /// <summary>What happens before a path is answered.</summary>
    public Func<string, Task> Before { get; set; } = static _ => Task.CompletedTask;

    public void Dispose()
    {
        _listener.Close();
        _serving.GetAwaiter().GetResult();
    }

    private async Task ServeAsync()
    {
        while (true)
        {
            HttpListenerContext context;
            try
            {
                context = await _listener.GetContextAsync();
            }
            catch (Exception closed) when (closed is HttpListenerException or ObjectDisposedException)
            {
                return;
            }
            var (path, response) = (context.Request.Url!.AbsolutePath, context.Response);
            await Before(path);
            var file = Path.Combine(_folder, path.TrimStart('/'));
            response.StatusCode = Answer(path) ?? (File.Exists(file) ? 200 : 404);
            try
            {
                using (response)
                    if (response.StatusCode == 200) await response.OutputStream.WriteAsync(await File.ReadAllBytesAsync(file));
            }
            catch (HttpListenerException)
            {
                // Who asked has gone.
            }
        }
    }

    private static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }
}
