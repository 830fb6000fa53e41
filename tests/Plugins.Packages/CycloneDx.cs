using System.Text.Json;
using System.Text.RegularExpressions;

namespace LazyOC.Plugins.Packages.Tests;

/// <summary>
/// What bom-1.6.schema.json asks of the parts that packing writes: which members there may be (it allows no others), which
/// must be there, and their form. Source: https://cyclonedx.org/schema/bom-1.6.schema.json.
/// </summary>
internal static partial class CycloneDx
{
    private static readonly string[] ComponentTypes =
        ["application", "framework", "library", "container", "platform", "operating-system", "device", "device-driver", "firmware", "file", "machine-learning-model", "data", "cryptographic-asset"];

    private static readonly Dictionary<string, int> HexDigitsOfHashes = new(StringComparer.Ordinal) { ["MD5"] = 32, ["SHA-1"] = 40, ["SHA-256"] = 64, ["SHA-384"] = 96, ["SHA-512"] = 128, ["SHA3-256"] = 64, ["SHA3-384"] = 96, ["SHA3-512"] = 128 };

    public static void Check(JsonElement document)
    {
        Members(document, ["$schema", "bomFormat", "specVersion", "serialNumber", "version", "metadata", "components", "dependencies"], required: ["bomFormat", "specVersion"]);
        Assert.Equal("CycloneDX", document.GetProperty("bomFormat").GetString());
        Assert.Equal("1.6", document.GetProperty("specVersion").GetString());
        Assert.Equal("http://cyclonedx.org/schema/bom-1.6.schema.json", document.GetProperty("$schema").GetString());
        Assert.Matches(SerialNumber(), document.GetProperty("serialNumber").GetString());
        Assert.True(document.GetProperty("version").GetInt32() >= 1);
        Members(document.GetProperty("metadata"), ["component"], required: []);
        var references = new List<string> { Component(document.GetProperty("metadata").GetProperty("component")) };
        references.AddRange(document.GetProperty("components").EnumerateArray().Select(Component));
        Assert.Equal(references.Distinct(), references);
        var dependencies = document.GetProperty("dependencies").EnumerateArray().ToArray();
        Assert.Equal(references.Order(), dependencies.Select(dependency => dependency.GetProperty("ref").GetString()!).Order());
        foreach (var dependency in dependencies)
        {
            Members(dependency, ["ref", "dependsOn"], required: ["ref"]);
            var on = dependency.GetProperty("dependsOn").EnumerateArray().Select(item => item.GetString()!).ToArray();
            Assert.Equal(on.Distinct(), on);
            Assert.Empty(on.Except(references));
        }
    }

    private static string Component(JsonElement component)
    {
        Members(component, ["type", "bom-ref", "group", "name", "version", "description", "hashes", "licenses", "purl"], required: ["type", "name", "bom-ref"]);
        Assert.Contains(component.GetProperty("type").GetString(), ComponentTypes);
        Assert.NotEqual("", component.GetProperty("bom-ref").GetString());
        Assert.Matches(Purl(), component.GetProperty("purl").GetString());
        if (component.TryGetProperty("hashes", out var hashes))
        {
            foreach (var hash in hashes.EnumerateArray())
            {
                Members(hash, ["alg", "content"], required: ["alg", "content"]);
                Assert.Matches($"^[a-fA-F0-9]{{{HexDigitsOfHashes[hash.GetProperty("alg").GetString()!]}}}$", hash.GetProperty("content").GetString());
            }
        }
        if (component.TryGetProperty("licenses", out var licenses)) Licenses([.. licenses.EnumerateArray()]);
        return component.GetProperty("bom-ref").GetString()!;
    }

    /// <summary>Either licences, or one expression.</summary>
    private static void Licenses(JsonElement[] licenses)
    {
        if (licenses.Any(license => license.TryGetProperty("expression", out _))) Assert.Single(licenses);
        foreach (var choice in licenses)
        {
            Members(choice, ["license", "expression"], required: []);
            Assert.Single(choice.EnumerateObject());
            if (choice.TryGetProperty("license", out var named)) Members(named, ["name"], required: ["name"]);
        }
    }

    private static void Members(JsonElement element, string[] known, string[] required)
    {
        var names = element.EnumerateObject().Select(member => member.Name).ToArray();
        Assert.Empty(names.Except(known));
        Assert.Empty(required.Except(names));
        Assert.DoesNotContain(element.EnumerateObject(), member => member.Value.ValueKind == JsonValueKind.Null);
    }

    [GeneratedRegex("^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$", RegexOptions.NonBacktracking)]
    private static partial Regex SerialNumber();

    [GeneratedRegex("^pkg:(npm|generic)/([a-z0-9.%-]+/)?[A-Za-z0-9._~-]+(@[A-Za-z0-9.%_~-]+)?$", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Purl();
}
