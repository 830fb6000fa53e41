using System.Text.RegularExpressions;

namespace LazyOC.Plugins.Testing.Running;

/// <summary>Texts that tests compare with: a file a name, in one folder.</summary>
/// <param name="folder">Where; made with the first file.</param>
/// <param name="update">Whether what is compared is written, instead.</param>
/// <param name="limits">Bounds.</param>
internal sealed partial class GoldenFiles(string folder, bool update, TestingLimits limits)
{
    private readonly HashSet<string> _written = new(StringComparer.Ordinal);

    public IEnumerable<string> Written => _written.Order(StringComparer.Ordinal);

    /// <summary>What is different; null when nothing is.</summary>
    public string? Compare(string name, string text)
    {
        // The name comes from code that may be anybody's: it must not leave the folder.
        if (!Names().IsMatch(name)) return $"`{name}` is no name of a golden file: letters, digits, `-`, `_` and `.`, beginning with a letter or digit";
        if (text.Length > limits.GoldenChars) return $"the text for `{name}` has {text.Length:N0} characters; at most {limits.GoldenChars:N0} are compared";
        var (file, path) = (name + ".txt", Path.Combine(folder, name + ".txt"));
        // In a folder of somebody else's, either may lead to any file.
        if (new DirectoryInfo(folder).LinkTarget is not null || new FileInfo(path).LinkTarget is not null) return $"tests/goldens/{file} is or lies behind a link; golden files are files of their own";
        if (update)
        {
            Directory.CreateDirectory(folder);
            if (!File.Exists(path) || File.ReadAllText(path) != text)
            {
                File.WriteAllText(path, text);
                _written.Add(file);
            }
            return null;
        }
        if (!File.Exists(path)) return $"tests/goldens/{file} is missing; `lazyoc plugin test --update` writes it\n\n{text.TrimEnd('\n')}";
        var expected = File.ReadAllText(path).ReplaceLineEndings("\n");
        return expected == text ? null : $"tests/goldens/{file} is different; `lazyoc plugin test --update` writes it anew\n\n{Difference(expected.Split('\n'), text.Split('\n'))}";
    }

    /// <summary>Lines that are gone and that are new, at the first place where the texts part.</summary>
    private static string Difference(string[] expected, string[] actual)
    {
        var (start, end) = (0, 0);
        while (start < expected.Length && start < actual.Length && expected[start] == actual[start]) start++;
        while (end < expected.Length - start && end < actual.Length - start && expected[^(end + 1)] == actual[^(end + 1)]) end++;
        return string.Join('\n', expected[start..^end].Select(line => $"  - {line}").Concat(actual[start..^end].Select(line => $"  + {line}")));
    }

    [GeneratedRegex(@"^[A-Za-z0-9][A-Za-z0-9._-]{0,99}\z", RegexOptions.NonBacktracking)]
    private static partial Regex Names();
}
