using System.Globalization;
using System.Text;

namespace LazyOC.Plugins.Samples.Tests.Prometheus;

/// <summary>Reads the text exposition format, strictly: what it cannot read fails the test.</summary>
internal static class Exposition
{
    public sealed record Sample(string Name, IReadOnlyDictionary<string, string> Labels, double Value);

    public static List<Sample> Parse(string text)
    {
        Assert.EndsWith("\n", text, StringComparison.Ordinal);
        var types = new Dictionary<string, string>(StringComparer.Ordinal);
        var samples = new List<Sample>();
        foreach (var line in text[..^1].Split('\n'))
        {
            if (line.StartsWith("# HELP ", StringComparison.Ordinal)) continue;
            if (line.StartsWith("# TYPE ", StringComparison.Ordinal))
            {
                var words = line.Split(' ');
                Assert.Contains(words[3], new[] { "gauge", "counter" });
                Assert.True(types.TryAdd(words[2], words[3]), $"{words[2]} is declared twice");
                continue;
            }
            var sample = ParseLine(line);
            // A family's samples follow its head, without others between.
            Assert.True(types.Count > 0 && types.Last().Key == sample.Name, $"{sample.Name} stands outside of its family");
            samples.Add(sample);
        }
        Assert.Equal(samples.Count, samples.Select(sample => $"{sample.Name}{string.Join(',', sample.Labels.OrderBy(l => l.Key, StringComparer.Ordinal).Select(l => $"{l.Key}={l.Value}"))}").Distinct().Count());
        return samples;
    }

    private static Sample ParseLine(string line)
    {
        var at = line.IndexOfAny(['{', ' ']);
        var name = line[..at];
        Assert.Matches("^[a-zA-Z_:][a-zA-Z0-9_:]*$", name);
        var labels = new Dictionary<string, string>(StringComparer.Ordinal);
        if (line[at] == '{')
        {
            at++;
            while (line[at] != '}')
            {
                var equals = line.IndexOf('=', at);
                var label = line[at..equals];
                Assert.Matches("^[a-zA-Z_][a-zA-Z0-9_]*$", label);
                Assert.Equal('"', line[equals + 1]);
                var value = new StringBuilder();
                for (at = equals + 2; line[at] != '"'; at++)
                {
                    if (line[at] == '\\') value.Append(line[++at] switch { 'n' => '\n', '\\' => '\\', '"' => '"', var c => throw new FormatException($"\\{c} is no escape") });
                    else value.Append(line[at]);
                }
                labels.Add(label, value.ToString());
                at++;
                if (line[at] == ',') at++;
            }
            at++;
        }
        Assert.Equal(' ', line[at]);
        return new Sample(name, labels, double.Parse(line[(at + 1)..], CultureInfo.InvariantCulture));
    }
}
