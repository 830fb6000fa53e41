using System.Collections.Immutable;
using System.CommandLine;
using LazyOC.Cli.Commands.Plugin;
using LazyOC.Plugins.Packages.Signing;

namespace LazyOC.Cli.Installing;

/// <summary>How the user wants a change of the plugins to be made; the same options on every command that makes one.</summary>
internal sealed record InstallOptions
{
    private static readonly Option<string?> RegistryOption = new("--registry") { Description = "Ask only this registry, by name or address", HelpName = "NAME|URL" };
    private static readonly Option<bool> YesOption = new("--yes", "-y") { Description = "Grant what is asked for without asking" };
    private static readonly Option<bool> DryRunOption = new("--dry-run") { Description = "Show what would change, with permissions and dependencies, and change nothing" };
    private static readonly Option<bool> UnsignedOption = new("--allow-unsigned") { Description = "Take packages that nobody has signed, such as your own; they are marked as long as they are installed" };
    private static readonly Option<string?> FingerprintOption = new("--fingerprint") { Description = "Trust the key with this fingerprint, which its publisher tells you", HelpName = "FINGERPRINT" };
    private static readonly Option<bool> CooldownOption = new("--no-cooldown") { Description = "Take versions, too, that their registry still holds back because they are new" };
    private static readonly Option<string[]> MountOption = ChosenFolders.Option();
    private static readonly Option<OutputFormat> OutputOption = Cli.Output.Option();

    public string? Registry { get; init; }
    public bool Yes { get; init; }
    public bool DryRun { get; init; }
    public bool AllowUnsigned { get; init; }
    public string? Fingerprint { get; init; }
    public bool IgnoresCooldown { get; init; }
    public OutputFormat Output { get; init; }

    /// <summary>Folders of the user's for mounts of the plugins, each <c>NAME=DIR</c>.</summary>
    public ImmutableArray<string> Mounts { get; init; } = [];

    /// <summary>Goes by what is installed, and asks no registry.</summary>
    public bool Offline { get; init; }

    /// <summary>Leaves out changes that would need the user's consent, in place of asking for it.</summary>
    public bool OnlyWithoutConsent { get; init; }

    /// <summary>Adds the options to a command.</summary>
    public static void AddTo(Command command)
    {
        foreach (var option in new Option[] { RegistryOption, YesOption, DryRunOption, UnsignedOption, FingerprintOption, CooldownOption, MountOption, OutputOption }) command.Options.Add(option);
    }

    public static InstallOptions Of(ParseResult parsed) => new()
    {
        Registry = parsed.GetValue(RegistryOption),
        Yes = parsed.GetValue(YesOption),
        DryRun = parsed.GetValue(DryRunOption),
        AllowUnsigned = parsed.GetValue(UnsignedOption),
        Fingerprint = parsed.GetValue(FingerprintOption),
        IgnoresCooldown = parsed.GetValue(CooldownOption),
        Mounts = [.. parsed.GetValue(MountOption) ?? []],
        Output = parsed.GetValue(OutputOption),
    };

    /// <summary>How much has to vouch for a package.</summary>
    /// <param name="configured">What the user has configured.</param>
    public TrustMode ModeOf(TrustMode configured) => AllowUnsigned ? TrustMode.Dev : configured;
}
