using System.Collections.Immutable;
using LazyOC.Plugins.Contracts.Manifest;
using LazyOC.Plugins.Contracts.Permissions;

namespace LazyOC.Plugins.Packages;

/// <summary>
/// What a user is told and asked before a plugin is installed or updated: the same words wherever the question is put.
/// </summary>
/// <remarks>Names and reasons are the author's own text: to be drawn or printed without their control characters.</remarks>
public sealed record ConsentText
{
    private ConsentText() { }

    /// <summary>Which plugin, and what it replaces.</summary>
    public required string Title { get; init; }

    /// <summary>Who vouches for the package.</summary>
    public required string Origin { get; init; }

    /// <summary>Introduces <see cref="Asked"/>, or says that it is empty.</summary>
    public required string Lead { get; init; }

    /// <summary>What it may do that was not granted before, itself or through the services of others, the most dangerous first.</summary>
    public required ImmutableArray<PermissionSentence> Asked { get; init; }

    /// <summary>What its author says to each, a sentence a permission.</summary>
    public required ImmutableArray<string> Reasons { get; init; }

    /// <summary>What becomes of the user's own changes when the plugin does not answer, a sentence a hook.</summary>
    public required ImmutableArray<string> Hooks { get; init; }

    /// <summary>To be answered with yes or no.</summary>
    public required string Question { get; init; }

    /// <summary>Whether it asks for anything that was not granted before.</summary>
    public bool Widens => !Asked.IsEmpty;

    /// <param name="manifest">The plugin.</param>
    /// <param name="before">What is installed of it; null when it is not.</param>
    /// <param name="installed">The other plugins: what is reached through their services is asked for, too.</param>
    public static ConsentText Of(PluginManifest manifest, InstalledEntry? before, Generation? installed = null)
    {
        var wider = before is null ? manifest.Permissions : manifest.Permissions.Widening(before.Granted);
        ImmutableArray<PermissionSentence> asked = [.. wider.InWords().Concat(ServiceReach.InWords(manifest.Id, wider, id => installed?.Find(id)?.Granted)).OrderByDescending(sentence => sentence.Reach)];
        return new ConsentText
        {
            Title = $"{manifest.DisplayName} ({manifest.Id} {manifest.Version}){(before is null ? "" : $", in place of {before.Version}")}",
            Origin = "The package is not signed: nobody vouches for where it comes from.",
            Lead = (before is null, asked.IsEmpty) switch
            {
                (true, true) => "It asks for no permissions.",
                (true, false) => "It asks for:",
                (false, true) => "It asks for no permissions beyond those you granted before.",
                (false, false) => "Beyond what you granted before, it asks for:",
            },
            Asked = asked,
            Reasons = [.. manifest.PermissionReasons.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"Its author on {pair.Key}: {pair.Value}")],
            Hooks = [.. manifest.Contributes.Hooks.Select(hook => hook.FailureInWords()).OfType<string>()],
            Question = before is null ? "Install it?" : $"Replace {before.Version} with it?",
        };
    }
}
