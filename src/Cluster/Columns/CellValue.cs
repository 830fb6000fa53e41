using System.Globalization;
using System.Text.Json;

namespace LazyOC.Cluster.Columns;

/// <summary>
/// One projected value, 16 bytes: text to show and a number to sort by. What each means depends on the column's
/// <see cref="ColumnType"/>: an age is a Unix time in milliseconds without text; restarts carry the count and, as
/// text, the RFC 3339 time of the last one.
/// </summary>
/// <param name="Text">Text; null when there is none or it depends on the time.</param>
/// <param name="Number">Sort key; NaN when there is none.</param>
public readonly record struct CellValue(string? Text, double Number)
{
    /// <summary>No value; shown as <c>&lt;none&gt;</c>, or empty for JSON.</summary>
    public static CellValue None { get; } = new(null, double.NaN);

    /// <summary>Whether there is neither text nor number.</summary>
    public bool IsNone => Text is null && double.IsNaN(Number);

    /// <summary>What to show at a moment. May hold control characters when the cluster's data does.</summary>
    public string Display(ColumnType type, DateTimeOffset now) => type switch
    {
        _ when IsNone => type is ColumnType.Json ? "" : "<none>",
        ColumnType.Age => Text ?? HumanDuration.Format(now - DateTimeOffset.FromUnixTimeMilliseconds((long)Number)),
        ColumnType.Restarts when Text is not null && DateTimeOffset.TryParse(Text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var last)
            => $"{Number.ToString(CultureInfo.InvariantCulture)} ({HumanDuration.Format(now - last)} ago)",
        ColumnType.Restarts => Number.ToString(CultureInfo.InvariantCulture),
        _ => Text ?? Number.ToString(CultureInfo.InvariantCulture),
    };

    /// <summary>Order of two values of one column; values that are missing come last.</summary>
    public static int Compare(CellValue left, CellValue right, ColumnType type)
    {
        if (type is ColumnType.Text or ColumnType.Status or ColumnType.Json)
        {
            if (left.Text is null || right.Text is null)
                return (left.Text is null).CompareTo(right.Text is null);
            return string.CompareOrdinal(left.Text, right.Text);
        }

        if (double.IsNaN(left.Number) || double.IsNaN(right.Number))
            return double.IsNaN(left.Number).CompareTo(double.IsNaN(right.Number));
        return type is ColumnType.Age ? right.Number.CompareTo(left.Number) : left.Number.CompareTo(right.Number);
    }

    internal static CellValue Of(string? text) => text is { Length: > 0 } ? new CellValue(text, double.NaN) : None;

    internal static CellValue Of(long? number) => number is { } value ? new CellValue(null, value) : None;

    internal static CellValue OfTime(string? text) =>
        text is not null && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            ? new CellValue(null, time.ToUnixTimeMilliseconds())
            : None;

    internal static CellValue OfQuantity(string? text) => text is { Length: > 0 } ? new CellValue(text, Quantity.Parse(text)) : None;

    /// <summary><c>1/2</c>, sorted by the share that is ready; nothing wanted counts as all ready.</summary>
    internal static CellValue OfReady(long ready, long wanted) =>
        new(string.Create(CultureInfo.InvariantCulture, $"{ready}/{wanted}"), wanted == 0 ? 1 : (double)ready / wanted);

    /// <summary>The value of a JSON element for a column of a type.</summary>
    internal static CellValue Of(JsonElement element, ColumnType type) => type switch
    {
        ColumnType.Age => OfTime(Plain(element)),
        ColumnType.Quantity => OfQuantity(Plain(element)),
        ColumnType.Number or ColumnType.Restarts when element.ValueKind is JsonValueKind.Number => new CellValue(type is ColumnType.Number ? element.GetRawText() : null, element.GetDouble()),
        ColumnType.Number => new CellValue(Plain(element), Quantity.Parse(Plain(element))),
        _ => Of(Plain(element)),
    };

    internal static string Plain(JsonElement element) => element.ValueKind is JsonValueKind.String ? element.GetString()! : element.GetRawText();
}
