using System.Globalization;
using System.Numerics;

namespace LazyOC.Plugins.Contracts.Schemas;

/// <summary>A number of a JSON document as it is written, so that nothing is lost to rounding: <c>Digits × 10^Exponent</c>, without trailing zeros.</summary>
/// <remarks>Source: RFC 8259, section 6, whose numbers have no bounds. Ours have: <see cref="SchemaLimits.MaxNumberDigits"/>.</remarks>
internal readonly record struct ExactNumber(BigInteger Digits, int Exponent) : IComparable<ExactNumber>
{
    /// <summary>Whether it has no fraction; <c>1.0</c> has none.</summary>
    public bool IsWhole => Exponent >= 0;

    /// <summary>Reads a number of a JSON document; false when it has too many digits, written out.</summary>
    public static bool TryParse(string json, int maxDigits, out ExactNumber number)
    {
        number = default;
        if (json.Length > maxDigits) return false;
        var exponentAt = json.AsSpan().IndexOfAny('e', 'E');
        var mantissa = exponentAt < 0 ? json.AsSpan() : json.AsSpan(0, exponentAt);
        var exponent = 0;
        if (exponentAt >= 0 && !int.TryParse(json.AsSpan(exponentAt + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out exponent)) return false;
        if (Math.Abs((long)exponent) > maxDigits) return false;
        var point = mantissa.IndexOf('.');
        var digits = point < 0 ? mantissa.ToString() : string.Concat(mantissa[..point], mantissa[(point + 1)..]);
        number = Of(BigInteger.Parse(digits, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture), exponent - (point < 0 ? 0 : mantissa.Length - point - 1));
        return true;
    }

    public int CompareTo(ExactNumber other)
    {
        var exponent = Math.Min(Exponent, other.Exponent);
        return At(exponent).CompareTo(other.At(exponent));
    }

    /// <summary>Whether it is a whole multiple of a number above zero.</summary>
    public bool IsMultipleOf(ExactNumber divisor)
    {
        var exponent = Math.Min(Exponent, divisor.Exponent);
        return (At(exponent) % divisor.At(exponent)).IsZero;
    }

    /// <summary>The number as a count; false when it is none that an <see cref="int"/> holds.</summary>
    public bool TryCount(out int count)
    {
        count = 0;
        if (!IsWhole || Digits.Sign < 0 || At(0) is var whole && whole > int.MaxValue) return false;
        count = (int)At(0);
        return true;
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Digits}e{Exponent}");

    private static ExactNumber Of(BigInteger digits, int exponent)
    {
        if (digits.IsZero) return new(0, 0);
        while (true)
        {
            var (tenth, rest) = BigInteger.DivRem(digits, 10);
            if (!rest.IsZero) return new(digits, exponent);
            (digits, exponent) = (tenth, exponent + 1);
        }
    }

    private BigInteger At(int exponent) => Digits * BigInteger.Pow(10, Exponent - exponent);
}
