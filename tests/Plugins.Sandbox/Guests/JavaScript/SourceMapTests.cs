using System.Text;

namespace LazyOC.Plugins.Sandbox.Guests.JavaScript;

public sealed class SourceMapTests
{
    // Line 1: column 0 → a.ts 1:0, column 9 → b.ts 3:4; line 2: nothing; line 3: column 2 → a.ts 2:1 with a name, column 5 → no source.
    private const string Map = """{"version":3,"sourceRoot":"../src/","sources":["a.ts","b.ts"],"names":["n"],"mappings":"AAAA,SCEI;;EDDHA,G"}""";

    [Theory]
    [InlineData(1, 1, "src/a.ts:1:1")]
    [InlineData(1, 9, "src/a.ts:1:1")]
    [InlineData(1, 10, "src/b.ts:3:5")]
    [InlineData(1, 999, "src/b.ts:3:5")]
    [InlineData(2, 1, null)]
    [InlineData(3, 2, null)]
    [InlineData(3, 3, "src/a.ts:2:2")]
    [InlineData(3, 6, null)]
    [InlineData(4, 1, null)]
    [InlineData(0, 1, null)]
    public void Find_Place_IsTheMappingAtOrBeforeIt(int line, int column, string? expected)
    {
        var found = SourceMap.Parse(Encoding.UTF8.GetBytes(Map)).Find(line, column);

        Assert.Equal(expected, found is { } position ? $"{position.Source}:{position.Line}:{position.Column}" : null);
    }

    [Theory]
    [InlineData("", "not valid JSON")]
    [InlineData("[]", "not of version 3")]
    [InlineData("""{"version":2,"sources":[],"mappings":""}""", "not of version 3")]
    [InlineData("""{"version":3,"mappings":""}""", "`sources`")]
    [InlineData("""{"version":3,"sources":[]}""", "`mappings`")]
    [InlineData("""{"version":3,"sources":[],"mappings":"AAAA"}""", "source 0 of 0")]
    [InlineData("""{"version":3,"sources":["a"],"mappings":"A!"}""", "malformed at 1")]
    [InlineData("""{"version":3,"sources":["a"],"mappings":"AA"}""", "malformed at 2")]
    [InlineData("""{"version":3,"sources":["a"],"mappings":"AADA"}""", "out of range at 3")]
    [InlineData("""{"version":3,"sources":["a"],"mappings":"gggggggggA"}""", "malformed")]
    [InlineData("""{"version":3,"sources":["\ud800"],"mappings":""}""", "not valid JSON")]
    public void Parse_Malformed_SaysWhere(string json, string complaint)
    {
        var exception = Assert.Throws<FormatException>(() => SourceMap.Parse(Encoding.UTF8.GetBytes(json)));

        Assert.Contains(complaint, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Parse_TooManyMappings_IsRefused()
    {
        var json = $$"""{"version":3,"sources":["a"],"mappings":"{{string.Concat(Enumerable.Repeat("A,", GuestBounds.SourceMapMappings + 1))}}"}""";

        Assert.Throws<FormatException>(() => SourceMap.Parse(Encoding.UTF8.GetBytes(json)));
    }

    [Fact]
    public async Task SendAsync_BundleHasASourceMap_StackNamesTheSource()
    {
        // One mapping: the bundle's first column is line 41, column 8 of src/view.ts.
        await using var guest = await TestGuest.StartJavaScriptAsync(
            "lazyoc.on('render', function draw() { null.x; });",
            configure: options => options with { SourceMap = """{"version":3,"sources":["../src/view.ts"],"mappings":"AAwCO"}"""u8.ToArray() });

        var fault = await guest.FailAsync("render");

        Assert.Equal("    at draw (src/view.ts:41:8)", fault.Stack);
    }

    [Fact]
    public async Task StartAsync_SourceMapMalformed_StartsAndWarns()
    {
        await using var guest = await TestGuest.StartJavaScriptAsync("", configure: options => options with { SourceMap = "{}"u8.ToArray() });

        Assert.StartsWith("stacks are not mapped: ", Assert.Single(guest.Log).Line, StringComparison.Ordinal);
    }
}
