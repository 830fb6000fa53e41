using System.Text;
using LazyOC.Plugins.Contracts.Json;
using LazyOC.Plugins.Contracts.Manifest;

namespace LazyOC.Plugins.Contracts.Tests.Json;

public sealed class StrictJsonTests
{
    private const string Head = """ "manifestVersion":1,"id":"acme.demo","version":"1.0.0","displayName":"Demo","engines":{"lazyoc":"^1.0"},"main":"p.js" """;

    private static string[] Problems(string json, JsonLimits? limits = null) =>
        StrictJson.Read(Encoding.UTF8.GetBytes(json), ContractJson.Default.PluginManifest, limits).TryGet(out _, out var problems)
            ? []
            : [.. problems.Select(p => p.ToString())];

    [Fact]
    public void Read_GoodDocument_GivesValue()
    {
        Assert.True(StrictJson.Read(Encoding.UTF8.GetBytes("{" + Head + "}\n"), ContractJson.Default.PluginManifest).TryGet(out var manifest, out _));
        Assert.Equal("acme.demo", manifest.Id.ToString());
    }

    [Fact]
    public void Read_UnknownKey_NamesPathAndNearestKey() =>
        Assert.Equal(["`permissions.kuberntes` is not a known key\nhint: did you mean `kubernetes`?"], Problems("{" + Head + ",\"permissions\":{\"kuberntes\":[]}}"));

    [Fact]
    public void Read_UnknownKeyLikeNoOther_ListsKnownKeys() =>
        Assert.Equal(["`engines.qqqqqq` is not a known key\nhint: known keys are `lazyoc`"], Problems("{" + Head.Replace("^1.0\"", "^1.0\",\"qqqqqq\":1", StringComparison.Ordinal) + "}"));

    [Fact]
    public void Read_SeveralFaults_ListsThemAllInOrder() => Assert.Equal(
        [
            "`manifestVersion` is `one`; expected a whole number of 32 bits",
            "`id` is `Acme`; expected a plugin id such as `acme.prometheus`",
            "`version` is `1.0`; expected a version such as `1.4.0`",
            "`contributes.columns[0].type` is `txt`; expected one of `text`, `number`, `quantity`, `age`, `status`, `sparkline`\nhint: did you mean `text`?",
            "`contributes.columns[0].id` is missing",
            "`engines.lazyoc` is missing",
            "`displayName` is missing",
            "`main` is missing",
        ],
        Problems("""{"manifestVersion":"one","id":"Acme","version":"1.0","contributes":{"columns":[{"resource":"Pod","title":"T","type":"txt"}]},"engines":{}}"""));

    [Fact]
    public void Read_DuplicateKey_IsRefused() =>
        Assert.Equal(["`id` is there twice\nhint: keep one of them"], Problems("{" + Head + ",\"id\":\"acme.other\"}"));

    [Fact]
    public void Read_DuplicateKeyInFreeForm_IsRefused() =>
        Assert.NotEmpty(Problems("{" + Head + ",\"contributes\":{\"commands\":[{\"id\":\"acme.demo.c\",\"title\":\"C\",\"arguments\":{\"a\":1,\"a\":2}}]}}"));

    [Fact]
    public void Read_NullElement_IsRefused() =>
        Assert.Equal(["`contributes.columns[0]` is null\nhint: leave the entry out"], Problems("{" + Head + ",\"contributes\":{\"columns\":[null]}}"));

