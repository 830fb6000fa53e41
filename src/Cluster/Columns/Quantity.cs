using System.Globalization;

namespace LazyOC.Cluster.Columns;

/// <summary>Kubernetes quantities (apimachinery <c>resource.Quantity</c>): a decimal number with an SI, binary or exponent suffix.</summary>
public static class Quantity
{
    private static readonly (string Suffix, double Factor)[] Suffixes =
    [
        ("Ki", 1024d), ("Mi", 1024d * 1024), ("Gi", 1024d * 1024 * 1024), ("Ti", 1024d * 1024 * 1024 * 1024),
        ("Pi", 1024d * 1024 * 1024 * 1024 * 1024), ("Ei", 1024d * 1024 * 1024 * 1024 * 1024 * 1024),
        ("n", 1e-9), ("u", 1e-6), ("m", 1e-3), ("k", 1e3), ("M", 1e6), ("G", 1e9), ("T", 1e12), ("P", 1e15), ("E", 1e18),
    ];

    /// <summary>The value of a quantity such as <c>500m</c>, <c>2Gi</c> or <c>1e3</c>; NaN when it is none.</summary>
    public static double Parse(string text)
    {
        if (TryNumber(text, out var plain))
            return plain;
        foreach (var (suffix, factor) in Suffixes)
            if (text.EndsWith(suffix, StringComparison.Ordinal))
                return TryNumber(text.AsSpan(0, text.Length - suffix.Length), out var number) ? number * factor : double.NaN;
        return double.NaN;
    }

    private static bool TryNumber(ReadOnlySpan<char> text, out double number) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out number);
}
