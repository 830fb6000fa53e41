using System.Collections.Immutable;
using System.Text.Json;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Sandbox.Broker;

namespace LazyOC.Plugins.Runtime.State;

/// <summary>What a plugin has stored, for whoever wants it outside of LazyOC, or brings it in.</summary>
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

    /// <summary>Writes keys with their values, all of them or none.</summary>
    /// <param name="file">The epoch's file; it is made if it is not there.</param>
    /// <param name="items">What is stored; a key that is there already has another value then.</param>
    /// <param name="quotaBytes">How large the file may become.</param>
    /// <returns>How many keys were written; refused when they are too much, or the file is damaged or in use.</returns>
    public static Outcome<int> Import(string file, ImmutableDictionary<string, JsonElement> items, long quotaBytes)
    {
        using var store = new StoreFile(file, quotaBytes, new RuntimeLimits());
        return store.Change([.. items.Select(item => new StoreChange(item.Key, JsonSerializer.SerializeToUtf8Bytes(item.Value, ContractJson.Default.JsonElement), null))]) is CallOutcome<long>.Failed { Error: var error }
            ? new Problem(file, $"is refused: {error.Message}")
            : items.Count;
    }
}
