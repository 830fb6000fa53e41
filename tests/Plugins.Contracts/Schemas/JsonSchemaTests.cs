using System.Text.Json;
using LazyOC.Plugins.Contracts.Schemas;

namespace LazyOC.Plugins.Contracts.Tests.Schemas;

/// <summary>Each keyword, by the essential cases of the specification: https://json-schema.org/draft/2020-12/json-schema-validation.</summary>
public sealed class JsonSchemaTests
{
    private static JsonSchema Schema(string json, SchemaLimits? limits = null)
    {
        using var document = JsonDocument.Parse(json);
        return JsonSchema.Read(document.RootElement, limits);
    }

    private static string[] Check(string schema, string value, SchemaLimits? limits = null, bool showValues = true)
    {
        var read = Schema(schema, limits);
        Assert.Empty(read.Problems);
        using var document = JsonDocument.Parse(value);
        return [.. read.Check(document.RootElement, showValues).Select(p => p.ToString())];
    }

    [Theory]
    [InlineData("true", """[1, "a", null]""", null)]
    [InlineData("""{}""", """[1]""", null)]
    [InlineData("""{"type":"integer"}""", """1""", """1.5""")]
    [InlineData("""{"type":"integer"}""", """1.0""", "\"1\"")]
    [InlineData("""{"type":"integer"}""", """12345678901234567890123""", """true""")]
    [InlineData("""{"type":"number"}""", """1e3""", "\"1\"")]
    [InlineData("""{"type":"string"}""", "\"\"", """0""")]
    [InlineData("""{"type":"boolean"}""", """false""", """0""")]
    [InlineData("""{"type":"null"}""", """null""", """false""")]
    [InlineData("""{"type":"object"}""", """{}""", """[]""")]
    [InlineData("""{"type":"array"}""", """[]""", """{}""")]
    [InlineData("""{"type":["string","null"]}""", """null""", """1""")]
    [InlineData("""{"enum":[1,{"a":[true]},null]}""", """{"a":[true]}""", """{"a":[false]}""")]
    [InlineData("""{"enum":[1]}""", """1.0""", """1.1""")]
    [InlineData("""{"enum":[[false]]}""", """[false]""", """[0]""")]
    [InlineData("""{"enum":["1"]}""", "\"1\"", """1""")]
    [InlineData("""{"const":{"a":1,"b":2}}""", """{"b":2,"a":1.0}""", """{"a":1}""")]
    [InlineData("""{"const":9007199254740993}""", """9007199254740993""", """9007199254740992""")]
    [InlineData("""{"properties":{"a":{"type":"string"}}}""", """{"a":"x","b":1}""", """{"a":1}""")]
    [InlineData("""{"properties":{"a":false}}""", """{"b":1}""", """{"a":1}""")]
    [InlineData("""{"properties":{"a":{"type":"string"}}}""", """["a"]""", """{"a":null}""")]
    [InlineData("""{"required":["a"]}""", """{"a":null}""", """{"A":1}""")]
    [InlineData("""{"required":["a"]}""", """12""", """{}""")]
    [InlineData("""{"properties":{"a":true},"additionalProperties":false}""", """{"a":1}""", """{"b":1}""")]
    [InlineData("""{"properties":{"a":true},"additionalProperties":{"type":"integer"}}""", """{"a":"x","b":1}""", """{"b":"x"}""")]
    [InlineData("""{"additionalProperties":{"type":"integer"}}""", """{"x":1}""", """{"x":"1"}""")]
    [InlineData("""{"items":{"type":"integer"}}""", """[1,2]""", """[1,"2"]""")]
    [InlineData("""{"items":false}""", """[]""", """[1]""")]
    [InlineData("""{"prefixItems":[{"type":"integer"},{"type":"string"}]}""", """[1,"a",null]""", """[1,2]""")]
    [InlineData("""{"prefixItems":[{"type":"integer"}]}""", """[]""", """["a"]""")]
    [InlineData("""{"prefixItems":[true],"items":{"type":"string"}}""", """[1,"a"]""", """[1,2]""")]
    [InlineData("""{"prefixItems":[true,true],"items":false}""", """[1,2]""", """[1,2,3]""")]
    [InlineData("""{"minItems":1}""", """[1]""", """[]""")]
    [InlineData("""{"minItems":1.0}""", "\"\"", """[]""")]
    [InlineData("""{"maxItems":2}""", """[1,2]""", """[1,2,3]""")]
    [InlineData("""{"uniqueItems":true}""", """[1,"1",true,[1],{"a":1}]""", """[1.0,1]""")]
    [InlineData("""{"uniqueItems":true}""", """[{"a":"b:1"},{"a:1":"b"}]""", """[{"a":1,"b":2},{"b":2,"a":1}]""")]
    [InlineData("""{"uniqueItems":false}""", """[1,1]""", null)]
    [InlineData("""{"minimum":1.1}""", """1.1""", """0.6""")]
    [InlineData("""{"minimum":-2}""", """-2.0""", """-2.0001""")]
    [InlineData("""{"maximum":300}""", """300.00""", """300.5""")]
    [InlineData("""{"maximum":1e40}""", """9999999999999999999999999999999999999999""", """10000000000000000000000000000000000000001""")]
    [InlineData("""{"exclusiveMinimum":1.1}""", """1.2""", """1.1""")]
    [InlineData("""{"exclusiveMaximum":3}""", """2.2""", """3.0""")]
    [InlineData("""{"multipleOf":2}""", """10""", """7""")]
    [InlineData("""{"multipleOf":0.0001}""", """0.0075""", """0.00751""")]
    [InlineData("""{"multipleOf":1e-8}""", """12391239123""", """1e-9""")]
    [InlineData("""{"multipleOf":0.01}""", """4.02""", """4.025""")]
    [InlineData("""{"minLength":2}""", "\"fo\"", "\"f\"")]
    [InlineData("""{"minLength":2}""", """1""", "\"\ud83d\udca9\"")]
    [InlineData("""{"maxLength":2}""", "\"\ud83d\udca9\ud83d\udca9\"", "\"foo\"")]
    [InlineData("""{"pattern":"^a*$"}""", "\"aaa\"", "\"abc\"")]
    [InlineData("""{"pattern":"a+"}""", "\"xxaayy\"", "\"xyz\"")]
    [InlineData("""{"pattern":"^\\d$"}""", "\"7\"", "\"\u09ea\"")]
    [InlineData("""{"pattern":"^[\\w-]+$"}""", "\"a-b_1\"", "\"é\"")]
    [InlineData("""{"pattern":"^a$"}""", "\"a\"", "\"a\\n\"")]
    [InlineData("""{"pattern":"^[$]\\$"}""", "\"$$\"", "\"$\"")]
    [InlineData("""{"allOf":[{"minimum":1},{"maximum":3}]}""", """2""", """4""")]
    [InlineData("""{"allOf":[true,false]}""", null, """1""")]
    [InlineData("""{"anyOf":[{"type":"integer"},{"minimum":2}]}""", """2.5""", """1.5""")]
    [InlineData("""{"oneOf":[{"type":"integer"},{"minimum":2}]}""", """1""", """3""")]
    [InlineData("""{"oneOf":[{"type":"integer"},{"minimum":2}]}""", """2.5""", """1.5""")]
    [InlineData("""{"not":{"type":"integer"}}""", "\"foo\"", """1""")]
    [InlineData("""{"not":{"not":{"type":"integer"}}}""", """1""", "\"foo\"")]
    [InlineData("""{"$defs":{"a":{"type":"integer"}},"properties":{"x":{"$ref":"#/$defs/a"}}}""", """{"x":1}""", """{"x":"1"}""")]
    [InlineData("""{"$defs":{"a":{"type":"integer"}},"$ref":"#/$defs/a","maximum":3}""", """3""", """4""")]
    [InlineData("""{"$defs":{"a/b%":{"type":"integer"}},"$ref":"#/$defs/a~1b%25"}""", """1""", "\"1\"")]
    [InlineData("""{"$defs":{"tree":{"type":"object","properties":{"kids":{"items":{"$ref":"#/$defs/tree"}}},"required":["kids"]}},"$ref":"#/$defs/tree"}""", """{"kids":[{"kids":[]}]}""", """{"kids":[{}]}""")]
    public void Check_Keyword_AcceptsAndRefuses(string schema, string? good, string? bad)
    {
        if (good is not null) Assert.Empty(Check(schema, good));
        if (bad is not null) Assert.NotEmpty(Check(schema, bad));
    }

