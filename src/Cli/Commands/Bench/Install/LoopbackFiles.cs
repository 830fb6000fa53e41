using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace LazyOC.Cli.Commands.Bench.Install;

/// <summary>Files over HTTP on this machine, for both sides of a comparison. Thread safe.</summary>
internal sealed class LoopbackFiles : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, byte[]> _files = new(StringComparer.Ordinal);
    private readonly HttpListener _listener = new();
    private readonly Task _serving;

    public LoopbackFiles()
    {
        Root = new Uri($"http://127.0.0.1:{FreePort()}/");
        _listener.Prefixes.Add(Root.AbsoluteUri);
        _listener.Start();
        _serving = Task.Run(ServeAsync);
    }

    public Uri Root { get; }

    /// <summary>Offers a file.</summary>
    public void Add(string path, byte[] content) => _files["/" + path] = content;

    /// <summary>Offers all files of a folder.</summary>
    public void AddFolder(string prefix, string folder)
    {
        foreach (var file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)) Add($"{prefix}/{Path.GetRelativePath(folder, file)}", File.ReadAllBytes(file));
    }

    public async ValueTask DisposeAsync()
    {
        _listener.Close();
        await _serving;
    }

    private static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
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
            _ = Task.Run(() => AnswerAsync(context));
        }
    }

    private async Task AnswerAsync(HttpListenerContext context)
    {
        try
        {
            using var response = context.Response;
            if (!_files.TryGetValue(context.Request.Url!.AbsolutePath, out var content))
            {
                response.StatusCode = 404;
                return;
            }
            response.ContentType = context.Request.Url.AbsolutePath.EndsWith(".tgz", StringComparison.Ordinal) ? "application/octet-stream" : "application/json";
            response.ContentLength64 = content.Length;
            await response.OutputStream.WriteAsync(content);
        }
        catch (HttpListenerException)
        {
            // The client has hung up.
        }
    }
}
