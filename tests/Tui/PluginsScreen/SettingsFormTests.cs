using System.Text;
using System.Text.Json;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Contracts.Manifest;
using LazyOC.Plugins.Contracts.Views;
using LazyOC.Plugins.Runtime.Settings;
using LazyOC.Tui.PluginsScreen;

namespace LazyOC.Tui.Tests.PluginsScreen;

public sealed class SettingsFormTests
{
    internal static readonly PluginManifest Manifest = Read("""
        { "manifestVersion": 1, "id": "acme.test", "version": "1.0.0", "displayName": "Test", "engines": { "lazyoc": "^1.0" }, "main": "main.js",
          "configuration": { "type": "object", "required": ["token"], "properties": {
            "url": { "type": "string", "format": "uri" },
            "token": { "type": "string", "format": "secret" },
            "step": { "type": "integer", "minimum": 1, "default": 15 },
            "mode": { "enum": ["fast", "exact"] },
            "verify": { "type": "boolean" },
            "strict": { "type": "boolean", "default": true },
            "labels": { "type": "object", "additionalProperties": { "type": "string" } }
          } } }
        """);

    private static PluginManifest Read(string json)
    {
        Assert.True(ManifestReader.Read(Encoding.UTF8.GetBytes(json)).TryGet(out var manifest, out var problems), Problem.Join(problems));
        return manifest;
    }

    private static JsonElement Json(string json) => JsonDocument.Parse(json).RootElement.Clone();

    internal static SettingValues Values(string values, params string[] alsoSet)
    {
        var set = Json(values).EnumerateObject().ToArray();
        var defaults = SettingValues.DefaultsOf(Manifest);
        return defaults with
        {
            Values = defaults.Values.SetItems(set.Select(m => KeyValuePair.Create(m.Name, m.Value))),
            Set = defaults.Set.Union(set.Select(m => m.Name)).Union(alsoSet),
        };
    }

    private static SettingsForm Form(SettingValues values) => new(Manifest.Settings, values);

    private static string Changes(SettingsForm form, string filled) => form.Changes(Json(filled)).TryGet(out var changes, out var problems)
        ? string.Join(' ', changes.OrderBy(c => c.Key, StringComparer.Ordinal).Select(c => $"{c.Key}={(c.Value is { } value ? value.GetRawText() : "unset")}"))
        : string.Join("; ", problems);

    [Fact]
    public void Fields_OfASchema_AreWhatItsTypesAskForAndShowNoSecret()
    {
        var form = Form(Values("""{"url":"https://a.example","labels":{"a":"b"}}""", "token"));

        Assert.Equal(
            [FieldKind.Text, FieldKind.Secret, FieldKind.Number, FieldKind.Select, FieldKind.Toggle, FieldKind.Toggle, FieldKind.Text],
            form.Fields.Select(f => f.Kind));
        Assert.Equal(["https://a.example", null, "15", null, null, "True", """{"a":"b"}"""], form.Fields.Select(f => f.Value?.ToString()));
        Assert.False(form.Fields[1].Required);
    }

    [Theory]
    [InlineData("""{"step":15,"strict":true,"verify":false}""", "")]
    [InlineData("""{"url":"https://a.example","token":"hunter2","step":30,"mode":"exact","verify":true,"strict":false,"labels":"{\"a\":\"b\"}"}""",
        """labels={"a":"b"} mode="exact" step=30 strict=false token="hunter2" url="https://a.example" verify=true""")]
    [InlineData("""{"url":"nowhere","step":15,"strict":true}""", "`url` is `nowhere`; expected a URI such as `https://example.com`")]
    [InlineData("""{"labels":"{","step":15,"strict":true}""", "`labels` is not JSON\nhint: write it as JSON: object")]
    public void Changes_OfWhatWasFilledIn_AreOnlyWhatIsDifferent(string filled, string changes) => Assert.Equal(changes, Changes(Form(Values("{}")), filled));

    [Fact]
    public void Changes_LeftEmpty_UnsetsButKeepsSecrets() =>
        Assert.Equal("url=unset", Changes(Form(Values("""{"url":"https://a.example"}""", "token")), """{"step":15,"strict":true}"""));

    [Fact]
    public void With_WhatWasRefused_KeepsItButForSecrets()
    {
        var form = Form(Values("{}")).With(Json("""{"url":"nowhere","token":"hunter2"}"""));

        Assert.Equal("nowhere", form.Fields[0].Value?.GetString());
        Assert.Null(form.Fields[1].Value);
    }
}
