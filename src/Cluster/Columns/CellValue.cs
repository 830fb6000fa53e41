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

    /// <summary>What to show at a moment.</summary>
    public string Display(ColumnType type, DateTimeOffset now) => throw new NotImplementedException();

    /// <summary>Order of two values of one column; values that are missing come last.</summary>
    public static int Compare(CellValue left, CellValue right, ColumnType type) => throw new NotImplementedException();
}
