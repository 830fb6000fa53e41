using System.Text.Json;

namespace LazyOC.Cluster.Columns;

/// <summary>One step of a JSONPath: what it selects from one value.</summary>
internal abstract record PathStep
{
    protected abstract IEnumerable<JsonElement> From(JsonElement value);

    public static IReadOnlyList<JsonElement> Run(IReadOnlyList<PathStep> steps, JsonElement root, int maxResults)
    {
        var current = new List<JsonElement> { root };
        foreach (var step in steps)
        {
            var next = new List<JsonElement>();
            foreach (var value in current)
            {
                foreach (var found in step.From(value))
                {
                    if (next.Count == maxResults)
                        break;
                    next.Add(found);
                }
            }

            if (next.Count == 0)
                return next;
            current = next;
        }

        return current;
    }

    private static IEnumerable<JsonElement> Children(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Array => value.EnumerateArray(),
        JsonValueKind.Object => value.EnumerateObject().Select(p => p.Value),
        _ => [],
    };

    public sealed record Name(string Key) : PathStep
    {
        protected override IEnumerable<JsonElement> From(JsonElement value) => value.At(Key) is { } found ? [found] : [];
    }

    public sealed record Wildcard : PathStep
    {
        protected override IEnumerable<JsonElement> From(JsonElement value) => Children(value);
    }

    /// <summary>The value itself and everything below it.</summary>
    public sealed record Descendants : PathStep
    {
        protected override IEnumerable<JsonElement> From(JsonElement value)
        {
            var open = new Stack<JsonElement>([value]);
            while (open.TryPop(out var next))
            {
                yield return next;
                foreach (var child in Children(next).Reverse())
                    open.Push(child);
            }
        }
    }

    /// <summary>An index or a slice; negative positions count from the end. An index is a slice of one.</summary>
    public sealed record Slice(int? Start, int? End, int Step, bool IsIndex) : PathStep
    {
        protected override IEnumerable<JsonElement> From(JsonElement value)
        {
            if (value.ValueKind is not JsonValueKind.Array)
                yield break;
            var length = value.GetArrayLength();
            var start = Position(Start ?? 0, length);
            if (IsIndex)
            {
                if (start >= 0 && start < length)
                    yield return value[start];
                yield break;
            }

            var end = Math.Min(Position(End ?? length, length), length);
            for (long i = Math.Max(start, 0); i < end; i += Step)
                yield return value[(int)i];
        }

        private static int Position(int index, int length) => index < 0 ? index + length : index;
    }

    public sealed record Union(IReadOnlyList<PathStep> Parts) : PathStep
    {
        protected override IEnumerable<JsonElement> From(JsonElement value) => Parts.SelectMany(part => part.From(value));
    }

    /// <summary>The items of an array for which a comparison holds; without an operator, those that have the left side.</summary>
    public sealed record Filter(Operand Left, string? Operator, Operand? Right) : PathStep
    {
        protected override IEnumerable<JsonElement> From(JsonElement value) =>
            value.ValueKind is JsonValueKind.Array ? value.EnumerateArray().Where(Holds) : [];

        private bool Holds(JsonElement item)
        {
            if (Left.Value(item) is not { } left)
                return false;
            if (Right is null)
                return true;
            if (Right.Value(item) is not { } right || Compare(left, right) is not { } order)
                return Operator == "!=";
            return Operator switch
            {
                "==" => order == 0,
                "!=" => order != 0,
                "<" => order < 0,
                "<=" => order <= 0,
                ">" => order > 0,
                _ => order >= 0,
            };
        }

        /// <summary>Order of two values; null when they are of different types.</summary>
        private static int? Compare(JsonElement left, JsonElement right) => (left.ValueKind, right.ValueKind) switch
        {
            (JsonValueKind.String, JsonValueKind.String) => string.CompareOrdinal(left.GetString(), right.GetString()),
            (JsonValueKind.Number, JsonValueKind.Number) => left.GetDouble().CompareTo(right.GetDouble()),
            (JsonValueKind.True or JsonValueKind.False, JsonValueKind.True or JsonValueKind.False) => left.GetBoolean().CompareTo(right.GetBoolean()),
            _ => null,
        };
    }

    /// <summary>One side of a filter: a literal, or the first thing a path relative to the item selects.</summary>
    public sealed record Operand(JsonElement? Literal, IReadOnlyList<PathStep> Path)
    {
        public JsonElement? Value(JsonElement item)
        {
            if (Literal is { } literal)
                return literal;
            var found = Run(Path, item, maxResults: 1);
            return found.Count > 0 ? found[0] : null;
        }
    }
}
