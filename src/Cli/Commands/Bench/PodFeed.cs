using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace LazyOC.Cli.Commands.Bench;

/// <summary>
/// A scripted API server on the loopback interface that serves nothing but pods: made up as they are listed and kept
/// nowhere, so that what the process retains is the client's. A watch changes random ones at a pace.
/// </summary>
internal sealed class PodFeed : IAsyncDisposable
{
    private const int PageSize = 500;
    private static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(20);

    private readonly HttpListener _listener = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly int _pods;
    private readonly Task _serving;
    private TaskCompletionSource _paceChanged = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _changesPerSecond;
    private int _version = 1;

    private PodFeed(int pods, HttpListener listener, Uri address)
    {
        (_pods, _listener, Address) = (pods, listener, address);
        _serving = ServeAsync();
    }

    public Uri Address { get; }

    /// <summary>Changes of pods that watches are told in a second; at 0 the server sleeps.</summary>
    public int ChangesPerSecond
    {
        get => Volatile.Read(ref _changesPerSecond);
        set
        {
            Volatile.Write(ref _changesPerSecond, value);
            Interlocked.Exchange(ref _paceChanged, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();
        }
    }

    public static PodFeed Start(int pods)
    {
        // HttpListener cannot choose a port itself; between finding one and taking it somebody else may.
        for (var attempt = 0; ; attempt++)
        {
            using var probe = new TcpListener(IPAddress.Loopback, 0);
            probe.Start();
            var port = ((IPEndPoint)probe.LocalEndpoint).Port;
            probe.Stop();
            var address = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}/"));
            var listener = new HttpListener();
            listener.Prefixes.Add(address.AbsoluteUri);
            try
            {
                listener.Start();
                return new PodFeed(pods, listener, address);
            }
            catch (HttpListenerException) when (attempt < 10)
            {
                listener.Close();
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        _listener.Stop();
        await _serving;
        _listener.Close();
        _stopping.Dispose();
    }

    private async Task ServeAsync()
    {
        var requests = new List<Task>();
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                var context = await _listener.GetContextAsync();
                requests.RemoveAll(request => request.IsCompleted);
                requests.Add(Task.Run(() => AnswerAsync(context)));
            }
            catch (Exception stopped) when (stopped is HttpListenerException or ObjectDisposedException && _stopping.IsCancellationRequested)
            {
                break;
            }
        }
        await Task.WhenAll(requests);
    }

    private async Task AnswerAsync(HttpListenerContext context)
    {
        try
        {
            context.Response.ContentType = "application/json";
            var query = context.Request.QueryString;
            await using var body = context.Response.OutputStream;
            switch (context.Request.Url!.AbsolutePath)
            {
                case "/version":
                    await WriteAsync(body, """{"major":"1","minor":"31","gitVersion":"v1.31.0"}""");
                    break;
                case "/api":
                    await WriteAsync(body, """{"kind":"APIVersions","versions":["v1"]}""");
                    break;
                case "/apis":
                    await WriteAsync(body, """{"kind":"APIGroupList","apiVersion":"v1","groups":[]}""");
                    break;
                case "/api/v1":
                    await WriteAsync(body, """{"kind":"APIResourceList","groupVersion":"v1","resources":[{"name":"pods","singularName":"pod","namespaced":true,"kind":"Pod","shortNames":["po"],"verbs":["get","list","watch"]}]}""");
                    break;
                case "/api/v1/pods" when query["watch"] is not null:
                    await WatchAsync(context, body);
                    break;
                case "/api/v1/pods":
                    await ListAsync(body, Number(query["continue"], 0), Number(query["limit"], PageSize));
                    break;
                case var path when path.Split('/') is ["", "api", "v1", "namespaces", _, "pods", var name] && int.TryParse(name.Split('-')[^1], CultureInfo.InvariantCulture, out var index):
                    await WriteAsync(body, Pod(index));
                    break;
                default:
                    context.Response.StatusCode = 404;
                    await WriteAsync(body, """{"kind":"Status","apiVersion":"v1","status":"Failure","reason":"NotFound","message":"the bench serves pods only","code":404}""");
                    break;
            }
        }
        catch (Exception gone) when (gone is HttpListenerException or IOException or ObjectDisposedException or OperationCanceledException)
        {
            // The client went away, or the bench is over.
        }
    }

