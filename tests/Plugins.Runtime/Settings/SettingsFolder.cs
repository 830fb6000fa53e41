using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Contracts.Manifest;
using LazyOC.Plugins.Runtime.Settings;
using LazyOC.Plugins.Sandbox;
using LazyOC.Plugins.Sandbox.Secrets;

namespace LazyOC.Plugins.Runtime.Tests.Settings;

/// <summary>Settings and secrets in a directory of their own.</summary>
internal sealed class SettingsFolder : IDisposable
{
    public const string Configuration = """
        "configuration": { "type": "object", "required": ["token"], "properties": {
          "url": { "type": "string", "format": "uri" },
          "step": { "type": "integer", "minimum": 1, "default": 15 },
          "token": { "type": "string", "format": "secret" }
        } },
        """;

    public string Home { get; } = Directory.CreateTempSubdirectory("lazyoc-settings-").FullName;

    public List<string> Warnings { get; } = [];

    /// <summary>The settings as one process has them.</summary>
    public PluginSettings Open() => new(
        Path.Combine(Home, "settings"), new SecretStore(Path.Combine(Home, "secrets"), new SandboxLimits(), RandomNumberGenerator.Fill, Warnings.Add), new RuntimeLimits());

    public static PluginManifest Manifest(string id = "acme.test", string configuration = Configuration)
    {
        var json = $$"""{ "manifestVersion": 1, "id": "{{id}}", "version": "1.0.0", "displayName": "Test", "engines": { "lazyoc": "^1.0" }, {{configuration}} "main": "main.js" }""";
        Assert.True(ManifestReader.Read(Encoding.UTF8.GetBytes(json)).TryGet(out var manifest, out var problems), Problem.Join(problems));
        return manifest;
    }

    public static JsonElement Json(string json) => JsonDocument.Parse(json).RootElement.Clone();

    public void Dispose() => Directory.Delete(Home, recursive: true);
}
