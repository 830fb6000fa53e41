using System.Collections.Immutable;
using System.Text.Json;
using System.Text.RegularExpressions;
using LazyOC.Plugins.Contracts.Json;

namespace LazyOC.Plugins.Contracts.Schemas;

/// <summary>Holds one value to one schema, within the limits of a check. For one value.</summary>
/// <param name="schema">Has the definitions.</param>
/// <param name="limits">Bounds.</param>
/// <param name="showValues">Whether problems may repeat the value.</param>
internal sealed class SchemaCheck(JsonSchema schema, SchemaLimits limits, bool showValues)
{
    private readonly List<Problem> _problems = [];
    private int _steps;
    private int _quiet;
    private Problem? _gaveUp;

    public ImmutableArray<Problem> Run(JsonElement value, SchemaNode node)
    {
        try
        {
            Check(value, node, null, 0);
        }
        catch (InvalidOperationException)
        {
            // JsonElement's answer to text that no string can hold: half of a surrogate pair.
            return [new Problem("", "the value has text that is not valid Unicode")];
        }
        // What was not looked at to its end is not accepted, whatever a `not` around it would make of that.
        return _gaveUp is { } gaveUp ? [gaveUp] : [.. _problems];
    }

    private bool Check(JsonElement value, SchemaNode node, Place? at, int depth)
    {
        if (!MayGoOn(at, depth)) return false;
        if (node.IsNothing) return Refuse(at, value, "expected nothing here");
        var accepted = node.Types.IsEmpty || node.Types.Any(type => IsOf(value, type)) || Refuse(at, value, $"expected {Words(node.Types)}");
        if (!accepted) return false;
        if (node.Allowed is { } allowed && !allowed.Contains(JsonIdentity.Of(value, limits.MaxNumberDigits)))
            accepted = Refuse(at, value, node.Enum is [var only] ? $"expected {JsonExplanation.Show(only)}" : $"expected one of {string.Join(", ", node.Enum.Select(JsonExplanation.Show))}");
        accepted &= value.ValueKind switch
        {
            JsonValueKind.Object => CheckObject(value, node, at, depth),
            JsonValueKind.Array => CheckArray(value, node, at, depth),
            JsonValueKind.String => CheckText(value, node, at),
            JsonValueKind.Number => CheckNumber(value, node, at),
            _ => true,
        };
        accepted &= CheckInPlace(value, node, at, depth);
        return accepted;
    }

    private bool MayGoOn(Place? at, int depth)
    {
        if (_gaveUp is not null) return false;
        if (depth > limits.MaxCheckDepth) _gaveUp = new Problem(Place.Path(at), $"is nested deeper than the {limits.MaxCheckDepth} schemas that are checked within each other");
        else if (++_steps > limits.MaxCheckSteps) _gaveUp = new Problem("", $"the value takes more than the {limits.MaxCheckSteps:N0} steps that a check may take");
        return _gaveUp is null;
    }

    private bool CheckObject(JsonElement value, SchemaNode node, Place? at, int depth)
    {
        var accepted = true;
        foreach (var name in node.Required)
            if (!value.TryGetProperty(name, out _)) accepted = Report(new Place(at, name), "is missing", null);
        if (node.Properties.IsEmpty && node.AdditionalProperties is null) return accepted;
        foreach (var member in value.EnumerateObject())
        {
            var place = new Place(at, member.Name);
            var (isKnown, property) = Find(node, member.Name);
            if (isKnown) accepted &= Check(member.Value, property!, place, depth + 1);
            else if (node.AdditionalProperties is { IsNothing: true })
            {
                var names = node.Properties.Select(p => p.Key).ToArray();
                var near = NearestName.Of(member.Name, names);
                accepted = Report(place, "is not a known key", near is not null ? $"did you mean `{near}`?" : names.Length > 0 ? $"known keys are {JsonExplanation.List(names)}" : null);
            }
            else if (node.AdditionalProperties is { } others) accepted &= Check(member.Value, others, place, depth + 1);
            if (_gaveUp is not null) return false;
        }
        return accepted;
    }

    private static (bool IsKnown, SchemaNode? Node) Find(SchemaNode node, string name)
    {
        foreach (var (key, property) in node.Properties)
            if (key == name) return (true, property);
        return (false, null);
    }

    private bool CheckArray(JsonElement value, SchemaNode node, Place? at, int depth)
    {
        var accepted = true;
        var length = value.GetArrayLength();
        if (length < node.MinItems) accepted = Report(at, $"has {length} entries; expected {node.MinItems} or more", null);
        if (length > node.MaxItems) accepted = Report(at, $"has {length} entries; expected {node.MaxItems} or fewer", null);
        if (node.PrefixItems.IsEmpty && node.Items is null && !node.UniqueItems) return accepted;
        var seen = node.UniqueItems ? new Dictionary<string, int>(StringComparer.Ordinal) : null;
        var index = 0;
        foreach (var item in value.EnumerateArray())
        {
            var place = new Place(at, null, index);
            if (index < node.PrefixItems.Length) accepted &= Check(item, node.PrefixItems[index], place, depth + 1);
            else if (node.Items is { } items) accepted &= Check(item, items, place, depth + 1);
            if (seen is not null && !seen.TryAdd(JsonIdentity.Of(item, limits.MaxNumberDigits), index))
                accepted = Report(place, $"is the same as entry {seen[JsonIdentity.Of(item, limits.MaxNumberDigits)]}; expected no entry twice", null);
            if (_gaveUp is not null) return false;
            index++;
        }
        return accepted;
    }

