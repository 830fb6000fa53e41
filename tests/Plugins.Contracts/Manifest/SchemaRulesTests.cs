using System.Text;
using System.Text.Json;
using LazyOC.Plugins.Contracts.Manifest;
using LazyOC.Plugins.Contracts.Views;

namespace LazyOC.Plugins.Contracts.Tests.Manifest;

public sealed class SchemaRulesTests
{
    private const string Settings = """
        "configuration": {
          "type": "object", "required": ["url", "token"],
          "properties": {
            "url": { "type": "string", "format": "uri", "title": "Server", "description": "Where Prometheus\nanswers" },
            "token": { "type": "string", "format": "secret", "minLength": 8 },
            "step": { "type": "integer", "minimum": 1, "default": 15 },
            "mode": { "enum": ["fast", "exact"], "default": "fast" },
            "verify": { "type": "boolean", "default": true },
            "labels": { "type": "object", "additionalProperties": { "type": "string" } }
          }
        }
        """;

    private static Outcome<PluginManifest> Read(string more) => ManifestReader.Read(Encoding.UTF8.GetBytes(
        $$"""{"manifestVersion":1,"id":"acme.demo","version":"1.0.0","displayName":"Demo","engines":{"lazyoc":"^1.0"},"main":"main.js",{{more}}}"""));

    private static PluginManifest Sound(string more)
    {
        Assert.True(Read(more).TryGet(out var manifest, out var problems), Problem.Join(problems));
        return manifest;
    }

    private static Setting Named(string name) => Sound(Settings).Settings.Single(s => s.Name == name);

    private static JsonElement Json(string json) => JsonDocument.Parse(json).RootElement.Clone();

    [Fact]
    public void Settings_OfAConfiguration_AreItsPropertiesInOrder()
    {
        var settings = Sound(Settings).Settings;

        Assert.Equal(["url", "token", "step", "mode", "verify", "labels"], settings.Select(s => s.Name));
        Assert.Equal(["token"], settings.Where(s => s.IsSecret).Select(s => s.Name));
        Assert.Equal(["url", "token"], settings.Where(s => s.IsRequired).Select(s => s.Name));
        Assert.Equal("Where Prometheus answers", settings[0].Description);
        Assert.Empty(Sound("\"keywords\":[]").Settings);
    }

    [Theory]
    [InlineData("step", "30", "30", null)]
    [InlineData("step", "soon", null, "`step` is `soon`; expected a whole number")]
    [InlineData("step", "0", null, "`step` is `0`; expected 1 or more")]
    [InlineData("url", "https://a.example", "\"https://a.example\"", null)]
    [InlineData("url", "nowhere", null, "`url` is `nowhere`; expected a URI")]
    [InlineData("verify", "false", "false", null)]
    [InlineData("labels", """{"a":"b"}""", """{"a":"b"}""", null)]
    [InlineData("labels", """{"a":1}""", null, "`labels.a` is `1`; expected a string")]
    [InlineData("labels", "{", null, "`labels` is not JSON\nhint: write it as JSON: object")]
    [InlineData("token", "hunter2", null, "`token` has 7 characters; expected 8 or more")]
    public void Parse_OfWhatAPersonTyped_IsTheValueOrTheProblem(string name, string text, string? json, string? problem)
    {
        var outcome = Named(name).Parse(text);

        if (outcome.TryGet(out var value, out var problems)) Assert.Equal(json, value.GetRawText());
        else Assert.StartsWith(problem!, problems[0].ToString(), StringComparison.Ordinal);
        Assert.Equal(json is not null, problems.IsDefaultOrEmpty);
    }

