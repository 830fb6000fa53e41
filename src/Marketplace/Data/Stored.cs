namespace LazyOC.Marketplace.Data;

/// <summary>How values are written in the records: times as milliseconds since 1970, lists a line an entry, ids in the order of their making.</summary>
internal static class Stored
{
    public static long Now(this TimeProvider time) => time.GetUtcNow().ToUnixTimeMilliseconds();

    public static DateTimeOffset Time(long milliseconds) => DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);

    public static DateTimeOffset? Time(long? milliseconds) => milliseconds is { } ms ? Time(ms) : null;

    /// <summary>A new id; those that are made later come later in order.</summary>
    public static string NewId(this TimeProvider time) => Guid.CreateVersion7(time.GetUtcNow()).ToString("N");

    public static string Lines(IEnumerable<string> entries) => string.Join('\n', entries);

    public static string[] Lines(string text) => text.Length == 0 ? [] : text.Split('\n');

    public static string Name<T>(T value)
        where T : struct, Enum => value.ToString().ToLowerInvariant();

    public static T Named<T>(string name)
        where T : struct, Enum => Enum.Parse<T>(name, ignoreCase: true);
}
