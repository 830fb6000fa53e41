using System.Collections.Immutable;
using System.Text.Json;
using LazyOC.Plugins.Contracts.Views;

namespace LazyOC.Plugins.Contracts.Tests.Views;

public sealed class FormRulesTests
{
    private static ImmutableArray<FormField> Fields(string json) => JsonSerializer.Deserialize("""{"type":"form","submit":"S","fields":[FIELDS]}""".Replace("FIELDS", json, StringComparison.Ordinal), ContractJson.Default.ViewNode) is ViewNode.Form form
        ? form.Fields
        : throw new InvalidOperationException();

    [Theory]
    [InlineData("""{"name":"a","label":"A","kind":"text"},{"name":"a","label":"B","kind":"text"}""", "`fields[1].name` is `a`, which another field has")]
    [InlineData("""{"name":"","label":"A","kind":"text"}""", "`fields[0].name` is empty")]
    [InlineData("""{"name":"a","label":"A\u001b[2J","kind":"text"}""", "`fields[0].label` has control characters")]
    [InlineData("""{"name":"a","label":"A","kind":"select"}""", "`fields[0].options` is missing")]
    [InlineData("""{"name":"a","label":"A","kind":"text","options":[{"value":"x","label":"X"}]}""", "`fields[0].options` is there, but the field is no `select`")]
    [InlineData("""{"name":"a","label":"A","kind":"select","options":[{"value":"x","label":"X"},{"value":"x","label":"Y"}]}""", "`fields[0].options[1].value` is `x`, which another option has")]
    [InlineData("""{"name":"a","label":"A","kind":"number","min":2,"max":1}""", "`fields[0].min` is 2, above `max`, which is 1")]
    [InlineData("""{"name":"a","label":"A","kind":"toggle","max":1}""", "`fields[0].max` is there, but the field has neither a number nor text")]
    [InlineData("""{"name":"a","label":"A","kind":"number","pattern":"x"}""", "`fields[0].pattern` is there, but the field is neither `text` nor `secret`")]
    [InlineData("""{"name":"a","label":"A","kind":"text","pattern":"("}""", "`fields[0].pattern` is not a regular expression that is taken here")]
    [InlineData("""{"name":"a","label":"A","kind":"text","pattern":"a)|(b"}""", "`fields[0].pattern` is not a regular expression that is taken here")]
    [InlineData("""{"name":"a","label":"A","kind":"text","pattern":"(?=a)a"}""", "`fields[0].pattern` is not a regular expression that is taken here")]
    [InlineData("""{"name":"a","label":"A","kind":"text","pattern":"(a)\\1"}""", "`fields[0].pattern` is not a regular expression that is taken here")]
    [InlineData("""{"name":"a","label":"A","kind":"text","pattern":"((a{0,999}){0,999}){0,999}"}""", "`fields[0].pattern` is not a regular expression that is taken here")]
    [InlineData("""{"name":"a","label":"A","kind":"number","min":3,"value":2}""", "`fields[0].value` must be 3 or more")]
    [InlineData("""{"name":"a","label":"A","kind":"secret","value":"hunter2"}""", "`fields[0].value` is there, but a secret has none at first")]
    public void CheckFields_BadField_SaysWhere(string fields, string problem) =>
        Assert.StartsWith(problem, FormRules.CheckFields(Fields(fields), "fields")?.ToString() ?? "accepted", StringComparison.Ordinal);

    [Fact]
    public void CheckFields_MoreThanTheLimits_IsRefused()
    {
        var field = new FormField { Name = "a", Label = "A", Kind = FieldKind.Text };
        Assert.Null(FormRules.CheckFields([.. Enumerable.Range(0, 50).Select(i => field with { Name = $"f{i}" })], ""));
        Assert.NotNull(FormRules.CheckFields([.. Enumerable.Range(0, 51).Select(i => field with { Name = $"f{i}" })], ""));
        Assert.Contains("201 characters; at most 200", FormRules.CheckFields([field with { Pattern = new string('a', 201) }], "")!.Message, StringComparison.Ordinal);
        Assert.Contains("1001 characters; at most 1000", FormRules.CheckFields([field with { Help = new string('a', 1_001) }], "")!.Message, StringComparison.Ordinal);
    }

    private const string All = """
        {"name":"text","label":"T","kind":"text","required":true,"min":2,"max":4,"pattern":"[a-z]+|9+"},
        {"name":"number","label":"N","kind":"number","min":1,"max":5.5},
        {"name":"select","label":"S","kind":"select","options":[{"value":"x","label":"X"}]},
        {"name":"toggle","label":"T","kind":"toggle","required":true},
        {"name":"secret","label":"S","kind":"secret","max":3}
        """;

    [Theory]
    [InlineData("""{"text":"abc"}""", null)]
    [InlineData("""{"text":"99","number":5.5,"select":"x","toggle":false,"secret":"abc"}""", null)]
    [InlineData("""{"text":"abc","number":null}""", null)]
    [InlineData("""{}""", "`text` must be filled in")]
    [InlineData(null, "`text` must be filled in")]
    [InlineData("""{"text":""}""", "`text` must be filled in")]
    [InlineData("""{"text":"a"}""", "`text` must have 2 characters or more")]
    [InlineData("""{"text":"abcde"}""", "`text` must have 4 characters or fewer")]
    [InlineData("""{"text":"aa99"}""", "`text` must match `[a-z]+|9+`")]
    [InlineData("""{"text":1}""", "`text` must be text")]
    [InlineData("""{"text":"abc","number":"1"}""", "`number` must be a number")]
    [InlineData("""{"text":"abc","number":0.5}""", "`number` must be 1 or more")]
    [InlineData("""{"text":"abc","number":1e999}""", "`number` is too large a number")]
    [InlineData("""{"text":"abc","select":"y"}""", "`select` must be one of the options")]
    [InlineData("""{"text":"abc","toggle":"true"}""", "`toggle` must be true or false")]
    [InlineData("""{"text":"abc","secret":"long"}""", "`secret` must have 3 characters or fewer")]
    [InlineData("""{"text":"abc","other":1}""", "the values have a name that is no field")]
    [InlineData("""[]""", "the values are not an object from field name to value")]
    public void CheckValues_HoldsEachToItsField(string? values, string? problem) =>
        Assert.Equal(problem, FormRules.CheckValues(Fields(All), values is null ? null : JsonDocument.Parse(values).RootElement).FirstOrDefault()?.ToString());

    [Fact]
    public void CheckValues_OfASecret_IsNeverRepeated()
    {
        var fields = Fields("""{"name":"s","label":"S","kind":"secret","pattern":"[0-9]+"}""");

        var problem = Assert.Single(FormRules.CheckValues(fields, JsonDocument.Parse("""{"s":"hunter2"}""").RootElement));

        Assert.DoesNotContain("hunter2", problem.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void CheckValues_PatternThatBacktrackersChokeOn_IsDecided() => Assert.Equal(
        "must match `(x+x+)+y`",
        FormRules.CheckValue(new FormField { Name = "a", Label = "A", Kind = FieldKind.Text, Pattern = "(x+x+)+y" }, JsonDocument.Parse($"\"{new string('x', 9_999)}\"").RootElement));
}
