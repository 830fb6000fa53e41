using System.Globalization;
using System.Text.Json;
using LazyOC.Plugins.Contracts.Calls;
using LazyOC.Plugins.Runtime;
using LazyOC.Plugins.Runtime.State;
using LazyOC.Plugins.Sandbox.Broker;

namespace LazyOC.Fuzz.Plugins.Simulation;

/// <summary>Compares an epoch's file with what those know who stored in it.</summary>
internal static class StoreCheck
{
    /// <summary>What is wrong with the file.</summary>
    /// <param name="path">The epoch's file.</param>
    /// <param name="number">The value that its version has everywhere.</param>
    /// <param name="disk">What has to be there, and what may be.</param>
    public static IEnumerable<string> Of(string path, int number, SimulatedDisk disk)
    {
        using var store = new StoreFile(path, 1 << 20, new RuntimeLimits());
        if (store.List("", null, 1_000, values: true) is not CallOutcome<StorageListAnswer>.Done { Answer.Items: var items })
        {
            yield return "it cannot be read";
            yield break;
        }
        var found = items.Select(item => long.Parse(item.Key, CultureInfo.InvariantCulture)).ToHashSet();
        var certain = disk.Certain.ToHashSet();
        if (!certain.IsSubsetOf(found)) yield return $"{string.Join(' ', certain.Except(found))} are lost";
        if (!found.IsSubsetOf(certain.Union(disk.Storing))) yield return $"{string.Join(' ', found.Except(certain).Except(disk.Storing))} were never stored";
        if (items.Any(item => item.Value!.Value.ValueKind != JsonValueKind.Number || item.Value.Value.GetInt32() != number)) yield return $"it is mixed: {string.Join(' ', items.Select(item => $"{item.Key}={item.Value}"))}";
        if (store.Change([new StoreChange("9999", "0"u8.ToArray(), null)]) is CallOutcome<long>.Failed { Error: var error }) yield return $"nothing can be stored: {error.Message}";
    }
}
