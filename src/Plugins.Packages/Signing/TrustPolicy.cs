using System.Collections.Immutable;
using LazyOC.Plugins.Contracts;

namespace LazyOC.Plugins.Packages.Signing;

/// <summary>Decides whether a package can be trusted. It asks nobody and changes nothing.</summary>
/// <remarks>
/// The author's key is pinned with the first package of a publisher. The pin is made only for a key that the registry lists
/// for the publisher, with a package that the registry has admitted, or for one whose fingerprint was typed: whoever can put
/// an envelope beside a package cannot bring in a key of his own. Once there is a pin, a registry alone does not replace it.
/// </remarks>
public static class TrustPolicy
{
    /// <summary>Decides.</summary>
    /// <param name="mode">How much has to vouch.</param>
    /// <param name="request">The package, and what there is to judge it by.</param>
    public static TrustDecision Decide(TrustMode mode, TrustRequest request)
    {
        var package = request.Package;
        if (request.Publisher is { } listed && listed.Publisher != package.Id.Publisher)
            return new TrustDecision.Refused(new Problem(package.FileName, $"is judged by the keys of `{listed.Publisher}`, which is another publisher"));
        var pins = request.Publisher is { } publisher ? request.Pins.Learn(publisher) : request.Pins;
        if (request.Envelopes.IsEmpty && mode == TrustMode.Dev) return new TrustDecision.Trusted(Signer.Nobody, pins);
        var judged = request with { Pins = pins };
        var pinned = pins.Of(package.Id.Publisher);
        var evidence = SignatureEvidence.Gather(judged, pinned);
        var decision = pinned.Keys.IsEmpty ? DecideFirst(mode, judged, evidence) : DecidePinned(mode, judged, evidence, pinned);
        return mode == TrustMode.Dev && decision is TrustDecision.NeedsFingerprint ? new TrustDecision.Trusted(Signer.Nobody, pins) : decision;
    }

    /// <summary>Nothing of the publisher was trusted before.</summary>
    private static TrustDecision DecideFirst(TrustMode mode, TrustRequest request, SignatureEvidence evidence)
    {
        if (mode == TrustMode.Strict && evidence.Registry.IsEmpty) return NotAdmitted(request, evidence);
        var isAdmitted = !evidence.Registry.IsEmpty;
        var revoked = request.Pins.Of(request.Package.Id.Publisher).Revoked;
        if (evidence.Authors.FirstOrDefault(key => request.Accepted.Contains(key.Id)) is { } accepted) return Pinned(request, evidence, accepted, accepted);
        if (isAdmitted && request.Publisher is { } publisher)
        {
            // The listed key itself, or an earlier one whose place it has taken.
            foreach (var author in evidence.Authors)
                if (publisher.Keys.FirstOrDefault(listed => Leads(publisher.Rotations, author, listed, revoked)) is { } listed) return Pinned(request, evidence, author, listed);
        }
        // Whose publisher had a key stolen, of that no registry's word is enough: it may have been given before that was known.
        if (isAdmitted && !revoked.IsEmpty && evidence.Authors.IsEmpty) return NotByTheAuthor(request, evidence);
        if (isAdmitted && mode != TrustMode.Strict && revoked.IsEmpty) return new TrustDecision.Trusted(new Signer(null, evidence.Registry), request.Pins);
        return evidence.Authors.IsEmpty ? NotSigned(request, evidence) : new TrustDecision.NeedsFingerprint(evidence.Authors);
    }

    /// <summary>The publisher's packages were signed with a known key before.</summary>
    private static TrustDecision DecidePinned(TrustMode mode, TrustRequest request, SignatureEvidence evidence, PublisherPins pinned)
    {
        if (mode == TrustMode.Strict && evidence.Registry.IsEmpty) return NotAdmitted(request, evidence);
        if (evidence.Authors.IsEmpty) return NotSigned(request, evidence);
        var active = pinned.Keys.Where(key => !pinned.Revoked.Contains(key.Id)).ToImmutableArray();
        if (evidence.Authors.FirstOrDefault(active.Contains) is { } known) return new TrustDecision.Trusted(new Signer(known, evidence.Registry), request.Pins);
        if (evidence.Authors.FirstOrDefault(key => request.Accepted.Contains(key.Id)) is { } accepted) return Pinned(request, evidence, accepted, accepted);

        var rotations = request.Publisher?.Rotations ?? [];
        // What an earlier key has signed stays good while the registry still offers it.
        if (!evidence.Registry.IsEmpty && evidence.Authors.FirstOrDefault(key => active.Any(pin => Leads(rotations, key, pin, pinned.Revoked))) is { } earlier)
            return new TrustDecision.Trusted(new Signer(earlier, evidence.Registry), request.Pins);
        var next = evidence.Authors.FirstOrDefault(key => active.Any(pin => Leads(rotations, pin, key, pinned.Revoked)));
        return new TrustDecision.KeyChanged(pinned.Keys, next is null ? evidence.Authors : [next, .. evidence.Authors.Remove(next)], next is not null);
    }

    /// <summary>Whether rotations, each signed by both of its keys, lead from one key to another without passing a revoked one.</summary>
    private static bool Leads(ImmutableArray<KeyRotation> rotations, PublicKey from, PublicKey to, ImmutableArray<KeyId> revoked)
    {
        var reached = new HashSet<PublicKey> { from };
        var open = new Queue<PublicKey>(reached);
        while (open.TryDequeue(out var key))
        {
            if (revoked.Contains(key.Id)) continue;
            if (key.Equals(to)) return true;
            foreach (var rotation in rotations)
                if (rotation.Old.Equals(key) && reached.Add(rotation.New)) open.Enqueue(rotation.New);
        }
        return false;
    }

    private static TrustDecision.Trusted Pinned(TrustRequest request, SignatureEvidence evidence, PublicKey author, PublicKey pin) =>
        new(new Signer(author, evidence.Registry), request.Pins.Pin(request.Package.Id.Publisher, pin));

    private static TrustDecision.Refused NotAdmitted(TrustRequest request, SignatureEvidence evidence) => new(
        evidence.Explanation ?? new Problem(request.Package.FileName, request.Registry is null ? "comes from no registry, and the trust policy `strict` asks for a registry's signature" : "is not signed by its registry", "install it from a registry that has admitted it"));

    private static TrustDecision.Refused NotByTheAuthor(TrustRequest request, SignatureEvidence evidence) => new(
        evidence.Explanation ?? new Problem(request.Package.FileName, $"is signed by its registry only, and `{request.Package.Id.Publisher}` has revoked a key that it may have been made with", "choose a version that its author has signed"));

    private static TrustDecision.Refused NotSigned(TrustRequest request, SignatureEvidence evidence) => new(
        evidence.Explanation ?? new Problem(
            request.Package.FileName,
            request.Envelopes.IsEmpty ? "is not signed" : request.Pins.Of(request.Package.Id.Publisher).Keys.IsEmpty ? "has no signature that holds" : "is not signed by its author, as the packages before it were",
            "ask its publisher for a signed one; your own plugins run with `lazyoc plugin dev` or `--allow-unsigned`"));
}
