using System.Globalization;
using LazyOC.Marketplace.Protocol.Api;

namespace LazyOC.Marketplace.Web;

/// <summary>Numbers and names as people read them.</summary>
public static class Words
{
    /// <param name="count">How many.</param>
    /// <param name="what">One of them.</param>
    /// <param name="isLeast">Whether there are more.</param>
    public static string Count(long count, string what, bool isLeast) => isLeast ? string.Create(CultureInfo.InvariantCulture, $"{count:N0}+ {what}s") : Count(count, what);

    public static string Count(long count, string what) => count == 1 ? $"1 {what}" : string.Create(CultureInfo.InvariantCulture, $"{count:N0} {what}s");

    /// <summary>Begins with a capital letter.</summary>
    public static string Sentence(string text) => text.Length == 0 ? "" : char.ToUpperInvariant(text[0]) + text[1..];

    /// <summary>What a reach is called on its badge.</summary>
    public static string Reach(string reach) => reach switch
    {
        "events" => "own data",
        "reads" => "reads cluster",
        "local" => "this computer",
        "network" => "network",
        "writes" => "changes cluster",
        "secrets" => "Secrets",
        "fullTrust" => "full trust",
        _ => reach,
    };

    public static string Delivery(DeliveryState state) => state switch
    {
        DeliveryState.Delivered => "delivered",
        DeliveryState.Dead => "given up",
        _ => "waiting",
    };

    public static string Size(long bytes) => bytes switch
    {
        < 1 << 10 => string.Create(CultureInfo.InvariantCulture, $"{bytes} B"),
        < 1 << 20 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1024.0:0.#} KiB"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1048576.0:0.#} MiB"),
    };
}
