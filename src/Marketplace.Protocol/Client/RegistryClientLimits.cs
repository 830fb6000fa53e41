namespace LazyOC.Marketplace.Protocol.Client;

/// <summary>What a registry is waited for, and how much of it is read.</summary>
public sealed record RegistryClientLimits
{
    public static RegistryClientLimits Default { get; } = new();

    /// <summary>Until the connection is there.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>From the request to the head of the answer.</summary>
    public TimeSpan AnswerTimeout { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>Over which a body has to keep up <see cref="MinBytesPerSecond"/>.</summary>
    public TimeSpan RateWindow { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>A body that comes more slowly than this, over <see cref="RateWindow"/>, is given up.</summary>
    public int MinBytesPerSecond { get; init; } = 256;

    /// <summary>Redirects of one request.</summary>
    public int MaxRedirects { get; init; } = 5;

    /// <summary>How often a request is made that fails for a reason that may pass: no connection, 5xx, 429, a body that is cut off.</summary>
    public int Attempts { get; init; } = 3;

    /// <summary>Before the second attempt; it doubles with each.</summary>
    public TimeSpan Pause { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>A registry that asks for a longer pause is told of instead of waited for.</summary>
    public TimeSpan MaxPause { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Packages that are downloaded at a time.</summary>
    public int Downloads { get; init; } = 4;
}