    [Theory]
    [InlineData("uri", "http://foo.bar/?baz=qux#quux", "//foo.bar/?baz=qux")]
    [InlineData("uri", "urn:oasis:names:specification", "/abc")]
    [InlineData("uri", "mailto:John.Doe@example.com", "http:// shouldfail.com")]
    [InlineData("uri", "https://[2001:db8::7]:9090/x", "\\\\WINDOWS\\fileshare")]
    [InlineData("email", "joe.bloggs@example.com", "2962")]
    [InlineData("email", "te~st@example.com", ".test@example.com")]
    [InlineData("email", "joe@[127.0.0.1]", "te..st@example.com")]
    [InlineData("email", "a+b@example.com", "joe@[127.0.0.300]")]
    [InlineData("date-time", "1963-06-19T08:30:06.283185Z", "1998-12-31T23:59:61Z")]
    [InlineData("date-time", "1998-12-31T23:59:60Z", "1998-12-31T23:58:60Z")]
    [InlineData("date-time", "1998-12-31T15:59:60.123-08:00", "1990-02-31T15:59:59.123-08:00")]
    [InlineData("date-time", "1963-06-19t08:30:06z", "1963-06-19 08:30:06Z")]
    [InlineData("date-time", "2024-02-29T00:00:00+14:00", "2023-02-29T00:00:00Z")]
    [InlineData("date-time", "1937-01-01T12:00:27.87+00:20", "2013-350T01:01:01")]
    [InlineData("duration", "P4DT12H30M5S", "4DT12H30M5S")]
    [InlineData("duration", "PT36H", "PT")]
    [InlineData("duration", "P2W", "P2D1Y")]
    [InlineData("duration", "P1Y2M", "P1Y2W")]
    [InlineData("duration", "PT1M", "P1")]
    [InlineData("hostname", "www.example.com", "-a-host-name-that-starts-with--")]
    [InlineData("hostname", "localhost", "a..b")]
    [InlineData("hostname", "h0stn4me", "not_a_valid_host_name")]
    [InlineData("ipv4", "192.168.0.1", "127.0.0.0.1")]
    [InlineData("ipv4", "0.0.0.0", "256.256.256.256")]
    [InlineData("ipv4", "87.10.0.1", "087.10.0.1")]
    [InlineData("ipv6", "::1", "12345::")]
    [InlineData("ipv6", "::ffff:192.168.0.1", "1:2:3:4:5:6:7:8:9")]
    [InlineData("ipv6", "1:2:3:4:5:6:7::", "fe80::a%eth1")]
    [InlineData("ipv6", "::42:ff:1", "::laptop")]
    [InlineData("ipv6", "::", "1.2.3.4")]
    [InlineData("ipv6", "1:d6::42", "1:2::192.168.0.01")]
    [InlineData("secret", "anything", null)]
    public void Check_Format_IsChecked(string format, string good, string? bad)
    {
        var schema = $$"""{"format":"{{format}}"}""";
        Assert.Empty(Check(schema, JsonSerializer.Serialize(good)));
        Assert.Empty(Check(schema, "12"));
        if (bad is not null) Assert.StartsWith("the value is", Assert.Single(Check(schema, JsonSerializer.Serialize(bad))), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"properties":{"a":{"items":{"type":"integer"}}}}""", """{"a":[1,"x"]}""", "`a[1]` is `x`; expected a whole number")]
    [InlineData("""{"required":["url"]}""", "{}", "`url` is missing")]
    [InlineData("""{"properties":{"colour":true},"additionalProperties":false}""", """{"colur":1}""", "`colur` is not a known key\nhint: did you mean `colour`?")]
    [InlineData("""{"enum":["a","b"]}""", "\"c\"", "the value is `c`; expected one of `a`, `b`")]
    [InlineData("""{"maximum":0.5}""", "2", "the value is `2`; expected 0.5 or less")]
    [InlineData("""{"uniqueItems":true}""", "[1,2,1]", "`[2]` is the same as entry 0; expected no entry twice")]
    [InlineData("""{"anyOf":[{"type":"string"},{"type":"null"}]}""", "1", "the value is `1`; expected a string or null")]
    [InlineData("""{"oneOf":[{"title":"small","maximum":5},{"title":"even","multipleOf":2}]}""", "4", "the value is `4`; expected exactly one of: `small`, `even`; it fits 2 of them")]
    [InlineData("""{"pattern":"^x"}""", "\"y\"", "the value is `y`; expected text that matches `^x`")]
    public void Check_Refused_NamesPathAndExpectation(string schema, string value, string problem) => Assert.Equal(problem, Assert.Single(Check(schema, value)));

    [Fact]
    public void Check_WithoutValues_NeverRepeatsThem()
    {
        var problems = Check("""{"minLength":50,"pattern":"^x","format":"uri","enum":["other"],"not":{"type":"string"}}""", "\"hunter2\"", showValues: false);

        Assert.Equal(5, problems.Length);
        Assert.DoesNotContain(problems, p => p.Contains("hunter2", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("""{"typ":"string"}""", "`typ` is not a keyword that is known here\nhint: did you mean `type`?")]
    [InlineData("""{"properties":{"a":{"patternProperties":{}}}}""", "`properties.a.patternProperties` is not a keyword that is known here")]
    [InlineData("""{"type":"strng"}""", "`type` is `strng`; expected one of")]
    [InlineData("""{"type":[]}""", "`type` is empty")]
    [InlineData("""{"type":"string","type":"null"}""", "`type` is there twice")]
    [InlineData("""{"minLength":-1}""", "`minLength` is `-1`; expected a whole number, 0 or more")]
    [InlineData("""{"multipleOf":0}""", "`multipleOf` is `0`; expected a number above 0")]
    [InlineData("""{"minimum":1e999}""", "`minimum` is `1e999`; expected a number of at most 400 digits")]
    [InlineData("""{"pattern":"(?=a)"}""", "`pattern` is not a regular expression that is taken here\nhint: look-around")]
    [InlineData("""{"pattern":"(a)\\1"}""", "`pattern` is not a regular expression that is taken here")]
    [InlineData("""{"pattern":"("}""", "`pattern` is not a regular expression that is taken here")]
    [InlineData("""{"format":"emial"}""", "`format` is `emial`; expected one of")]
    [InlineData("""{"$ref":"https://example.com/s.json"}""", "`$ref` is `https://example.com/s.json`; expected a definition of this document, `#/$defs/name`\nhint: nothing is fetched")]
    [InlineData("""{"$ref":"#/properties/a","properties":{"a":true}}""", "`$ref` is `#/properties/a`; expected a definition")]
    [InlineData("""{"$ref":"#/$defs/addres","$defs":{"address":true}}""", "`$ref` names `addres`, which is not in `$defs`\nhint: did you mean `address`?")]
    [InlineData("""{"$defs":{"a":{"anyOf":[{"$ref":"#/$defs/b"}]},"b":{"not":{"$ref":"#/$defs/a"}}}}""", "`$defs.a` refers to itself without going deeper into the value: a → b → a")]
    [InlineData("""{"$defs":{"a":{"$defs":{}}}}""", "`$defs.a.$defs` is not read here")]
    [InlineData("""{"$schema":"http://json-schema.org/draft-07/schema#"}""", "`$schema` is")]
    [InlineData("""{"default":1,"type":"string"}""", "`default` is `1`; expected a string")]
    [InlineData("""{"properties":{"a":{"type":"integer","default":"x"}}}""", "`properties.a.default` is `x`; expected a whole number")]
    [InlineData("""{"enum":[]}""", "`enum` is empty")]
    [InlineData("""{"anyOf":[]}""", "`anyOf` is empty")]
    [InlineData("""{"required":["a","a"]}""", "`required[1]` is `a`, which is there twice")]
    [InlineData("""{"items":[{}]}""", "`items` is an array; expected a schema: an object, `true` or `false`")]
    [InlineData("\"x\"", "the value is `x`; expected a schema")]
    public void Read_Unsound_SaysWhereAndWhat(string schema, string problem) =>
        Assert.StartsWith(problem, Schema(schema).Problems[0].ToString(), StringComparison.Ordinal);

    [Fact]
    public void Read_BeyondLimits_IsRefused()
    {
        Assert.Contains("is nested deeper than 2 schemas", Schema("""{"items":{"items":{}}}""", new SchemaLimits(MaxDepth: 2)).Problems[0].ToString(), StringComparison.Ordinal);
        Assert.Contains("is one schema more than the 2 that are read", Assert.Single(Schema("""{"allOf":[{},{},{}]}""", new SchemaLimits(MaxNodes: 2)).Problems).ToString(), StringComparison.Ordinal);
        Assert.Contains("has 3 characters; at most 2", Schema("""{"pattern":"abc"}""", new SchemaLimits(MaxPatternLength: 2)).Problems[0].ToString(), StringComparison.Ordinal);
        Assert.Contains("has 3 entries; at most 2", Schema("""{"enum":[1,2,3]}""", new SchemaLimits(MaxItems: 2)).Problems[0].ToString(), StringComparison.Ordinal);
        Assert.Equal(2, Schema("""{"a":1,"b":2,"c":3}""", new SchemaLimits(MaxProblems: 2)).Problems.Length);
    }

    /// <summary>Schemas of a few lines whose naive check takes 2 to the power of the value's depth, or never ends on the stack.</summary>
    [Theory]
    [InlineData("""{"$defs":{"a":{"anyOf":[{"items":{"$ref":"#/$defs/a"},"minItems":9},{"items":{"$ref":"#/$defs/a"}}]}},"not":{"$ref":"#/$defs/a"}}""")]
    public void Check_Costly_GivesUpAndRefuses(string schema)
    {
        var value = new string('[', 40) + new string(']', 40);

        Assert.Contains("steps that a check may take", Assert.Single(Check(schema, value, SchemaLimits.Default with { MaxCheckSteps = 10_000 })), StringComparison.Ordinal);
    }

    [Fact]
    public void Check_DeepReferences_EndBeforeTheStackDoes()
    {
        var definitions = string.Join(',', Enumerable.Range(0, 400).Select(i => $$"""
            "d{{i}}":{{{(i < 399 ? $"\"$ref\":\"#/$defs/d{i + 1}\"" : "")}}}
            """));

        Assert.Contains("is nested deeper than the 200 schemas", Assert.Single(Check($$"""{"$defs":{{{definitions}}},"$ref":"#/$defs/d0"}""", "1")), StringComparison.Ordinal);
    }

    [Fact]
    public void Check_HalfOfASurrogatePair_IsAProblemNotAnException() =>
        Assert.Equal("the value has text that is not valid Unicode", Assert.Single(Check("""{"minLength":1}""", "\"\\ud800\"")));
}
