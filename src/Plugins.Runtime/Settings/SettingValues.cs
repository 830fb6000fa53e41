using System.Collections.Immutable;
using System.Text.Json;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Contracts.Manifest;

namespace LazyOC.Plugins.Runtime.Settings;

/// <summary>The settings of one plugin at one moment. Immutable.</summary>
public sealed record SettingValues
{
    private static readonly ImmutableSortedDictionary<string, JsonElement> None = ImmutableSortedDictionary.Create<string, JsonElement>(StringComparer.Ordinal);

    /// <summary>By name what the user has set, else the default; without secrets and without those that have neither.</summary>
    public required ImmutableSortedDictionary<string, JsonElement> Values { get; init; }

    /// <summary>Names of what the user has set, secrets included.</summary>
    public required ImmutableSortedSet<string> Set { get; init; }

    /// <summary>What is wrong: a file that cannot be read, a value that the schema refuses and that the default stands for, a setting that must be set and is not.</summary>
    public required ImmutableArray<Problem> Problems { get; init; }

    /// <summary>A value as text: a string as it is, anything else as JSON; null when there is none, and for a secret always.</summary>
    public string? TextOf(string name) =>
        !Values.TryGetValue(name, out var value) ? null : value.ValueKind == JsonValueKind.String ? value.GetString() : value.GetRawText();

    /// <summary>The settings while the user has set none.</summary>
    public static SettingValues DefaultsOf(PluginManifest manifest) => Of(manifest, None, [], null);

    /// <param name="manifest">Declares the settings.</param>
    /// <param name="stored">What the user has set, as it was found.</param>
    /// <param name="secrets">Names of the secrets that are set.</param>
    /// <param name="damage">What is wrong with the file; null for nothing.</param>
    internal static SettingValues Of(PluginManifest manifest, ImmutableSortedDictionary<string, JsonElement> stored, ImmutableArray<string> secrets, Problem? damage)
    {
        var values = None.ToBuilder();
        var set = ImmutableSortedSet.CreateBuilder<string>(StringComparer.Ordinal);
        var problems = ImmutableArray.CreateBuilder<Problem>();
        if (damage is not null) problems.Add(damage);
        foreach (var setting in manifest.Settings)
        {
            if (setting.IsSecret && secrets.Contains(setting.Name)) set.Add(setting.Name);
            else if (!setting.IsSecret && stored.TryGetValue(setting.Name, out var value) && Accept(setting, value, problems))
            {
                set.Add(setting.Name);
                values[setting.Name] = value;
            }
            else if (setting.Default is { } first) values[setting.Name] = first;
            else if (setting.IsRequired) problems.Add(new Problem(setting.Name, "is not set, and the plugin needs it", $"`lazyoc plugin settings {manifest.Id} set {setting.Name} {(setting.IsSecret ? "" : "VALUE")}".TrimEnd() + "` sets it"));
        }
        return new SettingValues { Values = values.ToImmutable(), Set = set.ToImmutable(), Problems = problems.DrainToImmutable() };
    }

    private static bool Accept(Setting setting, JsonElement value, ImmutableArray<Problem>.Builder problems)
    {
        if (setting.Check(value) is not [var problem, ..]) return true;
        problems.Add(problem with { Hint = setting.Default is null ? "it counts as unset" : "its default is used instead" });
        return false;
    }
}
