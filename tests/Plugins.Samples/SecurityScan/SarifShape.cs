using System.Text.Json;

namespace LazyOC.Plugins.Samples.Tests.SecurityScan;

/// <summary>The part of the SARIF 2.1.0 schema that a log like ours uses: what it requires, and what it permits.</summary>
internal static class SarifShape
{
    private static readonly string[] Levels = ["none", "note", "warning", "error"];

    /// <summary>Fails where a log is not SARIF; gives its results.</summary>
    public static List<JsonElement> Check(JsonElement log)
    {
        Only(log, "$schema", "version", "runs");
        Assert.Equal("2.1.0", log.GetProperty("version").GetString());
        Assert.StartsWith("https://", log.GetProperty("$schema").GetString(), StringComparison.Ordinal);
        var run = Assert.Single(log.GetProperty("runs").EnumerateArray());
        Only(run, "tool", "invocations", "results", "columnKind");
        Assert.Contains(run.GetProperty("columnKind").GetString(), new[] { "utf16CodeUnits", "unicodeCodePoints" });
        Only(run.GetProperty("tool"), "driver");
        var driver = run.GetProperty("tool").GetProperty("driver");
        Only(driver, "name", "semanticVersion", "rules");
        Text(driver.GetProperty("name"));
        var rules = driver.GetProperty("rules").EnumerateArray().ToList();
        Assert.Equal(rules.Count, rules.Select(rule => rule.GetProperty("id").GetString()).Distinct().Count());
        foreach (var rule in rules)
        {
            Only(rule, "id", "name", "shortDescription", "fullDescription", "help", "defaultConfiguration", "properties");
            foreach (var message in new[] { "shortDescription", "fullDescription", "help" }) Message(rule.GetProperty(message));
            Assert.Contains(rule.GetProperty("defaultConfiguration").GetProperty("level").GetString(), Levels);
            Assert.Equal(JsonValueKind.Array, rule.GetProperty("properties").GetProperty("tags").ValueKind);
        }
        foreach (var invocation in run.GetProperty("invocations").EnumerateArray())
        {
            Only(invocation, "executionSuccessful", "endTimeUtc", "toolExecutionNotifications");
            invocation.GetProperty("executionSuccessful").GetBoolean();
            Assert.True(invocation.GetProperty("endTimeUtc").TryGetDateTimeOffset(out _));
            foreach (var notification in invocation.GetProperty("toolExecutionNotifications").EnumerateArray()) Message(notification.GetProperty("message"));
        }
        var results = run.GetProperty("results").EnumerateArray().ToList();
        foreach (var result in results) CheckResult(result, rules);
        Assert.Equal(results.Count, results.Select(result => result.GetProperty("partialFingerprints").GetProperty("lazyoc/v1").GetString()).Distinct().Count());
        return results;
    }

    private static void CheckResult(JsonElement result, List<JsonElement> rules)
    {
        Only(result, "ruleId", "ruleIndex", "level", "message", "locations", "partialFingerprints", "suppressions");
        Message(result.GetProperty("message"));
        Assert.Contains(result.GetProperty("level").GetString(), Levels);
        Assert.Equal(result.GetProperty("ruleId").GetString(), rules[result.GetProperty("ruleIndex").GetInt32()].GetProperty("id").GetString());
        var location = Assert.Single(result.GetProperty("locations").EnumerateArray());
        Only(location, "physicalLocation", "logicalLocations");
        Assert.True(Uri.TryCreate(location.GetProperty("physicalLocation").GetProperty("artifactLocation").GetProperty("uri").GetString(), UriKind.Relative, out _));
        foreach (var logical in location.GetProperty("logicalLocations").EnumerateArray()) Only(logical, "fullyQualifiedName", "kind");
        foreach (var suppression in result.GetProperty("suppressions").EnumerateArray())
        {
            Only(suppression, "kind", "status", "justification");
            Assert.Contains(suppression.GetProperty("kind").GetString(), new[] { "inSource", "external" });
            Assert.Contains(suppression.GetProperty("status").GetString(), new[] { "accepted", "underReview", "rejected" });
        }
    }

    private static void Message(JsonElement message) => Text(message.GetProperty("text"));

    private static void Text(JsonElement text) => Assert.True(text.GetString()!.Length > 0);

    /// <summary>The schema closes every object: what it does not name must not be there.</summary>
    private static void Only(JsonElement element, params string[] names) => Assert.Empty(element.EnumerateObject().Select(member => member.Name).Except(names));
}
