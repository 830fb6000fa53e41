using System.Collections.Immutable;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Packages.Signing;

namespace LazyOC.Cli.Installing;

/// <summary>Decides whether packages can be trusted, and asks the user where the policy leaves it to him.</summary>
/// <param name="mode">How much has to vouch.</param>
/// <param name="typed">A fingerprint that the user gave beforehand; null for none.</param>
/// <param name="prompt">Asks for a line; gives null when there is nobody to ask.</param>
internal sealed class TrustQuestions(TrustMode mode, string? typed, Func<string, string?> prompt)
{
    /// <summary>Decides about one package.</summary>
    /// <param name="fetched">The package.</param>
    /// <param name="pins">What is remembered.</param>
    /// <exception cref="UserError">It cannot be trusted.</exception>
    public TrustDecision.Trusted Decide(FetchedPackage fetched, Pins pins)
    {
        var request = new TrustRequest
        {
            Package = PackageIdentity.Of(fetched.Package),
            Envelopes = fetched.Envelopes,
            Registry = fetched.Registry,
            Publisher = fetched.Publisher,
            Pins = pins,
        };
        var name = $"{request.Package.Id} {request.Package.Version}";
        switch (TrustPolicy.Decide(mode, request))
        {
            case TrustDecision.Trusted trusted:
                return trusted;
            case TrustDecision.Refused refused:
                throw new UserError(ExitCode.Refused, (refused.Problem with { Hint = null }).ToString(), refused.Problem.Hint) { Help = HelpPage.Trust };
            case TrustDecision.NeedsFingerprint first:
                Tell($"{name} is signed with a key that you have not seen before, and no registry vouches for it.");
                return Accept(request, TypedKey(first.Keys, $"Type the fingerprint that {request.Package.Id.Publisher} gives for its key: ", name));
            case TrustDecision.KeyChanged changed:
                Tell($"!! {name} is NOT signed with the key that the packages of {request.Package.Id.Publisher} were signed with before !!");
                foreach (var key in changed.Old) Tell($"   before: {key.Id.Fingerprint}");
                if (!changed.RotationIsSigned)
                {
                    Tell("   The key from before has not said that another takes its place: this is what a stolen name looks like.");
                    return Accept(request, TypedKey(changed.New, $"Type the fingerprint that {request.Package.Id.Publisher} gives for its new key: ", name));
                }
                Tell($"   now:    {changed.New[0].Id.Fingerprint}");
                Tell("   The key from before has said that this one takes its place.");
                if (prompt("Trust the new key? [y/N] ")?.Trim() is not ("y" or "Y" or "yes") && !(typed is not null && changed.New[0].Id.IsTypedAs(typed)))
                    throw new UserError(ExitCode.Refused, $"not installed: the key of {request.Package.Id.Publisher} has changed", "`--fingerprint` with the new key's fingerprint says yes beforehand") { Help = HelpPage.Trust };
                return Accept(request, changed.New[0].Id);
            case var other:
                throw new InvalidOperationException($"trust was decided as {other}");
        }
    }

    private KeyId TypedKey(ImmutableArray<PublicKey> keys, string question, string name)
    {
        var text = typed ?? prompt(question);
        if (string.IsNullOrWhiteSpace(text)) throw new UserError(ExitCode.Refused, $"{name} is not installed: its key has to be trusted first", "`--fingerprint` gives the fingerprint, which its publisher tells you") { Help = HelpPage.Trust };
        return keys.FirstOrDefault(key => key.Id.IsTypedAs(text))?.Id
            ?? throw new UserError(ExitCode.Refused, $"{name} is not installed: it is not signed with the key of that fingerprint", "check the fingerprint with its publisher; if it is right, the package is not theirs") { Help = HelpPage.Trust };
    }

    private TrustDecision.Trusted Accept(TrustRequest request, KeyId key) => TrustPolicy.Decide(mode, request with { Accepted = [key] }) switch
    {
        TrustDecision.Trusted trusted => trusted,
        TrustDecision.Refused refused => throw new UserError(ExitCode.Refused, (refused.Problem with { Hint = null }).ToString(), refused.Problem.Hint) { Help = HelpPage.Trust },
        var other => throw new InvalidOperationException($"a key that was accepted led to {other}"),
    };

    private static void Tell(string line) => Console.Error.WriteLine(Output.Printable(line));
}
