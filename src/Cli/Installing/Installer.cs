using System.Collections.Immutable;
using LazyOC.Cli.Commands.Plugin;
using LazyOC.Marketplace.Protocol.Client;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Packages;
using LazyOC.Plugins.Packages.Signing;
using PackageFile = LazyOC.Cli.Commands.Plugin.PackageFile;

namespace LazyOC.Cli.Installing;

/// <summary>
/// Reaches a goal: plans, downloads, verifies, asks, puts all of it into one generation and has the running LazyOCs follow.
/// Until that generation is in force nothing has changed, and what is refused or given up leaves nothing.
/// </summary>
internal sealed class Installer(Home home, PluginStore store, InstallOptions options)
{
    /// <summary>How often a plan is made that another process overtakes.</summary>
    private const int Attempts = 5;

    private readonly TimeProvider _time = TimeProvider.System;

    /// <summary>The set that is about to be changed; null before anything was agreed to.</summary>
    private int? _planned;

    /// <summary>Goes all the way, and says what came of it.</summary>
    /// <param name="goal">What is to become of the plugins.</param>
    /// <param name="nothing">What is said when nothing has to change.</param>
    /// <param name="cancellationToken">Ends it; until everything is here and agreed to, nothing stays.</param>
    /// <exception cref="UserError">It was refused.</exception>
    public async Task<int> RunAsync(InstallGoal goal, string nothing, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await TryAsync(goal, nothing, cancellationToken);
            }
            catch (UserError) when (attempt < Attempts && _planned is { } planned && store.Current().TryGet(out var now, out _) && now.Number != planned)
            {
                Note("the installed plugins have changed meanwhile, so that it is planned anew");
            }
        }
    }

    private async Task<int> TryAsync(InstallGoal goal, string nothing, CancellationToken cancellationToken)
    {
        _planned = null;
        var registries = new Registries(home, _time, Note);
        var set = options.Offline ? null : registries.Open(options.Registry);
        var plan = await new Planner(store, set, _time, Note) { IgnoresCooldown = options.IgnoresCooldown }.PlanAsync(goal, cancellationToken);
        return await RunAsync(plan, set, registries.Read().Mode, nothing, cancellationToken);
    }

    /// <summary>Goes the rest of the way, from a plan.</summary>
    /// <param name="plan">What is to change.</param>
    /// <param name="registries">Those that are asked what they say of what is installed, and of packages in files; null for none.</param>
    /// <param name="configured">How much has to vouch for a package.</param>
    /// <param name="nothing">What is said when nothing has to change.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="UserError">It was refused.</exception>
    public async Task<int> RunAsync(InstallPlan plan, RegistrySet? registries, TrustMode configured, string nothing, CancellationToken cancellationToken)
    {
        if (registries is not null && !options.DryRun)
            foreach (var withdrawal in await new RegistryCheck(home, store, registries, _time).RunAsync(cancellationToken)) Note($"{withdrawal.Plugin} {withdrawal.Version} does not run any more: {withdrawal.Registry} has withdrawn it: {withdrawal.Reason}");
        await new RegistryPolicies(registries).CheckAsync(plan.Install, cancellationToken);
        if (options.DryRun || plan.IsEmpty)
        {
            var report = PlanReport.Of(plan, store);
            if (options.Output == OutputFormat.Json) Output.Json(report, PluginJson.Default.PlanReport);
            else if (plan.IsEmpty) Console.WriteLine(nothing);
            else foreach (var line in report.Lines()) Console.WriteLine(Output.Printable(line));
            return ExitCode.Ok;
        }

        if (options.OnlyWithoutConsent) RefuseWhatIsNotAutomatic(plan);
        var fetched = await FetchAsync(plan, registries, cancellationToken);
        var (trusted, pins) = Trust(fetched, configured);
        var questions = new FolderQuestions(home.Mounts(Environment.GetEnvironmentVariable), Prompt, Note);
        var folders = questions.Named(options.Mounts, fetched);
        if (options.OnlyWithoutConsent) RefuseWhatNeedsConsent(plan, fetched, trusted);
        else if (AskForConsent(plan, fetched, trusted)) folders = questions.Ask(fetched, folders);
        var change = ChangeOf(plan, fetched, trusted, folders);
        await new Rehearsal(home, store).RunAsync(change, plan.Current, cancellationToken);
        // Before the set is in force: who is killed in between has agreed to these keys all the same.
        foreach (var publisher in fetched.Select(package => package.Planned.Id.Publisher).Distinct(StringComparer.Ordinal))
            Pins.Change(home.Trust, known => known.With(publisher, pins)).OrThrow(ExitCode.Failed);
        _planned = plan.Current.Number;
        var (generation, running) = await StoreChange.MakeAsync(
            home, store, [.. plan.Install.Select(planned => planned.Id), .. plan.Remove.Select(entry => entry.Id)], () => store.Apply(change), ExitCode.Refused, cancellationToken: cancellationToken);
        new InstallReport(home, store).Print(plan, generation, running, options.Output);
        return ExitCode.Ok;
    }

    private async Task<ImmutableArray<FetchedPackage>> FetchAsync(InstallPlan plan, RegistrySet? registries, CancellationToken cancellationToken)
    {
        var bytes = plan.Install.Sum(planned => planned.Bytes);
        using var progress = new DownloadProgress(Console.Error, !Console.IsErrorRedirected, bytes, _time);
        try
        {
            return (await new PackageFetcher(store.Downloads, registries, progress).FetchAsync(plan.Install, cancellationToken)).OrThrow(ExitCode.Refused);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new UserError(ExitCode.Failed, $"the packages cannot be written below {store.Downloads}: {error.Message}", "make room, or see whether the folder may be written", error);
        }
    }

    /// <summary>Who vouches for each, and what is to be remembered of their keys once they are installed.</summary>
    private (ImmutableDictionary<PluginId, Signer> Signers, Pins Pins) Trust(ImmutableArray<FetchedPackage> fetched, TrustMode configured)
    {
        // What a publisher has revoked is remembered, whatever comes of the rest.
        foreach (var publisher in fetched.Select(package => package.Publisher).OfType<PublisherKeys>().DistinctBy(publisher => publisher.Publisher))
            Pins.Change(home.Trust, known => known.Learn(publisher)).OrThrow(ExitCode.Failed);
        var pins = Pins.Read(home.Trust).OrThrow(ExitCode.Failed);
        var signers = ImmutableDictionary.CreateBuilder<PluginId, Signer>();
        foreach (var package in fetched)
        {
            // What comes from a registry is signed: without signatures it is another package, whatever is allowed of one's own.
            var mode = package.Registry is null ? options.ModeOf(configured) : configured;
            var trusted = new TrustQuestions(mode, options.Fingerprint, Prompt).Decide(package, pins);
            (signers[package.Planned.Id], pins) = (trusted.Signer, trusted.NewPins);
        }
        return (signers.ToImmutable(), pins);
    }

    /// <summary>Asks for consent where it is needed; whether there was somebody to ask.</summary>
    private bool AskForConsent(InstallPlan plan, ImmutableArray<FetchedPackage> fetched, ImmutableDictionary<PluginId, Signer> signers)
    {
        var consents = Consents(plan, fetched, signers);
        if (consents.All(consent => !consent.NeedsAnswer))
        {
            foreach (var consent in consents) Console.Error.WriteLine(Output.Printable($"{consent.Text.Title}: {consent.Text.Lead}"));
            return false;
        }
        if (options.Yes) return false;
        foreach (var entry in plan.Remove) Console.Error.WriteLine($"{entry.Id} {entry.Version} is taken out{(plan.Goal.Remove.Contains(entry.Id) ? "" : ": nothing needs it any more")}.");
        PackageFile.AskForConsent([.. consents.Select(consent => consent.Text)]);
        return true;
    }

    private static void RefuseWhatNeedsConsent(InstallPlan plan, ImmutableArray<FetchedPackage> fetched, ImmutableDictionary<PluginId, Signer> signers)
    {
        var wider = Consents(plan, fetched, signers).Where(consent => consent.NeedsAnswer).Select(consent => consent.Text.Title).ToArray();
        if (wider.Length > 0) throw new UserError(ExitCode.Refused, $"not updated: consent is needed for {string.Join(", ", wider)}", "`lazyoc plugin update` asks for it") { Help = HelpPage.Consent };
    }

    /// <summary>Refuses what the user does not let be updated without asking, before anything is downloaded.</summary>
    private static void RefuseWhatIsNotAutomatic(InstallPlan plan)
    {
        foreach (var planned in plan.Install)
            if (planned.Before is not { } before || !UpdateCommand.Allows(before.Auto, before, planned.Version))
                throw new UserError(ExitCode.Refused, $"not updated: {planned.Id} {planned.Version} is not among what is updated automatically", "`lazyoc plugin update` asks");
    }

    /// <summary>What each plugin asks for; those that are new, ask for more or come from elsewhere need an answer.</summary>
    private static ImmutableArray<(ConsentText Text, bool NeedsAnswer)> Consents(InstallPlan plan, ImmutableArray<FetchedPackage> fetched, ImmutableDictionary<PluginId, Signer> signers)
    {
        var consents = ImmutableArray.CreateBuilder<(ConsentText, bool)>();
        foreach (var package in fetched)
        {
            var before = package.Planned.Before;
            var text = ConsentText.Of(package.Package.Manifest, before, plan.Current);
            text = text with { Origin = OriginOf(package.Planned, signers[package.Planned.Id]) ?? text.Origin };
            var isElsewhere = before is not null && before.Source != package.Planned.Source && package.Registry is not null;
            if (isElsewhere) text = text with { Origin = $"{text.Origin} It comes from {package.Planned.Source}; before, it came from {before!.Source}." };
            consents.Add((text, before is null || text.Widens || isElsewhere));
        }
        return [.. consents.OrderByDescending(consent => consent.Item1.Asked.Select(sentence => (int)sentence.Reach).DefaultIfEmpty(-1).Max())];
    }

    /// <summary>Who vouches for a package; null when nobody does.</summary>
    private static string? OriginOf(PlannedInstall planned, Signer signer)
    {
        var registry = planned.Origin is PackageOrigin.InRegistry from && !signer.Registry.IsEmpty ? from.Client.Registry.Name : null;
        return (signer.Author, registry) switch
        {
            ({ } author, { } name) => $"Signed by its author ({author.Id.Fingerprint}) and admitted by the registry {name}.",
            ({ } author, null) => $"Signed with a key of {planned.Id.Publisher} that you trust ({author.Id.Fingerprint}).",
            (null, { } name) => $"Admitted by the registry {name}; its author is not known.",
            _ => null,
        };
    }

    private static SetChange ChangeOf(InstallPlan plan, ImmutableArray<FetchedPackage> fetched, ImmutableDictionary<PluginId, Signer> signers, ImmutableDictionary<PluginId, ImmutableSortedDictionary<string, string>> folders) => new()
    {
        Cause = plan.Goal.Cause,
        From = plan.Current.Number,
        Install = [.. fetched.Select(package => new Installation
        {
            Package = package.Package,
            Grant = ChosenFolders.Into(package.Planned.Locked?.Granted ?? package.Package.Manifest.Permissions, FolderQuestions.Of(folders, package.Planned.Id), package.Planned.Before?.Granted),
            Contexts = package.Planned.Locked?.Contexts,
            Enabled = package.Planned.Locked?.Enabled ?? true,
            Source = package.Planned.Source,
            Signer = signers[package.Planned.Id].Key?.ToString(),
            Why = package.Planned.Why,
            Requested = package.Planned.Requested,
        })],
        Remove = [.. plan.Remove.Select(entry => entry.Id)],
        Reasons = plan.Reasons,
    };

    private static string? Prompt(string question)
    {
        if (Console.IsInputRedirected) return null;
        Console.Error.Write(question);
        return Console.ReadLine();
    }

    private static void Note(string text) => Console.Error.WriteLine($"lazyoc: {Output.Printable(text)}");
}
