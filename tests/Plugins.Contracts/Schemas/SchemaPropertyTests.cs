using System.Globalization;
using System.Numerics;
using System.Text.Json;
using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using LazyOC.Plugins.Contracts.Schemas;

namespace LazyOC.Plugins.Contracts.Tests.Schemas;

/// <summary>Where somebody else knows the answer: big integers for numbers, the runtime for the equality of JSON, logic for the connectives.</summary>
public sealed class SchemaPropertyTests
{
    private const int MaxDigits = 400;

    private static readonly Gen<(BigInteger Digits, int Exponent)> Numbers =
        from digits in Gen.Choose(-2_000_000, 2_000_000)
        from scale in Gen.Choose(0, 1_000)
        from exponent in Gen.Choose(-12, 12)
        select (new BigInteger(digits) * scale, exponent);

    private static readonly Gen<string> Leaves = Gen.Elements("1", "1.0", "10e-1", "0", "-0", "1.5", "150e-2", "true", "false", "null", "\"1\"", "\"\"", "\"a\"", "\"b:1\"", "[]", "{}", "9007199254740993", "9007199254740992");

    [Fact]
    public void Numbers_Compared_AreComparedAsFractions() => Check(Prop.ForAll(Numbers.ToArbitrary(), Numbers.ToArbitrary(), (a, b) =>
    {
        // The oracle: both as whole numbers of 10^-12.
        var (left, right) = (a.Digits * BigInteger.Pow(10, a.Exponent + 12), b.Digits * BigInteger.Pow(10, b.Exponent + 12));
        var (x, y) = (Read(a), Read(b));
        return Math.Sign(x.CompareTo(y)) == Math.Sign(left.CompareTo(right))
            && (x == y) == (left == right)
            && (right.Sign <= 0 || x.IsMultipleOf(y) == (left % right).IsZero)
            && x.IsWhole == (left % BigInteger.Pow(10, 12)).IsZero;
    }));

    [Fact]
    public void Identity_OfTwoValues_IsTheSameExactlyWhenTheyAreEqual() => Check(Prop.ForAll(Values(3).ToArbitrary(), Values(3).ToArbitrary(), (a, b) =>
    {
        using var left = JsonDocument.Parse(a);
        using var right = JsonDocument.Parse(b);
        return (JsonIdentity.Of(left.RootElement, MaxDigits) == JsonIdentity.Of(right.RootElement, MaxDigits)) == JsonElement.DeepEquals(left.RootElement, right.RootElement);
    }));

    [Fact]
    public void Connectives_OfAnySchemas_AreThoseOfLogic() => Check(Prop.ForAll(Simple.ToArbitrary(), Simple.ToArbitrary(), Values(2).ToArbitrary(), (a, b, value) =>
    {
        var (p, q) = (Holds(a, value), Holds(b, value));
        return Holds($$"""{"allOf":[{{a}},{{b}}]}""", value) == (p && q)
            && Holds($$"""{"anyOf":[{{a}},{{b}}]}""", value) == (p || q)
            && Holds($$"""{"oneOf":[{{a}},{{b}}]}""", value) == (p != q)
            && Holds($$"""{"not":{{a}}}""", value) == !p
            && Holds($$"""{"$defs":{"a":{{a}}},"$ref":"#/$defs/a"}""", value) == p;
    }));

    [Fact]
    public void Read_AnyDocument_NeverThrows() => Check(Prop.ForAll(Hostile.ToArbitrary(), json =>
    {
        using var document = JsonDocument.Parse(json);
        var schema = JsonSchema.Read(document.RootElement);
        schema.Check(document.RootElement);
        return schema.Problems.All(p => p.Message.Length > 0);
    }));

    private static Gen<string> Simple => Gen.Elements(
        "true", "false", """{"type":"integer"}""", """{"type":["string","array"]}""", """{"minimum":1}""", """{"const":1}""", """{"enum":[null,"a",[]]}""",
        """{"minLength":1}""", """{"items":{"type":"integer"}}""", """{"required":["a"]}""", """{"properties":{"a":{"minimum":1}}}""", """{"uniqueItems":true}""");

    private static Gen<string> Hostile =>
        from keyword in Gen.Elements("type", "enum", "const", "properties", "required", "additionalProperties", "items", "prefixItems", "minItems", "uniqueItems", "minimum", "multipleOf", "minLength", "pattern", "format", "allOf", "not", "$ref", "$defs", "$schema", "default", "title", "x")
        from value in Values(3)
        from other in Gen.Elements("items", "properties", "$defs", "not", "anyOf")
        from inner in Values(2)
        select new JsonObject { [keyword] = JsonNode.Parse(value), [other == keyword ? "description" : other] = JsonNode.Parse(inner) }.ToJsonString();

    private static Gen<string> Values(int depth) => depth == 0 ? Leaves : Gen.OneOf(
        Leaves,
        from items in Gen.ListOf(Values(depth - 1), 2) select $"[{string.Join(',', items)}]",
        from a in Values(depth - 1) from b in Values(depth - 1) from swap in Gen.Elements(true, false) select swap ? $$"""{"b":{{b}},"a":{{a}}}""" : $$"""{"a":{{a}},"b":{{b}}}""");

    private static ExactNumber Read((BigInteger Digits, int Exponent) number)
    {
        Assert.True(ExactNumber.TryParse(string.Create(CultureInfo.InvariantCulture, $"{number.Digits}e{number.Exponent}"), MaxDigits, out var read));
        return read;
    }

    private static bool Holds(string schema, string value)
    {
        using var document = JsonDocument.Parse(schema);
        using var checkedValue = JsonDocument.Parse(value);
        var read = JsonSchema.Read(document.RootElement);
        Assert.Empty(read.Problems);
        return read.Check(checkedValue.RootElement).IsEmpty;
    }

    private static void Check(Property property) => property.Check(Config.QuickThrowOnFailure.WithMaxTest(1_000));
}
