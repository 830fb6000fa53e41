using LazyOC.Plugins.Contracts;

namespace LazyOC.Marketplace.Data;

internal static class StoredOutcome
{
    /// <summary>What was checked before it was stored.</summary>
    /// <exception cref="InvalidDataException">The records are damaged.</exception>
    public static T OrThrow<T>(this Outcome<T> outcome) => outcome.TryGet(out var value, out var problems) ? value : throw new InvalidDataException($"a stored record cannot be read: {Problem.Join(problems)}");
}
