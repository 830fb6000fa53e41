using System.Collections.Immutable;
using System.Text.Json;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Contracts.Manifest;
using LazyOC.Plugins.Contracts.Views;
using LazyOC.Plugins.Runtime.Settings;
using LazyOC.Tui.Overlays;

namespace LazyOC.Tui.PluginsScreen;

/// <summary>The form that asks for a plugin's settings. Immutable.</summary>
/// <remarks>What was typed stays when it is not accepted, but for secrets, which are never shown nor kept.</remarks>
internal sealed record SettingsForm
{
    private readonly ImmutableArray<Setting> _settings;
    private readonly SettingValues _before;

    /// <param name="settings">What the plugin's manifest declares.</param>
    /// <param name="before">What is set now.</param>
    public SettingsForm(ImmutableArray<Setting> settings, SettingValues before)
    {
        (_settings, _before) = (settings, before);
        Fields = [.. settings.Select(s => s.ToField(before.Values.TryGetValue(s.Name, out var value) ? value : null, before.Set.Contains(s.Name)))];
    }

    /// <summary>A field a setting, with what it holds.</summary>
    public ImmutableArray<FormField> Fields { get; private init; }

    /// <summary>Asks for them.</summary>
    public Prompt Prompt(string title) => new(title, Fields, "Save")
    {
        Note = string.Join(" · ", _before.Problems.Select(problem => (problem with { Hint = null }).ToString())),
    };

    /// <summary>The form with what was filled in.</summary>
    public SettingsForm With(JsonElement filled) => this with
    {
        Fields = [.. Fields.Select(field => field.Kind == FieldKind.Secret ? field : field with { Value = Filled(filled, field.Name) })],
    };

    /// <summary>What is to be set, and with null unset; empty when nothing is different. A secret that was left empty stays.</summary>
    public Outcome<ImmutableDictionary<string, JsonElement?>> Changes(JsonElement filled)
    {
        var changes = ImmutableDictionary.CreateBuilder<string, JsonElement?>(StringComparer.Ordinal);
        var problems = ImmutableArray.CreateBuilder<Problem>();
        foreach (var setting in _settings)
        {
            var isSet = _before.Set.Contains(setting.Name);
            switch (setting.FromField(Filled(filled, setting.Name)))
            {
                case null when isSet && !setting.IsSecret:
                    changes[setting.Name] = null;
                    break;
                case null:
                    break;
                case Outcome<JsonElement>.Refused refused:
                    problems.AddRange(refused.Problems);
                    break;
                case Outcome<JsonElement>.Success { Value: var value } when !_before.Values.TryGetValue(setting.Name, out var old) || !JsonElement.DeepEquals(old, value):
                    // Off is what a switch shows that nobody has set.
                    if (isSet || value.ValueKind != JsonValueKind.False || setting.Default is not null)
                        changes[setting.Name] = value;
                    break;
            }
        }
        return problems.Count > 0 ? problems.DrainToImmutable() : changes.ToImmutable();
    }

    private static JsonElement? Filled(JsonElement filled, string name) =>
        filled.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;
}
