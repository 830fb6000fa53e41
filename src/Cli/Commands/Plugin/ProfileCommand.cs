using System.CommandLine;
using System.Globalization;
using LazyOC.Cli.Control;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Runtime.Supervision;

namespace LazyOC.Cli.Commands.Plugin;

/// <summary><c>plugin profile</c>: what a plugin does in a running LazyOC, for https://www.speedscope.app.</summary>
internal static class ProfileCommand
{
    public static Command Create()
    {
        var id = PluginCommand.IdArgument();
        var longest = (int)new ControlLimits().MaxProfile.TotalSeconds;
        var seconds = new Option<int>("--seconds") { Description = $"How long to look, 1 to {longest}", DefaultValueFactory = _ => 10 };
        seconds.Validators.Add(result =>
        {
            if (result.Tokens.Count > 0 && (!int.TryParse(result.Tokens[0].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var given) || given < 1 || given > longest))
                result.AddError($"`{result.Tokens[0].Value}` is not a number of seconds from 1 to {longest}");
        });
        var file = new Option<FileInfo?>("--file") { Description = "Where to write the profile; ID.speedscope.json when absent", HelpName = "FILE" };
        var command = new Command(
            "profile",
            """
            Records the messages, turns, host calls and spans of a plugin in a LazyOC that is open, and writes them as a file that
            https://www.speedscope.app shows, beside samples of the plugin's own stack: where its CPU went, by function. Of a plugin in
            WebAssembly stacks are sampled at entries of functions and at host calls only.

            Example:
              lazyoc plugin profile acme.prometheus --seconds 5
            """) { id, seconds, file };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var plugin = parsed.GetRequiredValue(id);
            var length = parsed.GetValue(seconds);
            var request = new ControlRequest { Verb = ControlVerb.Profile, Plugin = plugin, Seconds = length };
            var answers = await RunningInstances.AskAsync(PluginCommand.HomeOf(parsed), request, TimeSpan.FromSeconds(length), cancellationToken);
            if (answers.IsEmpty) throw new UserError(ExitCode.Unavailable, "no LazyOC is running in this home", "open one with `lazyoc`, or profile the demo's plugins with `--demo`") { Help = HelpPage.NotRunning };
            // The one in which it did most is the one that is meant.
            var profile = answers.Select(answer => answer.Profile).OfType<PluginProfile>().MaxBy(candidate => candidate.Entries.Length + candidate.Guest.Samples.Length)
                ?? throw new UserError(ExitCode.NotFound, answers[0].Error ?? $"{plugin} does not run", "`lazyoc plugin top` shows what runs");
            var path = parsed.GetValue(file)?.FullName ?? Path.GetFullPath($"{plugin}.speedscope.json");
            await using (var stream = new FileStream(path, FileMode.Create, FileAccess.Write)) await SpeedscopeFile.Of(profile).WriteAsync(stream, cancellationToken);
            Console.WriteLine($"{path}: {profile.Entries.Length} messages, turns, host calls and spans, {profile.Guest.Samples.Length} samples of stacks{(profile.Dropped + profile.Guest.Dropped is > 0 and var more ? $", and {more} more that did not fit" : "")}");
            return ExitCode.Ok;
        });
        return command;
    }
}
