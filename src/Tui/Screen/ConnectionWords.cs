using System.Globalization;
using LazyOC.Cluster.Columns;
using LazyOC.Cluster.Watch;
using LazyOC.Tui.Terminal;

namespace LazyOC.Tui.Screen;

/// <summary>Says how the connection is.</summary>
internal static class ConnectionWords
{
    public static ConnectionText Of(ConnectionState state, TimeSpan? latency, DateTimeOffset now) => state.Phase switch
    {
        ConnectionPhase.Connected when latency is { } time => new(string.Create(CultureInfo.InvariantCulture, $"connected {Math.Max(1, Math.Round(time.TotalMilliseconds)):0} ms"), Tone.Ok),
        ConnectionPhase.Connected => new("connected", Tone.Ok),
        ConnectionPhase.Reconnecting => new($"offline for {HumanDuration.Format(now - state.Since)}", Tone.Error),
        _ => new("connecting", Tone.Warn),
    };
}
