using System.Collections.Immutable;

namespace LazyOC.Plugins.Contracts;

/// <summary>
/// The JSON source generator sets init-only properties that the document leaves out to <c>default</c>, past their
/// initialisers; the records turn that into what absence means.
/// </summary>
internal static class ImmutableArrayDefaults
{
    public static ImmutableArray<T> OrEmpty<T>(this ImmutableArray<T> array) => array.IsDefault ? [] : array;
}
