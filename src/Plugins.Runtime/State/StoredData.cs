using System.Text.Json;
using LazyOC.Plugins.Contracts;

namespace LazyOC.Plugins.Runtime.State;

/// <summary>What a plugin has stored, for whoever wants it outside of LazyOC.</summary>
public static class StoredData
{
    /// <summary>Writes every key with its value, as one JSON object in the order of the keys, as they are in one moment.</summary>
    /// <param name="file">The epoch's file; an empty object when it is not there.</param>
    /// <param name="writer">Receives the object.</param>
    /// <returns>How many keys there are; refused when the file is damaged or in use.</returns>
    public static Outcome<int> Export(string file, Utf8JsonWriter writer)
    {
        using var store = new StoreFile(file, long.MaxValue, new RuntimeLimits());
        writer.WriteStartObject();
        var (count, error) = store.Export(writer);
        if (error is not null) return new Problem(file, $"is refused: {error.Message}");
        writer.WriteEndObject();
        return count;
    }
}
