using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using LazyOC.Tui.Panels;
using YamlDotNet.RepresentationModel;

namespace LazyOC.Tui.Tests.Panels;

public sealed class YamlTextTests
{
    private static readonly Gen<string> Awkward = Gen.Elements(
        "plain", "true", "no", "null", "~", "12", "1e3", "0x1F", "2026-01-15", "12:30", "", " lead", "trail ", "a: b", "a:", "a #b", "# x", "- x", "-", "*a", "&a", "!t", "%d", "@x", "`x`", "'q'", "\"q\"", "\\", "{a}", "[a]",
        "two\nlines", "two\nlines\n", "\nfirst", "end\n\n", " in\ndented", "a\n b", "a\n\nb", "tab\there", "\x1b[0m", "nul\0", "ümlaut", "字", "\u2028", "=", "<none>", "y", "off", "|", ">", "?", ",", "a\r\nb", ".5", "+1", "1 2", "key=value,x=y", "/path", "$(VAR)")
        .Or(ArbMap.Default.GeneratorFor<NonNull<string>>().Select(s => new string([.. s.Get.Where(c => !char.IsSurrogate(c) && c is not '\ufffe' and not '\uffff')])));

    [Fact]
    public void Of_AnyStrings_ReadBackAsThemselves()
    {
        var pairs = Awkward.NonEmptyListOf().Select(list => list.Distinct(StringComparer.Ordinal).ToList());
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(500), Prop.ForAll(Arb.ToArbitrary(pairs), values =>
        {
            using var document = JsonDocument.Parse(ToJson(values));
            var root = (YamlMappingNode)Read(YamlText.Of(document.RootElement, new YamlOptions(int.MaxValue)));
            var map = (YamlMappingNode)root.Children[new YamlScalarNode("map")];
            var list = (YamlSequenceNode)root.Children[new YamlScalarNode("list")];
            return values.Select((value, i) => ((YamlScalarNode)map.Children[new YamlScalarNode($"k{i}")]).Value == value && ((YamlScalarNode)list.Children[i]).Value == value).All(same => same);
        }));
    }

    [Fact]
    public void Of_Pod_LooksLikeKubectl()
    {
        using var document = JsonDocument.Parse("""{"apiVersion":"v1","kind":"Pod","metadata":{"name":"a","managedFields":[{"x":1}],"labels":{"on":"true"}},"spec":{"containers":[{"name":"web","args":["--v","2"],"env":[],"resources":{}},{"managedFields":1},{}],"script":"set -e\nrun\n"},"status":null}""");
        Assert.Equal("""
            apiVersion: v1
            kind: Pod
            metadata:
              name: a
              labels:
                "on": "true"
            spec:
              containers:
              - name: web
                args:
                - "--v"
                - "2"
                env: []
                resources: {}
              - managedFields: 1
              - {}
              script: |
                set -e
                run
            status: null

            """, YamlText.Of(document.RootElement, new YamlOptions(10_000)));
    }

    [Fact]
    public void Of_LargerThanTheLimit_IsCutAndSaysSo()
    {
        using var document = JsonDocument.Parse(ToJson([.. Enumerable.Range(0, 1000).Select(i => $"value-{i}")]));
        var text = YamlText.Of(document.RootElement, new YamlOptions(500));
        Assert.InRange(text.Length, 500, 700);
        Assert.EndsWith("# … cut here: the object is larger than a tab shows\n", text, StringComparison.Ordinal);
    }

    private static YamlNode Read(string yaml)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(yaml));
        return stream.Documents[0].RootNode;
    }

    private static string ToJson(List<string> values)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteStartObject("map");
            for (var i = 0; i < values.Count; i++)
                writer.WriteString($"k{i}", values[i]);
            writer.WriteEndObject();
            writer.WriteStartArray("list");
            values.ForEach(writer.WriteStringValue);
            writer.WriteEndArray();
            writer.WriteEndObject();
        }
        return System.Text.Encoding.UTF8.GetString(buffer.ToArray());
    }
}