    [Fact]
    public void ToField_OfEverySetting_IsAFieldThatTheRulesTake()
    {
        var fields = Sound(Settings).Settings.Select(s => s.ToField(s.Default, isSet: false)).ToArray();

        Assert.Equal([FieldKind.Text, FieldKind.Secret, FieldKind.Number, FieldKind.Select, FieldKind.Toggle, FieldKind.Text], fields.Select(f => f.Kind));
        Assert.Null(FormRules.CheckFields([.. fields], "fields"));
        Assert.False(Named("token").ToField(null, isSet: true).Required);
        Assert.Equal("""{"a":"b"}""", Named("labels").ToField(Json("""{"a":"b"}"""), isSet: true).Value?.GetString());
        Assert.True(Named("labels").FromField(Json("\"{}\""))!.TryGet(out var value, out _));
        Assert.Equal(JsonValueKind.Object, value.ValueKind);
        Assert.Null(Named("labels").FromField(null));
    }

    [Theory]
    [InlineData("""{"type":"object","properties":{"url":{"typ":"string"}}}""", "`configuration.properties.url.typ` is not a keyword that is known here\nhint: did you mean `type`?")]
    [InlineData("""{"properties":{}}""", "`configuration.type` is not `object`")]
    [InlineData("""{"type":"object","allOf":[true]}""", "`configuration` has more than settings")]
    [InlineData("""{"type":"object","additionalProperties":true}""", "`configuration.additionalProperties` permits settings that are not declared")]
    [InlineData("""{"type":"object","required":["ulr"],"properties":{"url":true}}""", "`configuration.required` has `ulr`, which is no setting\nhint: did you mean `url`?")]
    [InlineData("""{"type":"object","properties":{"../x":true}}""", "`configuration.properties.../x` is no name of a setting")]
    [InlineData("""{"type":"object","properties":{"t":{"format":"secret"}}}""", "`configuration.properties.t.type` is not `string`")]
    [InlineData("""{"type":"object","properties":{"t":{"type":"string","format":"secret","default":"x"}}}""", "`configuration.properties.t.default` is there, but a secret has none")]
    [InlineData("""{"type":"object","properties":{"t":{"type":"array","items":{"type":"string","format":"secret"}}}}""", "`configuration` has a `secret` within a setting")]
    public void Read_BadConfiguration_IsRefused(string configuration, string problem)
    {
        Assert.False(Read($"\"configuration\":{configuration}").TryGet(out _, out var problems));
        Assert.StartsWith(problem, problems[0].ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{ "fromSetting": "ur" }""", "`permissions.network.connect[0].fromSetting` names the setting `ur`, which is not declared\nhint: did you mean `url`?")]
    [InlineData("""{ "fromSetting": "token" }""", "`permissions.network.connect[0].fromSetting` names the setting `token`, which is secret")]
    [InlineData("""{ "fromSetting": "url", "credentials": "secret:url" }""", "`permissions.network.connect[0].credentials` names the setting `url`, which is not secret")]
    public void Read_PermissionOfAnUnknownSetting_IsRefused(string rule, string problem)
    {
        Assert.False(Read($$"""{{Settings}}, "permissions": { "network": { "connect": [{{rule}}] } }""").TryGet(out _, out var problems));
        Assert.StartsWith(problem, problems[0].ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Read_PermissionsOfSettings_AreSound() =>
        Sound($$"""{{Settings}}, "permissions": { "network": { "connect": [{ "fromSetting": "url", "credentials": "secret:token" }] } }""");

    [Theory]
    [InlineData("""{"a b":{"input":true,"output":true}}""", "`exports.services.a b` is no name of a service")]
    [InlineData("""{"a":{"input":{"type":"strin"},"output":true}}""", "`exports.services.a.input.type` is `strin`")]
    [InlineData("""{"a":{"input":true,"output":{"format":"secret"}}}""", "`exports.services.a.output` has the format `secret`")]
    [InlineData("""{"a":{"input":true}}""", "`exports.services.a.output` is missing")]
    public void Read_BadService_IsRefused(string services, string problem)
    {
        Assert.False(Read($$"""
            "exports":{"services":{{services}}}
            """).TryGet(out _, out var problems));
        Assert.StartsWith(problem, problems[0].ToString(), StringComparison.Ordinal);
    }
}
