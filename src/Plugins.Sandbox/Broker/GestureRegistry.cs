using System.Security.Cryptography;
using LazyOC.Plugins.Contracts;

namespace LazyOC.Plugins.Sandbox.Broker;

/// <summary>Fills a span with unpredictable bytes.</summary>
public delegate void RandomSource(Span<byte> destination);

/// <summary>What a token is worth.</summary>
internal enum GestureState
{
    /// <summary>The user's action that it stands for is still going on.</summary>
    Live,

    /// <summary>It was this plugin's, and its message has ended, or its time.</summary>
    Ended,

    /// <summary>It was given to another plugin.</summary>
    Foreign,

    /// <summary>It was never given to anybody.</summary>
    Forged,
}

/// <summary>
/// The tokens that stand for what the user is doing right now. Each is 128 random bits, bound to one plugin, one session
/// epoch and one message, and dies with that message. Thread safe.
/// </summary>
public sealed class GestureRegistry(SandboxLimits limits, TimeProvider time, RandomSource random)
{
    private const int TokenBytes = 16;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, Issued> _tokens = new(StringComparer.Ordinal);
    private readonly Dictionary<PluginId, Queue<string>> _ended = [];

    /// <summary>A registry whose tokens come from the system's cryptographic source.</summary>
    public GestureRegistry(SandboxLimits limits, TimeProvider time)
        : this(limits, time, RandomNumberGenerator.Fill)
    {
    }

    /// <summary>The user started an action or command of this plugin; dispose when its message ends.</summary>
    public Gesture Begin(PluginPrincipal plugin)
    {
        Span<byte> bits = stackalloc byte[TokenBytes];
        random(bits);
        var token = Convert.ToHexStringLower(bits);
        lock (_gate)
        {
            _tokens.Add(token, new Issued(plugin.Id, plugin.Session.Epoch, time.GetTimestamp()));
        }
        return new Gesture(this, token);
    }

    internal GestureState Check(PluginPrincipal plugin, string token)
    {
        if (limits.Off.GestureTokens) return GestureState.Live;
        lock (_gate)
        {
            if (!_tokens.TryGetValue(token, out var issued)) return GestureState.Forged;
            if (issued.Plugin != plugin.Id) return GestureState.Foreign;
            var live = !issued.HasEnded && issued.Epoch == plugin.Session.Epoch && time.GetElapsedTime(issued.At) <= limits.GestureLifetime;
            return live ? GestureState.Live : GestureState.Ended;
        }
    }

    internal void End(string token)
    {
        lock (_gate)
        {
            if (!_tokens.TryGetValue(token, out var issued) || issued.HasEnded) return;
            _tokens[token] = issued with { HasEnded = true };
            if (!_ended.TryGetValue(issued.Plugin, out var ended)) _ended.Add(issued.Plugin, ended = new());
            ended.Enqueue(token);
            if (ended.Count > limits.EndedGestures) _tokens.Remove(ended.Dequeue());
        }
    }

    private readonly record struct Issued(PluginId Plugin, long Epoch, long At, bool HasEnded = false);
}

/// <summary>A gesture going on; disposing ends it.</summary>
public sealed class Gesture : IDisposable
{
    private readonly GestureRegistry _registry;

    internal Gesture(GestureRegistry registry, string token) => (_registry, Token) = (registry, token);

    /// <summary>32 hexadecimal digits, for the envelope of the message that the user started.</summary>
    public string Token { get; }

    /// <inheritdoc/>
    public void Dispose() => _registry.End(Token);
}
