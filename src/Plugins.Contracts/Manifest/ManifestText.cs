using System.Collections.Immutable;

namespace LazyOC.Plugins.Contracts.Manifest;

/// <summary>Collects what is wrong with a manifest, and holds its texts and lists to their limits.</summary>
internal sealed class ManifestText(ManifestLimits limits)
{
    private readonly List<Problem> _problems = [];

    public ImmutableArray<Problem> Problems => [.. _problems.Take(limits.MaxProblems)];

    public void Add(string path, string message, string? hint = null) => _problems.Add(new Problem(path, message, hint));

    public void Add(Problem problem) => _problems.Add(problem);

    public void Check(string at, string text)
    {
        if (text.Length > limits.MaxTextLength) Add(at, $"has {text.Length} characters; at most {limits.MaxTextLength} are allowed");
        if (text.Any(char.IsControl)) Add(at, "has control characters");
    }

    public void CheckItems(string at, ImmutableArray<string> items)
    {
        if (TooMany(at, items.Length)) return;
        for (var i = 0; i < items.Length; i++) Check($"{at}[{i}]", items[i]);
    }

    public bool TooMany(string at, int count)
    {
        if (count <= limits.MaxItems) return false;
        Add(at, $"has {count} entries; at most {limits.MaxItems} are allowed");
        return true;
    }
}
