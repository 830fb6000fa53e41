using System.CommandLine;
using System.Globalization;
using LazyOC.Cluster.Simulator;
using LazyOC.Plugins.Contracts;

namespace LazyOC.Cli.Commands;

/// <summary><c>lazyoc simulate</c>: the simulated cluster alone, for kubectl and for other programs' tests.</summary>
internal static class SimulateCommand
{
    public static Command Create()
    {
        var scenario = new Option<string>("--scenario") { Description = "bookstore, large, flaky or empty", HelpName = "NAME", DefaultValueFactory = _ => Connection.DefaultScenario };
        scenario.AcceptOnlyFromAmong([.. SimulatedCluster.ScenarioNames]);
        var port = new Option<int>("--port") { Description = "Port on the loopback interface; a free one when absent", HelpName = "PORT" };
        port.Validators.Add(result =>
        {
            if (result.Tokens.Count > 0 && (!int.TryParse(result.Tokens[0].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number is < 0 or > ushort.MaxValue))
                result.AddError($"`{result.Tokens[0].Value}` is not a port from 0 to {ushort.MaxValue}");
        });
        var kubeconfig = new Option<string?>("--write-kubeconfig") { Description = "Write a kubeconfig that reaches it, readable by you alone", HelpName = "FILE" };
        var seed = new Option<int>("--seed") { Description = "Same seed, same history", HelpName = "NUMBER", DefaultValueFactory = _ => 1 };

        var command = new Command(
            "simulate",
            """
            Runs a simulated OpenShift API server on the loopback interface until interrupted.

            Example:
              lazyoc simulate --port 6443 --write-kubeconfig /tmp/demo.kubeconfig
              kubectl --kubeconfig /tmp/demo.kubeconfig get pods -A
            """) { scenario, port, kubeconfig, seed };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using var cluster = await StartAsync(
                new SimulatorOptions { Scenario = parsed.GetRequiredValue(scenario), Port = parsed.GetValue(port), Seed = parsed.GetValue(seed) },
                cancellationToken);
            if (parsed.GetValue(kubeconfig) is { } file) await cluster.WriteKubeconfigAsync(file, cancellationToken);
            Console.Error.WriteLine($"lazyoc: simulated cluster at {cluster.Server}; Ctrl-C stops it");
            await cluster.RunAsync(cancellationToken);
            Console.Error.WriteLine("lazyoc: stopped");
            return ExitCode.Ok;
        });
        return command;
    }

    private static async Task<SimulatedCluster> StartAsync(SimulatorOptions options, CancellationToken cancellationToken)
    {
        try
        {
            return await SimulatedCluster.StartAsync(options, cancellationToken);
        }
        catch (IOException error)
        {
            throw new UserError(ExitCode.Failed, $"port {options.Port} cannot be listened on: {error.Message}", "another program may use it; leave `--port` out to take a free one", error) { Help = HelpPage.Port };
        }
    }
}