    private bool CheckText(JsonElement value, SchemaNode node, Place? at)
    {
        if (node.MinLength is null && node.MaxLength is null && node.Pattern is null && node.Format is null) return true;
        var text = value.GetString()!;
        var accepted = true;
        if ((node.MinLength ?? node.MaxLength) is not null)
        {
            var length = text.EnumerateRunes().Count();
            if (length < node.MinLength) accepted = Report(at, $"has {length} characters; expected {node.MinLength} or more", null);
            if (length > node.MaxLength) accepted = Report(at, $"has {length} characters; expected {node.MaxLength} or fewer", null);
        }
        if (node.Pattern is { } pattern && !Matches(pattern, text)) accepted = Refuse(at, value, $"expected text that matches `{node.PatternText}`");
        if (node.Format is { } format && !SchemaFormat.All[format].Holds(text)) accepted = Refuse(at, value, $"expected {SchemaFormat.All[format].Expected}");
        return accepted;
    }

    private static bool Matches(Regex pattern, string text)
    {
        try
        {
            return pattern.IsMatch(text);
        }
        catch (RegexMatchTimeoutException)
        {
            return false;
        }
    }

    private bool CheckNumber(JsonElement value, SchemaNode node, Place? at)
    {
        if (node is { Minimum: null, Maximum: null, ExclusiveMinimum: null, ExclusiveMaximum: null, MultipleOf: null }) return true;
        if (!ExactNumber.TryParse(value.GetRawText(), limits.MaxNumberDigits, out var number))
            return Report(at, $"is a number of more than {limits.MaxNumberDigits} digits; expected fewer", null);
        var accepted = true;
        if (node.Minimum is { } minimum && number.CompareTo(minimum.Value) < 0) accepted = Refuse(at, value, $"expected {minimum} or more");
        if (node.ExclusiveMinimum is { } above && number.CompareTo(above.Value) <= 0) accepted = Refuse(at, value, $"expected more than {above}");
        if (node.Maximum is { } maximum && number.CompareTo(maximum.Value) > 0) accepted = Refuse(at, value, $"expected {maximum} or less");
        if (node.ExclusiveMaximum is { } below && number.CompareTo(below.Value) >= 0) accepted = Refuse(at, value, $"expected less than {below}");
        if (node.MultipleOf is { } divisor && !number.IsMultipleOf(divisor.Value)) accepted = Refuse(at, value, $"expected a multiple of {divisor}");
        return accepted;
    }

    private bool CheckInPlace(JsonElement value, SchemaNode node, Place? at, int depth)
    {
        var accepted = node.Reference is not { } name || Check(value, schema.Definitions[name], at, depth + 1);
        foreach (var part in node.AllOf) accepted &= Check(value, part, at, depth + 1);
        if (!node.AnyOf.IsEmpty && !node.AnyOf.Any(part => Accepts(value, part, at, depth)))
            accepted = Refuse(at, value, $"expected {string.Join(" or ", node.AnyOf.Select(Describe))}");
        if (!node.OneOf.IsEmpty && node.OneOf.Count(part => Accepts(value, part, at, depth)) is var fitting && fitting != 1)
            accepted = Refuse(at, value, $"expected exactly one of: {string.Join(", ", node.OneOf.Select(Describe))}{(fitting > 1 ? $"; it fits {fitting} of them" : "")}");
        if (node.Not is { } not && Accepts(value, not, at, depth)) accepted = Refuse(at, value, $"expected anything but {Describe(not, 0)}");
        return accepted;
    }

    private bool Accepts(JsonElement value, SchemaNode node, Place? at, int depth)
    {
        _quiet++;
        var accepted = Check(value, node, at, depth + 1);
        _quiet--;
        return accepted;
    }

    private string Describe(SchemaNode node, int index) =>
        node.Title is { Length: > 0 } title ? $"`{title}`"
        : node.Allowed is not null ? string.Join(" or ", node.Enum.Select(JsonExplanation.Show))
        : !node.Types.IsEmpty ? Words(node.Types) + (node.Format is { } format ? $" ({format})" : "")
        : node.Reference is { } name ? $"`{name}`"
        : $"alternative {index + 1}";

    private bool IsOf(JsonElement value, string type) => (type, value.ValueKind) switch
    {
        ("object", JsonValueKind.Object) or ("array", JsonValueKind.Array) or ("string", JsonValueKind.String) or ("number", JsonValueKind.Number) or ("null", JsonValueKind.Null) => true,
        ("boolean", JsonValueKind.True or JsonValueKind.False) => true,
        ("integer", JsonValueKind.Number) => ExactNumber.TryParse(value.GetRawText(), limits.MaxNumberDigits, out var number) && number.IsWhole,
        _ => false,
    };

    private static string Words(ImmutableArray<string> types) => string.Join(" or ", types.Select(type => type switch
    {
        "object" => "an object",
        "array" => "an array",
        "integer" => "a whole number",
        "boolean" => "true or false",
        "null" => "null",
        _ => $"a {type}",
    }));

    private bool Refuse(Place? at, JsonElement value, string expected) => Report(at, showValues ? $"is {JsonExplanation.Show(value)}; {expected}" : $"is not accepted; {expected}", null);

    private bool Report(Place? at, string message, string? hint)
    {
        if (_quiet > 0 || _problems.Count >= limits.MaxProblems) return false;
        var path = Place.Path(at);
        _problems.Add(new Problem(path, path.Length == 0 ? Problem.WholeValue + message : message, hint));
        return false;
    }

    /// <summary>Where in the value; written out only for a problem.</summary>
    private sealed record Place(Place? Parent, string? Key, int Index = 0)
    {
        public static string Path(Place? place) =>
            place is null ? "" : place.Key is { } key ? JsonExplanation.Join(Path(place.Parent), key) : $"{Path(place.Parent)}[{place.Index}]";
    }
}
