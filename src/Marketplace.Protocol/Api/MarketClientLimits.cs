namespace LazyOC.Marketplace.Protocol.Api;

/// <summary>What a marketplace is waited for, and how much of it is read.</summary>
public sealed record MarketClientLimits
{
    public static MarketClientLimits Default { get; } = new();

    /// <summary>Until the connection is there.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>From a request to the end of its answer.</summary>
    public TimeSpan AnswerTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The same, when a package goes with it.</summary>
    public TimeSpan UploadTimeout { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Size of an answer.</summary>
    public int MaxAnswerBytes { get; init; } = 16 << 20;
}
