using LazyOC.Cluster.Errors;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace LazyOC.Cluster.Config;

/// <summary>One node of a kubeconfig with where it stands, so that errors can name file, line and key.</summary>
internal abstract record YamlNode(string File, long Line)
{
    public string Origin => $"{File}:{Line}";
}

internal sealed record YamlScalar(string File, long Line, string Value, bool IsPlain) : YamlNode(File, Line)
{
    public bool IsNull => IsPlain && Value is "" or "~" or "null" or "Null" or "NULL";
}

internal sealed record YamlSequence(string File, long Line, IReadOnlyList<YamlNode> Items) : YamlNode(File, Line);

internal sealed record YamlMapping(string File, long Line, IReadOnlyDictionary<string, YamlNode> Entries) : YamlNode(File, Line);

/// <summary>
/// Composes YAML events into a tree under limits. Aliases share the node they name, so a "billion laughs" document stays as
/// small as its text, and a node cannot contain itself because an anchor is known only after its node ends.
/// </summary>
internal sealed class YamlTree
{
    private readonly string _file;
    private readonly ClusterLimits _limits;
    private readonly IParser _parser;
    private readonly Dictionary<string, YamlNode> _anchors = new(StringComparer.Ordinal);
    private int _nodes;

    private YamlTree(string file, string text, ClusterLimits limits)
    {
        _file = file;
        _limits = limits;
        _parser = new Parser(new StringReader(text));
    }

    /// <summary>The first document, or null when the file is empty.</summary>
    public static YamlNode? Parse(string file, string text, ClusterLimits limits)
    {
        var tree = new YamlTree(file, text, limits);
        try
        {
            tree._parser.Consume<StreamStart>();
            if (tree._parser.Accept<StreamEnd>(out _))
                return null;
            tree._parser.Consume<DocumentStart>();
            return tree.ReadNode(0);
        }
        catch (YamlException e)
        {
            throw new KubeconfigException($"`{file}:{e.Start.Line}` is not valid YAML: {e.Message}", "fix the file, or name another one with `--kubeconfig`", e);
        }
    }

    private YamlNode ReadNode(int depth)
    {
        var line = _parser.Current?.Start.Line ?? 0;
        if (depth > _limits.MaxYamlDepth)
            throw Broken(line, $"is nested deeper than {_limits.MaxYamlDepth} levels");
        if (++_nodes > _limits.MaxYamlNodes)
            throw Broken(line, $"has more than {_limits.MaxYamlNodes} values");

        if (_parser.TryConsume<AnchorAlias>(out var alias))
            return _anchors.TryGetValue(alias.Value.Value, out var known) ? known : throw Broken(line, $"uses the alias `*{alias.Value.Value}`, which no earlier value defines");

        var anchor = (_parser.Current as NodeEvent)?.Anchor ?? default;
        var node = ReadValue(line, depth);
        if (!anchor.IsEmpty)
            _anchors[anchor.Value] = node;
        return node;
    }

    private YamlNode ReadValue(long line, int depth)
    {
        if (_parser.TryConsume<Scalar>(out var scalar))
            return new YamlScalar(_file, line, scalar.Value, scalar.Style is ScalarStyle.Plain);

        if (_parser.TryConsume<SequenceStart>(out _))
        {
            var items = new List<YamlNode>();
            while (!_parser.TryConsume<SequenceEnd>(out _))
                items.Add(ReadNode(depth + 1));
            return new YamlSequence(_file, line, items);
        }

        _parser.Consume<MappingStart>();
        var entries = new Dictionary<string, YamlNode>(StringComparer.Ordinal);
        while (!_parser.TryConsume<MappingEnd>(out _))
        {
            if (ReadNode(depth + 1) is not YamlScalar key)
                throw Broken(line, "has a key that is not a string");
            if (!entries.TryAdd(key.Value, ReadNode(depth + 1)))
                throw Broken(key.Line, $"defines `{key.Value}` twice");
        }

        return new YamlMapping(_file, line, entries);
    }

    private KubeconfigException Broken(long line, string problem) =>
        new($"`{_file}:{line}` {problem}", "fix the file, or name another one with `--kubeconfig`");
}
