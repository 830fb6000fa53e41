using System.Collections.Immutable;
using System.CommandLine;
using System.Net;
using LazyOC.Plugins.Contracts;

namespace LazyOC.Cli.Commands.Agent;

/// <summary><c>lazyoc agent</c>: the installed plugins without a screen.</summary>
internal static class AgentCommand
{
    public static Command Create()
    {
        var connection = new ConnectionOptions();
        var plugins = new Option<string[]>("--plugins") { Description = "Run only these of the installed plugins; all that are enabled when absent", HelpName = "ID", AllowMultipleArgumentsPerToken = true };
        var listen = new Option<string?>("--listen")
        {
            Description = "Address on which the ports that plugins listen on are opened, such as 0.0.0.0 in a pod: whoever reaches it may ask them; 127.0.0.1 when absent",
            HelpName = "ADDRESS",
        };
        var output = new Option<OutputFormat>("--output", "-o") { Description = "How to log: lines for people, or a JSON object a line", HelpName = "table|json", DefaultValueFactory = _ => OutputFormat.Table };
        var command = new Command(
            "agent",
            """
            Runs the installed plugins without a screen, until it is told to end (SIGTERM, SIGINT): exporters, and what works unattended.
            It does what only one LazyOC of a home does, and what plugins log and show goes to standard output. Nobody is there to start
            or confirm anything: plugins write only by permissions that were granted as unattended, and with --read-only not at all.

            Examples:
              lazyoc agent                                         all plugins, on the cluster of your kubeconfig
              lazyoc agent --plugins lazyoc.prometheus --read-only
              lazyoc agent --listen 0.0.0.0 --output json          in a pod, scraped from outside of it
              lazyoc agent --demo                                  on a simulated cluster
            """) { plugins, listen, output };
        connection.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var asked = connection.Read(parsed);
            if (!asked.Plugins) throw new UserError(ExitCode.Usage, "an agent without plugins has nothing to do", "leave `--no-plugins` out");
            var only = (parsed.GetValue(plugins) ?? []).SelectMany(ids => ids.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)).Select(IdOf).ToImmutableArray();
            asked = asked with { OnlyPlugins = only.IsEmpty ? null : only, ListenAddress = AddressOf(parsed.GetValue(listen)) };
            return await new PluginAgent(asked, Home.Locate(Environment.GetEnvironmentVariable, asked.Scenario is not null), new AgentLog(parsed.GetValue(output), Console.Out, TimeProvider.System)).RunAsync(cancellationToken);
        });
        return command;
    }

    private static PluginId IdOf(string text) => PluginId.TryParse(text, out var id)
        ? id
        : throw new UserError(ExitCode.Usage, $"`{text}` is not a plugin id", "PUBLISHER.NAME, such as `lazyoc.prometheus`; several are separated by commas");

    private static IPAddress AddressOf(string? text) => text is null ? IPAddress.Loopback
        : IPAddress.TryParse(text, out var address) ? address
        : throw new UserError(ExitCode.Usage, $"`{text}` is not an address", "give one of this computer's addresses, 0.0.0.0 for all of them, or 127.0.0.1");
}
