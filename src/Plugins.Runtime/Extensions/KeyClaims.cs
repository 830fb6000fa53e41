using System.Collections.Immutable;
using LazyOC.Plugins.Contracts.Manifest;

namespace LazyOC.Plugins.Runtime.Extensions;

/// <summary>Who would like which key.</summary>
internal static class KeyClaims
{
    /// <summary>The keys of what is there.</summary>
    /// <param name="plugins">In the order of their ids.</param>
    /// <param name="actions">The actions that are there.</param>
    /// <param name="commands">The commands that are there.</param>
    /// <param name="context">What <c>when</c> is decided on; null leaves every key in.</param>
    public static ImmutableArray<Contributed<KeyContribution>> Of(
        IEnumerable<PluginManifest> plugins, ImmutableArray<Contributed<ActionContribution>> actions, ImmutableArray<Contributed<CommandContribution>> commands, WhenContext? context)
    {
        var targets = actions.Select(a => a.Contribution.Id).Concat(commands.Select(c => c.Contribution.Id)).ToHashSet(StringComparer.Ordinal);
        return
        [
            .. from plugin in plugins
               from key in Declared(plugin.Contributes)
               where targets.Contains(Target(key)) && (context is null || key.IsIn(context))
               select new Contributed<KeyContribution>(plugin.Id, plugin.DisplayName, key),
        ];
    }

    /// <summary>Keys of one context with several claimants. Actions on different kinds do not meet.</summary>
    public static ImmutableArray<KeyConflict> Conflicts(ImmutableArray<Contributed<KeyContribution>> keys, ImmutableArray<Contributed<ActionContribution>> actions)
    {
        var kinds = actions.ToDictionary(a => a.Contribution.Id, a => a.Contribution.Resources, StringComparer.Ordinal);
        return
        [
            .. from claims in keys.GroupBy(k => (k.Contribution.Key, k.Contribution.Context))
               let claimants = claims.Where(claim => claims.Any(other => Meet(claim.Contribution, other.Contribution, kinds))).ToImmutableArray()
               where claimants.Length > 1
               select new KeyConflict(claims.Key.Key, claims.Key.Context, claimants),
        ];
    }

    /// <summary>The keys that a manifest asks for.</summary>
    public static IEnumerable<KeyContribution> Declared(Contributions contributes) =>
        contributes.Keys.Concat(
            from action in contributes.Actions
            where action.Key is not null
            from context in new[] { KeyContext.List, KeyContext.Details }
            select new KeyContribution { Key = action.Key!, Action = action.Id, Context = context });

    private static bool Meet(KeyContribution left, KeyContribution right, Dictionary<string, ImmutableArray<string>> kinds) =>
        Target(left) != Target(right) && (left.Action is null || right.Action is null || kinds[left.Action].Intersect(kinds[right.Action], StringComparer.Ordinal).Any());

    private static string Target(KeyContribution key) => key.Action ?? key.Command!;
}
