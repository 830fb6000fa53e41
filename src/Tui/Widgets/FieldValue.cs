using System.Globalization;
using System.Text.Json;
using LazyOC.Plugins.Contracts.Views;

namespace LazyOC.Tui.Widgets;

/// <summary>What a field of a form holds while it is filled in. Immutable.</summary>
internal abstract record FieldValue
{
    private FieldValue() { }

    /// <summary>A line of text: text, number or secret.</summary>
    public sealed record Line(TextField Field) : FieldValue;

    /// <summary>One of the options.</summary>
    /// <param name="Index">Which; -1 while none is chosen.</param>
    /// <param name="IsOpen">Whether the options are listed below the field.</param>
    public sealed record Choice(int Index, bool IsOpen = false) : FieldValue;

    /// <summary>On or off.</summary>
    public sealed record Switch(bool IsOn) : FieldValue;

    /// <summary>What a field holds at first.</summary>
    public static FieldValue Of(FormField field)
    {
        var first = field.Value is { ValueKind: not JsonValueKind.Null } value ? value : (JsonElement?)null;
        return field.Kind switch
        {
            FieldKind.Toggle => new Switch(first is { ValueKind: JsonValueKind.True }),
            FieldKind.Select => new Choice(first is { ValueKind: JsonValueKind.String } chosen ? IndexOf(field, chosen.GetString()!) : -1),
            _ => new Line(TextField.Of(first is { } given ? given.ToString() : "") with { Masked = field.Kind == FieldKind.Secret }),
        };
    }

    /// <summary>Writes the value as JSON; a field that was left empty writes null.</summary>
    public void Write(Utf8JsonWriter writer, FormField field)
    {
        switch (this)
        {
            case Switch toggle:
                writer.WriteBooleanValue(toggle.IsOn);
                break;
            case Choice { Index: >= 0 } choice:
                writer.WriteStringValue(field.Options[choice.Index].Value);
                break;
            case Line { Field.Text: { Length: > 0 } text }:
                WriteLine(writer, field, text);
                break;
            default:
                writer.WriteNullValue();
                break;
        }
    }

    /// <summary>What is no number is written as text, for the rules to refuse.</summary>
    private static void WriteLine(Utf8JsonWriter writer, FormField field, string text)
    {
        if (field.Kind == FieldKind.Number && long.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out var whole))
            writer.WriteNumberValue(whole);
        else if (field.Kind == FieldKind.Number && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number))
            writer.WriteNumberValue(number);
        else
            writer.WriteStringValue(text);
    }

    private static int IndexOf(FormField field, string value)
    {
        for (var i = 0; i < field.Options.Length; i++)
        {
            if (field.Options[i].Value == value)
                return i;
        }
        return -1;
    }
}
