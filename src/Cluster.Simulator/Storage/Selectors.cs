using System.Text.Json.Nodes;

namespace LazyOC.Cluster.Simulator.Storage;

/// <summary>A label selector: equality, set and existence requirements, all of which must hold.</summary>
internal sealed record LabelSelector(IReadOnlyList<LabelSelector.Requirement> Requirements)
{
    public static readonly LabelSelector Everything = new([]);

    internal enum Operator
    {
        In,
        NotIn,
        Exists,
        DoesNotExist,
    }

    internal sealed record Requirement(string Key, Operator Operator, IReadOnlyList<string> Values);

    public bool Matches(IReadOnlyDictionary<string, string> labels)
    {
        foreach (Requirement requirement in Requirements)
        {
            bool present = labels.TryGetValue(requirement.Key, out string? value);
            bool holds = requirement.Operator switch
            {
                Operator.In => present && requirement.Values.Contains(value!, StringComparer.Ordinal),
                Operator.NotIn => !present || !requirement.Values.Contains(value!, StringComparer.Ordinal),
                Operator.Exists => present,
                _ => !present,
            };
            if (!holds)
                return false;
        }

        return true;
    }

    /// <summary>Reads the query-string form, such as <c>app=shop,tier in (web,api),!canary</c>.</summary>
    /// <exception cref="ApiException">The selector cannot be read.</exception>
    public static LabelSelector Parse(string? text, SimulatorLimits limits)
    {
        if (string.IsNullOrWhiteSpace(text))
            return Everything;
        if (text.Length > limits.SelectorCharacters)
            throw ApiException.BadRequest($"label selector is {text.Length} characters, limit is {limits.SelectorCharacters}");
        var requirements = new List<Requirement>();
        foreach (string term in SplitTerms(text))
            requirements.Add(ParseTerm(term.Trim(), text));
        return new LabelSelector(requirements);
    }

    /// <summary>Reads a <c>metav1.LabelSelector</c> (<c>matchLabels</c>, <c>matchExpressions</c>) or a plain map of labels; null selects nothing.</summary>
    public static LabelSelector? FromObject(JsonNode? selector)
    {
        if (selector is not JsonObject fields)
            return null;
        bool structured = fields.ContainsKey("matchLabels") || fields.ContainsKey("matchExpressions");
        JsonNode? labels = structured ? fields["matchLabels"] : fields;
        var requirements = new List<Requirement>();
        foreach ((string key, string value) in labels.StringMap())
            requirements.Add(new Requirement(key, Operator.In, [value]));
        foreach (JsonObject expression in structured ? fields.Objects("matchExpressions") : [])
        {
            Operator op = Enum.TryParse(expression.Text("operator"), out Operator parsed) ? parsed : Operator.Exists;
            requirements.Add(new Requirement(expression.Text("key") ?? "", op, [.. expression.Texts("values")]));
        }

        return new LabelSelector(requirements);
    }

    private static IEnumerable<string> SplitTerms(string text)
    {
        int start = 0;
        int depth = 0;
        for (int i = 0; i < text.Length; i++)
        {
            depth += text[i] switch { '(' => 1, ')' => -1, _ => 0 };
            if (text[i] != ',' || depth != 0)
                continue;
            yield return text[start..i];
            start = i + 1;
        }

        yield return text[start..];
    }

    private static Requirement ParseTerm(string term, string whole)
    {
        int open = term.IndexOf('(', StringComparison.Ordinal);
        if (open >= 0 && term.EndsWith(')'))
        {
            string[] words = term[..open].Split(' ', StringSplitOptions.RemoveEmptyEntries);
            string[] values = term[(open + 1)..^1].Split(',', StringSplitOptions.TrimEntries);
            if (words is [var key, "in"])
                return new Requirement(Key(key), Operator.In, values);
            if (words is [var notKey, "notin"])
                return new Requirement(Key(notKey), Operator.NotIn, values);
            throw Unreadable();
        }

        if (term.StartsWith('!'))
            return new Requirement(Key(term[1..].Trim()), Operator.DoesNotExist, []);
        int unequal = term.IndexOf("!=", StringComparison.Ordinal);
        if (unequal > 0)
            return new Requirement(Key(term[..unequal].Trim()), Operator.NotIn, [Value(term[(unequal + 2)..])]);
        int equal = term.IndexOf('=', StringComparison.Ordinal);
        if (equal > 0)
            return new Requirement(Key(term[..equal].Trim()), Operator.In, [Value(term[(equal + 1)..].TrimStart('='))]);
        return new Requirement(Key(term), Operator.Exists, []);

        string Key(string key) => key.Length is > 0 and <= 317 && key.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' or '/') ? key : throw Unreadable();
        string Value(string value) => value.Trim() is var trimmed && trimmed.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.') ? trimmed : throw Unreadable();
        ApiException Unreadable() => ApiException.BadRequest($"unable to parse requirement: `{term}` in label selector `{whole}`");
    }
}

/// <summary>A field selector: <c>path=value</c> and <c>path!=value</c> terms, all of which must hold.</summary>
internal sealed record FieldSelector(IReadOnlyList<(string[] Path, bool Equal, string Value)> Terms)
{
    public static readonly FieldSelector Everything = new([]);

    public bool IsEmpty => Terms.Count == 0;

    public bool Matches(StoredObject item)
    {
        if (IsEmpty)
            return true;
        JsonObject? tree = null;
        foreach ((string[] path, bool equal, string value) in Terms)
        {
            string actual = path switch
            {
                ["metadata", "name"] => item.Name,
                ["metadata", "namespace"] => item.Namespace,
                _ => Field(tree ??= item.Parse(), path),
            };
            if (string.Equals(actual, value, StringComparison.Ordinal) != equal)
                return false;
        }

        return true;
    }

    /// <exception cref="ApiException">The selector cannot be read.</exception>
    public static FieldSelector Parse(string? text, SimulatorLimits limits)
    {
        if (string.IsNullOrWhiteSpace(text))
            return Everything;
        if (text.Length > limits.SelectorCharacters)
            throw ApiException.BadRequest($"field selector is {text.Length} characters, limit is {limits.SelectorCharacters}");
        var terms = new List<(string[], bool, string)>();
        foreach (string term in text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            int equal = term.IndexOf('=', StringComparison.Ordinal);
            if (equal <= 0)
                throw ApiException.BadRequest($"invalid field selector term `{term}`: expected path=value or path!=value");
            bool negated = term[equal - 1] == '!';
            string path = negated ? term[..(equal - 1)] : term[..equal];
            terms.Add((path.Split('.'), !negated, term[(equal + 1)..].TrimStart('=')));
        }

        return new FieldSelector(terms);
    }

    private static string Field(JsonObject tree, string[] path) =>
        tree.At(path) is JsonValue value ? value.ToString() : "";
}