    private async Task ListAsync(Stream body, int from, int limit)
    {
        var end = Math.Min(_pods, from + limit);
        var page = new StringBuilder("""{"kind":"PodList","apiVersion":"v1","metadata":{"resourceVersion":"1",""");
        page.Append(CultureInfo.InvariantCulture, $"\"continue\":\"{(end < _pods ? end.ToString(CultureInfo.InvariantCulture) : "")}\"}},\"items\":[");
        for (var i = from; i < end; i++)
            page.Append(i > from ? "," : "").Append(Pod(i));
        await WriteAsync(body, page.Append("]}").ToString());
    }

    private async Task WatchAsync(HttpListenerContext context, Stream body)
    {
        context.Response.SendChunked = true;
        await WriteAsync(body, Bookmark());
        var random = new Random(1);
        var owed = 0.0;
        while (true)
        {
            var paceChanged = Volatile.Read(ref _paceChanged).Task;
            if (ChangesPerSecond == 0)
                await paceChanged.WaitAsync(_stopping.Token);
            await Task.Delay(Beat, _stopping.Token);
            var changes = new StringBuilder();
            for (owed += ChangesPerSecond * Beat.TotalSeconds; owed >= 1; owed--)
                changes.Append("""{"type":"MODIFIED","object":""").Append(Pod(random.Next(_pods), Interlocked.Increment(ref _version))).Append("}\n");
            if (changes.Length > 0)
                await WriteAsync(body, changes.ToString());
        }
    }

    private static string Bookmark() => """{"type":"BOOKMARK","object":{"kind":"Pod","apiVersion":"v1","metadata":{"resourceVersion":"1"}}}""" + "\n";

    /// <summary>A pod as a cluster tells it, without what managed fields would add.</summary>
    private static string Pod(int index, int version = 1)
    {
        var app = $"service-{index / 10 % 10}";
        var restarts = version % 100;
        return string.Create(CultureInfo.InvariantCulture, $$$"""
            {"apiVersion":"v1","kind":"Pod","metadata":{"name":"{{{app}}}-6c7f9d8b5-{{{index:D6}}}","namespace":"team-{{{index % 100:D3}}}","uid":"0d9f8a44-54a4-4d7e-8b0f-{{{index:x12}}}","resourceVersion":"{{{version}}}","creationTimestamp":"2026-01-01T00:00:00Z","labels":{"app":"{{{app}}}","tier":"backend"} },"spec":{"nodeName":"worker-{{{index % 20}}}","containers":[{"name":"{{{app}}}","image":"quay.io/large/{{{app}}}:1.0.{{{index % 100}}}","resources":{"requests":{"cpu":"50m","memory":"64Mi"} } }]},"status":{"phase":"Running","podIP":"10.{{{index / 65536}}}.{{{index / 256 % 256}}}.{{{index % 256}}}","hostIP":"10.0.128.11","startTime":"2026-01-01T00:00:00Z","qosClass":"Burstable","conditions":[{"type":"Ready","status":"True","lastTransitionTime":"2026-01-01T00:00:00Z"},{"type":"ContainersReady","status":"True","lastTransitionTime":"2026-01-01T00:00:00Z"}],"containerStatuses":[{"name":"{{{app}}}","image":"quay.io/large/{{{app}}}:1.0.{{{index % 100}}}","imageID":"","ready":true,"started":true,"restartCount":{{{restarts}}},"lastState":{},"state":{"running":{"startedAt":"2026-01-01T00:00:00Z"} } }]} }
            """);
    }

    private static int Number(string? text, int otherwise) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : otherwise;

    private static async Task WriteAsync(Stream body, string text)
    {
        await body.WriteAsync(Encoding.UTF8.GetBytes(text));
        await body.FlushAsync();
    }
}
