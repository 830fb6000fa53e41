using Microsoft.AspNetCore.Http;

namespace LazyOC.Cluster.Simulator.Server;

/// <summary>Cuts what clients have open and answers nothing while it lasts, as a network that is gone. Thread safe.</summary>
internal sealed class Outage : IDisposable
{
    private readonly Lock _gate = new();
    private CancellationTokenSource _cut = new();
    private bool _lasts;

    public void Begin()
    {
        CancellationTokenSource cut;
        lock (_gate)
        {
            _lasts = true;
            cut = _cut;
            _cut = new CancellationTokenSource();
        }

        cut.Cancel();
        cut.Dispose();
    }

    public void End()
    {
        lock (_gate)
            _lasts = false;
    }

    /// <summary>Aborts a request now or when an outage begins, until what is returned is disposed.</summary>
    public CancellationTokenRegistration Cut(HttpContext http)
    {
        lock (_gate)
        {
            if (_lasts)
                http.Abort();
            return _cut.Token.UnsafeRegister(static request => ((HttpContext)request!).Abort(), http);
        }
    }

    public void Dispose() => _cut.Dispose();
}
