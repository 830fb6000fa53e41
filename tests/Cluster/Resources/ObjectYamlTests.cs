using LazyOC.Cluster.Resources;

namespace LazyOC.Cluster.Tests.Resources;

public sealed class ObjectYamlTests
{
    [Theory]
    [InlineData("a: 1", """{"a":1}""")]
    [InlineData("a: -1.5e3", """{"a":-1500}""")]
    [InlineData("a: 0644", """{"a":420}""")]
    [InlineData("a: 0x1F", """{"a":31}""")]
    [InlineData("a: \"0644\"", """{"a":"0644"}""")]
    [InlineData("a: yes", """{"a":true}""")]
    [InlineData("a: 'yes'", """{"a":"yes"}""")]
    [InlineData("a: off", """{"a":false}""")]
    [InlineData("a:", """{"a":null}""")]
    [InlineData("a: ~", """{"a":null}""")]
    [InlineData("a: v1", """{"a":"v1"}""")]
    [InlineData("a: 10Mi", """{"a":"10Mi"}""")]
    [InlineData("a: 1.2.3", """{"a":"1.2.3"}""")]
    [InlineData("a: |\n  one\n  two\n", """{"a":"one\ntwo\n"}""")]
    [InlineData("a: [1, {b: c}]", """{"a":[1,{"b":"c"}]}""")]
    [InlineData("---\na: 1 # told\n", """{"a":1}""")]
    [InlineData("a: &x 1\nb: *x", """{"a":1,"b":1}""")]
    public void Parse_Values_HaveTheTypesThatKubectlGivesThem(string yaml, string json) => Assert.Equal(json, ObjectYaml.Parse(yaml).GetRawText().Replace("\\u0022", "\"", StringComparison.Ordinal));

    [Theory]
    [InlineData("", "no object")]
    [InlineData("- a", "no object")]
    [InlineData("a: 1\n---\nb: 2", "several documents")]
    [InlineData("a: [1", "not valid YAML")]
    [InlineData("a: 1\na: 2", "twice")]
    public void Parse_NotOneObject_IsRefused(string yaml, string why) => Assert.Contains(why, Assert.Throws<FormatException>(() => ObjectYaml.Parse(yaml)).Message, StringComparison.Ordinal);

    [Fact]
    public void Parse_AliasesOfAliases_StopAtTheBound()
    {
        var bomb = string.Join('\n', Enumerable.Range(1, 9).Select(i => $"a{i}: &a{i} [{string.Join(',', Enumerable.Repeat($"*a{i - 1}", 9))}]").Prepend("a0: &a0 lol"));

        Assert.Contains("bytes as JSON", Assert.Throws<FormatException>(() => ObjectYaml.Parse(bomb)).Message, StringComparison.Ordinal);
        // The control: the same without most of its levels.
        ObjectYaml.Parse(string.Join('\n', bomb.Split('\n').Take(4)));
    }
}
