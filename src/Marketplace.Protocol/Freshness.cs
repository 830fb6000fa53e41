using System.Globalization;
using LazyOC.Plugins.Contracts;

namespace LazyOC.Marketplace.Protocol;

/// <summary>How old a signed document is, so that an old one cannot pass for the present state.</summary>
/// <param name="Sequence">Counts up with each change; at least 1.</param>
/// <param name="Issued">When it was signed.</param>
/// <param name="Expires">From when on it says nothing any more.</param>
internal readonly record struct Freshness(long Sequence, DateTimeOffset Issued, DateTimeOffset Expires)
{
    private const string ClockHint = "check this computer's clock; if it is right, try again later, and tell those who run the registry";

    /// <summary>Whether its numbers make sense at all; null, or why not.</summary>
    public Problem? CheckForm(RegistryLimits limits)
    {
        if (Sequence < 1) return new Problem("sequence", string.Create(CultureInfo.InvariantCulture, $"is {Sequence}; it counts from 1"));
        if (Expires <= Issued) return new Problem("expires", "is not after `issued`");
        return Expires - Issued > TimeSpan.FromDays(limits.MaxValidityDays) ? new Problem("expires", $"is more than {limits.MaxValidityDays} days after `issued`") : null;
    }

    /// <summary>Whether it is the present state, as far as can be told; null, or why not.</summary>
    public Problem? Check(DateTimeOffset now, long lastSeen, RegistryLimits limits)
    {
        if (CheckForm(limits) is { } problem) return problem;
        if (Expires <= now) return new Problem("", $"it expired at {Show(Expires)}: an old state is shown, and what has changed since is withheld", ClockHint);
        if (Issued - now > TimeSpan.FromMinutes(limits.MaxClockSkewMinutes)) return new Problem("", $"it was issued at {Show(Issued)}, which is in the future", ClockHint);
        if (Sequence < lastSeen)
            return new Problem("sequence", string.Create(CultureInfo.InvariantCulture, $"is {Sequence}, and {lastSeen} was seen before: an older document is shown again"), "try again later; if it stays so, tell those who run the registry");
        return Sequence - lastSeen > limits.MaxSequenceStep
            ? new Problem("sequence", string.Create(CultureInfo.InvariantCulture, $"is {Sequence}, more than {limits.MaxSequenceStep} after {lastSeen}, which was seen before"), "tell those who run the registry: somebody may have used its key")
            : null;
    }

    private static string Show(DateTimeOffset time) => time.ToUniversalTime().ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture);
}
