using System.Collections.Immutable;
using LazyOC.Marketplace.Protocol.Api;
using LazyOC.Marketplace.Scanning;

namespace LazyOC.Marketplace.Publishing;

/// <summary>What follows from the checks of a version.</summary>
/// <param name="State">Live, held or rejected.</param>
/// <param name="Reasons">Why, a sentence each; empty when it is live.</param>
internal sealed record ScanDecision(VersionState State, ImmutableArray<string> Reasons)
{
    /// <summary>Says of a scanner without a row.</summary>
    private const string Missing = "missing";

    /// <summary>
    /// Decides, and fails closed: a version is live only when every scanner that is required has left a row, of its present
    /// rules, that says <c>pass</c>. Whatever else is there, or is not there, holds it.
    /// </summary>
    /// <param name="required">The scanners that are configured.</param>
    /// <param name="rows">What is in the records.</param>
    /// <param name="human">What a person said; it stands for scanners that asked for a person, and for no others.</param>
    /// <param name="overruled">The rejections that a person has overruled on an appeal, as <see cref="Appeals.NameOf"/> names them.</param>
    public static ScanDecision Of(IReadOnlyCollection<IScanner> required, IReadOnlyCollection<ScanReport> rows, HumanDecision? human, IReadOnlyCollection<string>? overruled = null)
    {
        if (human == HumanDecision.Reject) return new ScanDecision(VersionState.Rejected, ["a moderator has rejected it"]);
        if (required.Count == 0) return new ScanDecision(VersionState.Held, ["no scanners are configured"]);
        var rejected = ImmutableArray.CreateBuilder<string>();
        var held = ImmutableArray.CreateBuilder<string>();
        foreach (var scanner in required)
        {
            var report = rows.SingleOrDefault(row => row.Scanner == scanner.Name && row.RulesVersion == scanner.RulesVersion);
            switch (report?.Verdict ?? Missing)
            {
                case "reject" when human == HumanDecision.Pass && overruled is not null && overruled.Contains(Appeals.NameOf(report!)):
                case "pass":
                case "hold" when human == HumanDecision.Pass:
                    break;
                case "reject":
                    rejected.Add($"the scanner `{scanner.Name}` rejects it");
                    break;
                case "hold":
                    held.Add($"the scanner `{scanner.Name}` asks for a person to look at it");
                    break;
                case "timeout":
                    held.Add($"the scanner `{scanner.Name}` did not end in its time");
                    break;
                case Missing:
                    held.Add($"the scanner `{scanner.Name}` has not run");
                    break;
                default:
                    held.Add($"the scanner `{scanner.Name}` failed");
                    break;
            }
        }
        return rejected.Count > 0 ? new ScanDecision(VersionState.Rejected, [.. rejected, .. held])
            : held.Count > 0 ? new ScanDecision(VersionState.Held, held.ToImmutable())
            : new ScanDecision(VersionState.Live, []);
    }
}
