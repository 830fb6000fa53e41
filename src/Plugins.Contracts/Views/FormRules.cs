using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace LazyOC.Plugins.Contracts.Views;

/// <summary>What forms may hold at most.</summary>
/// <param name="MaxFields">Fields of a form.</param>
/// <param name="MaxTextLength">Characters of a name, label, help or option.</param>
/// <param name="MaxPatternLength">Characters of a pattern.</param>
/// <param name="MaxValueLength">Characters of a text or secret.</param>
/// <param name="PatternTimeout">How long a value is held against a pattern.</param>
public sealed record FormLimits(int MaxFields = 50, int MaxTextLength = 1_000, int MaxPatternLength = 200, int MaxValueLength = 10_000, TimeSpan PatternTimeout = default)
{
    /// <summary>The bounds of every form.</summary>
    public static FormLimits Default { get; } = new(PatternTimeout: TimeSpan.FromMilliseconds(100));
}

/// <summary>What a form's fields must be to make sense, and which values they accept: the same for the screen that asks and for the host that passes them on.</summary>
/// <remarks>Thread safe.</remarks>
public static class FormRules
{
    /// <summary>Holds the definition of fields to the rules.</summary>
    /// <param name="fields">What a plugin declares.</param>
    /// <param name="path">Where they are in their document.</param>
    /// <returns>The first problem; null when all is well.</returns>
    public static Problem? CheckFields(ImmutableArray<FormField> fields, string path)
    {
        var limits = FormLimits.Default;
        if (fields.Length > limits.MaxFields) return new Problem(path, $"has {fields.Length} fields; at most {limits.MaxFields} are allowed");
        var names = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < fields.Length; i++)
        {
            var (field, at) = (fields[i], $"{path}[{i}]");
            if (field.Name.Length == 0) return new Problem($"{at}.name", "is empty");
            if (!names.Add(field.Name)) return new Problem($"{at}.name", $"is `{field.Name}`, which another field has", "names are unique in a form");
            if (CheckField(field, at, limits) is { } problem) return problem;
        }
        return null;
    }

    /// <summary>Holds the values of a filled-in form to its fields.</summary>
    /// <param name="fields">Fields that <see cref="CheckFields"/> found well.</param>
    /// <param name="values">An object from field name to value; a field that was left empty is absent or null. Null when nothing was filled in.</param>
    /// <returns>Empty when they are accepted; otherwise one problem a field, <see cref="Problem.Where"/> being the field's name. No message repeats a value.</returns>
    public static ImmutableArray<Problem> CheckValues(ImmutableArray<FormField> fields, JsonElement? values)
    {
        if (values is { ValueKind: not JsonValueKind.Object }) return [new Problem("", "the values are not an object from field name to value")];
        var problems = ImmutableArray.CreateBuilder<Problem>();
        if (values is { } given)
            foreach (var member in given.EnumerateObject())
                if (!fields.Any(f => f.Name == member.Name)) problems.Add(new Problem("", "the values have a name that is no field"));
        foreach (var field in fields)
        {
            var value = values is { } all && all.TryGetProperty(field.Name, out var found) && found.ValueKind != JsonValueKind.Null ? found : (JsonElement?)null;
            if (CheckValue(field, value) is { } message) problems.Add(new Problem(field.Name, message));
        }
        return problems.DrainToImmutable();
    }

    /// <summary>Holds one value to its field.</summary>
    /// <param name="field">A field that <see cref="CheckFields"/> found well.</param>
    /// <param name="value">Null when it was left empty.</param>
    /// <returns>What is wrong, to be shown beside the field; null when it is accepted.</returns>
    public static string? CheckValue(FormField field, JsonElement? value)
    {
        if (value is not { } given) return field.Required && field.Kind != FieldKind.Toggle ? "must be filled in" : null;
        return (field.Kind, given.ValueKind) switch
        {
            (FieldKind.Toggle, JsonValueKind.True or JsonValueKind.False) => null,
            (FieldKind.Number, JsonValueKind.Number) => CheckNumber(field, given.GetDouble()),
            (FieldKind.Select, JsonValueKind.String) => given.GetString() is var chosen && field.Options.Any(o => o.Value == chosen) ? null : "must be one of the options",
            (FieldKind.Text or FieldKind.Secret, JsonValueKind.String) => CheckText(field, given.GetString()!),
            (FieldKind.Toggle, _) => "must be true or false",
            (FieldKind.Number, _) => "must be a number",
            _ => "must be text",
        };
    }

    private static Problem? CheckField(FormField field, string at, FormLimits limits)
    {
        foreach (var (key, text) in new[] { ("name", field.Name), ("label", field.Label), ("help", field.Help ?? "") })
        {
            if (text.Length > limits.MaxTextLength) return new Problem($"{at}.{key}", $"has {text.Length} characters; at most {limits.MaxTextLength} are allowed");
            if (text.Any(char.IsControl)) return new Problem($"{at}.{key}", "has control characters");
        }
        return CheckOptions(field, at, limits) ?? CheckBounds(field, at) ?? CheckPattern(field, at, limits) ?? CheckFirstValue(field, at);
    }

    private static Problem? CheckOptions(FormField field, string at, FormLimits limits)
    {
        if (field.Kind == FieldKind.Select == field.Options.IsEmpty)
            return new Problem($"{at}.options", field.Options.IsEmpty ? "is missing" : "is there, but the field is no `select`", field.Options.IsEmpty ? "name what the user can choose" : null);
        var values = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < field.Options.Length; i++)
        {
            var option = field.Options[i];
            if (!values.Add(option.Value)) return new Problem($"{at}.options[{i}].value", $"is `{option.Value}`, which another option has");
            if (Math.Max(option.Label.Length, option.Value.Length) > limits.MaxTextLength) return new Problem($"{at}.options[{i}]", $"has more than {limits.MaxTextLength} characters");
        }
        return null;
    }

    private static Problem? CheckBounds(FormField field, string at)
    {
        if (field.Kind is FieldKind.Select or FieldKind.Toggle && (field.Min ?? field.Max) is not null)
            return new Problem($"{at}.{(field.Min is null ? "max" : "min")}", "is there, but the field has neither a number nor text");
        return field is { Min: { } min, Max: { } max } && min > max ? new Problem($"{at}.min", $"is {Show(min)}, above `max`, which is {Show(max)}") : null;
    }

    private static Problem? CheckPattern(FormField field, string at, FormLimits limits)
    {
        if (field.Pattern is not { } pattern) return null;
        if (field.Kind is not (FieldKind.Text or FieldKind.Secret)) return new Problem($"{at}.pattern", "is there, but the field is neither `text` nor `secret`");
        if (pattern.Length > limits.MaxPatternLength) return new Problem($"{at}.pattern", $"has {pattern.Length} characters; at most {limits.MaxPatternLength} are allowed");
        try
        {
            // Alone, too, so that it cannot close the group around it.
            _ = new Regex(pattern, RegexOptions.NonBacktracking);
            _ = Compile(pattern, limits);
            return null;
        }
        catch (Exception error) when (error is ArgumentException or NotSupportedException)
        {
            return new Problem($"{at}.pattern", "is not a regular expression that is taken here", "lookaround, backreferences and very large repetitions are not");
        }
    }

    private static Problem? CheckFirstValue(FormField field, string at)
    {
        if (field.Value is not { ValueKind: not JsonValueKind.Null } value) return null;
        if (field.Kind == FieldKind.Secret) return new Problem($"{at}.value", "is there, but a secret has none at first");
        return CheckValue(field, value) is { } message ? new Problem($"{at}.value", message) : null;
    }

    private static string? CheckNumber(FormField field, double number)
    {
        if (!double.IsFinite(number)) return "is too large a number";
        if (number < field.Min) return $"must be {Show(field.Min.Value)} or more";
        return number > field.Max ? $"must be {Show(field.Max.Value)} or less" : null;
    }

    private static string? CheckText(FormField field, string text)
    {
        var limits = FormLimits.Default;
        if (field.Required && text.Length == 0) return "must be filled in";
        if (text.Length == 0) return null;
        if (text.Length > limits.MaxValueLength) return $"must have {limits.MaxValueLength} characters or fewer";
        if (text.Length < field.Min) return $"must have {Show(field.Min.Value)} characters or more";
        if (text.Length > field.Max) return $"must have {Show(field.Max.Value)} characters or fewer";
        if (field.Pattern is not { } pattern) return null;
        try
        {
            return Compile(pattern, limits).IsMatch(text) ? null : $"must match `{pattern}`";
        }
        catch (RegexMatchTimeoutException)
        {
            return $"could not be held against `{pattern}` in time";
        }
    }

    private static Regex Compile(string pattern, FormLimits limits) =>
        new($@"\A(?:{pattern})\z", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant, limits.PatternTimeout);

    private static string Show(double number) => number.ToString(CultureInfo.InvariantCulture);
}
