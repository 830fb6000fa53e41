namespace LazyOC.Marketplace.Scanning.Advisories;

/// <summary>Base scores of CVSS 3.0 and 3.1 (https://www.first.org/cvss/v3.1/specification-document, section 7).</summary>
internal static class CvssScore
{
    private const double Most = 10;

    /// <summary>The base score of a vector such as <c>CVSS:3.1/AV:N/…</c>; null when it is not one.</summary>
    public static double? Of(string vector)
    {
        var parts = vector.Split('/');
        if (parts[0] is not ("CVSS:3.0" or "CVSS:3.1")) return null;
        var metrics = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var part in parts.Skip(1))
            if (part.Split(':') is not [var name, var value] || !metrics.TryAdd(name, value)) return null;
        var isChanged = metrics.GetValueOrDefault("S") == "C";
        if (!isChanged && metrics.GetValueOrDefault("S") != "U") return null;
        var vectorWeight = Weight("AV", ("N", 0.85), ("A", 0.62), ("L", 0.55), ("P", 0.2));
        var complexity = Weight("AC", ("L", 0.77), ("H", 0.44));
        var privileges = Weight("PR", ("N", 0.85), ("L", isChanged ? 0.68 : 0.62), ("H", isChanged ? 0.5 : 0.27));
        var interaction = Weight("UI", ("N", 0.85), ("R", 0.62));
        var (confidentiality, integrity, availability) = (Impact("C"), Impact("I"), Impact("A"));
        var subscore = 1 - ((1 - confidentiality) * (1 - integrity) * (1 - availability));
        var impact = isChanged ? (7.52 * (subscore - 0.029)) - (3.25 * Math.Pow(subscore - 0.02, 15)) : 6.42 * subscore;
        var exploitability = 8.22 * vectorWeight * complexity * privileges * interaction;
        if (double.IsNaN(impact + exploitability)) return null;
        return impact <= 0 ? 0 : RoundUp(Math.Min((isChanged ? 1.08 : 1) * (impact + exploitability), Most));

        double Impact(string name) => Weight(name, ("H", 0.56), ("L", 0.22), ("N", 0));

        double Weight(string name, params ReadOnlySpan<(string Value, double Weight)> weights)
        {
            foreach (var (value, weight) in weights)
                if (metrics.GetValueOrDefault(name) == value) return weight;
            return double.NaN;
        }
    }

    /// <summary>The rating of a score (section 5).</summary>
    public static AdvisorySeverity Rate(double score) => score switch
    {
        < 4 => AdvisorySeverity.Low,
        < 7 => AdvisorySeverity.Moderate,
        < 9 => AdvisorySeverity.High,
        _ => AdvisorySeverity.Critical,
    };

    /// <summary>To one decimal, upwards, as appendix A has it.</summary>
    private static double RoundUp(double score)
    {
        var whole = (int)Math.Round(score * 100_000);
        return whole % 10_000 == 0 ? whole / 100_000.0 : (Math.Floor(whole / 10_000.0) + 1) / 10;
    }
}