    [Fact]
    public void Read_NullForRequired_IsRefused() =>
        Assert.Contains("`main` is null\nhint: give it a value", Problems("{" + Head.Replace("\"p.js\"", "null", StringComparison.Ordinal) + "}"));

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("{\"a\":}")]
    [InlineData("\u0001")]
    public void Read_NotJson_SaysWhere(string json) => Assert.StartsWith("the document is not JSON at line 1, byte ", Assert.Single(Problems(json)), StringComparison.Ordinal);

    [Fact]
    public void Read_TrailingContent_IsRefused() => Assert.NotEmpty(Problems("{" + Head + "} {}"));

    [Theory]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("3")]
    public void Read_OtherRoot_IsRefused(string json) => Assert.StartsWith("the document is ", Assert.Single(Problems(json)), StringComparison.Ordinal);

    [Fact]
    public void Read_TooLarge_IsRefused() => Assert.Contains("at most 10 are allowed", Assert.Single(Problems("{" + Head + "}", new JsonLimits(MaxBytes: 10))), StringComparison.Ordinal);

    [Fact]
    public void Read_TooDeep_IsRefused() =>
        Assert.Contains("depth", Assert.Single(Problems(new string('[', 100), new JsonLimits(MaxDepth: 16))), StringComparison.Ordinal);

    [Fact]
    public void Read_ManyFaults_StopsAtLimit() =>
        Assert.Equal(3, Problems("{" + string.Join(',', Enumerable.Range(0, 50).Select(i => $"\"k{i}\":1")) + "}", new JsonLimits(MaxProblems: 3)).Length);

    [Fact]
    public void Read_ControlCharactersInKey_AreNotEchoed() =>
        Assert.DoesNotContain('\u001b', string.Concat(Problems("{" + Head + ",\"a\\u001b[31m\":1}")));

    [Fact]
    public void Read_UnknownNodeType_ListsTypes()
    {
        var outcome = StrictJson.Read("""{"type":"stack","children":[{"type":"txt","spans":[]}]}"""u8, ContractJson.Default.ViewNode);
        Assert.False(outcome.TryGet(out _, out var problems));
        var problem = Assert.Single(problems);
        Assert.Equal(("children[0].type", "did you mean `text`?"), (problem.Where, problem.Hint));
    }

    [Fact]
    public void Read_NodeWithUnknownKey_NamesIt()
    {
        var outcome = StrictJson.Read("""{"type":"text","spans":[{"text":"x","styl":"ok"}]}"""u8, ContractJson.Default.ViewNode);
        Assert.False(outcome.TryGet(out _, out var problems));
        Assert.Equal("`spans[0].styl` is not a known key\nhint: did you mean `style`?", Assert.Single(problems).ToString());
    }

    [Fact]
    public void Read_OptionalEnum_SaysAllowedNames()
    {
        var outcome = StrictJson.Read("""{"level":"loud","message":"m"}"""u8, ContractJson.Default.LogWriteRequest);
        Assert.False(outcome.TryGet(out _, out var problems));
        Assert.Equal("`level` is `loud`; expected one of `debug`, `info`, `warn`, `error`", Assert.Single(problems).ToString());
    }

    [Fact]
    public void Read_HalfASurrogatePair_IsRefused()
    {
        Assert.NotEmpty(Problems("{" + Head.Replace("Demo", "\\ud800", StringComparison.Ordinal) + "}"));
        Assert.NotEmpty(Problems("{" + Head + ",\"\\ud800\":1}"));
    }

    /// <summary>Documents broken at random (seeded) are read or refused; no exception gets out.</summary>
    [Theory]
    [InlineData("{" + Head + ",\"permissions\":{\"kubernetes\":[{\"apiGroups\":[\"\"],\"resources\":[\"pods\"],\"verbs\":[null]}]},\"activation\":[\"on\\u00e9\"]}")]
    public void Read_MutatedDocument_IsReadOrRefused(string json)
    {
        var random = new Random(7);
        var original = Encoding.UTF8.GetBytes(json);
        var refused = 0;
        for (var round = 0; round < 20_000; round++)
        {
            var bytes = (byte[])original.Clone();
            for (var i = random.Next(1, 4); i > 0; i--)
                bytes[random.Next(bytes.Length)] = random.Next(3) == 0 ? (byte)random.Next(256) : (byte)"{}[],:\"\\n0-tu"[random.Next(13)];
            if (!ManifestReader.Read(bytes).TryGet(out _, out _)) refused++;
        }
        Assert.InRange(refused, 10_000, 20_000);
    }
}
