using System.CommandLine;
using LazyOC.Cli.Commands.Agent;
using LazyOC.Cli.Commands.Bench;
using LazyOC.Cli.Commands.Doctor;
using LazyOC.Cli.Commands.Keys;
using LazyOC.Cli.Commands.Market;
using LazyOC.Cli.Commands.Plugin;
using LazyOC.Cli.Commands.Registry;
using LazyOC.Cli.Commands.Wasm;
using LazyOC.Plugins.Contracts;
using LazyOC.Tui.Screen;
using LazyOC.Tui.Terminal;

namespace LazyOC.Cli.Commands;

/// <summary><c>lazyoc</c> itself: the full screen on a terminal, one settled frame elsewhere; holds the other commands.</summary>
internal static class LazyOcCommand
{
    private static readonly FrameSize DefaultSize = new(120, 40);

    public static RootCommand Create()
    {
        var connection = new ConnectionOptions();
        var size = new Option<FrameSize?>("--size")
        {
            Description = "Size of the frame in cells, such as 120x40; the terminal's when absent",
            HelpName = "WIDTHxHEIGHT",
            CustomParser = result =>
            {
                var size = FrameSize.TryParse(result.Tokens[0].Value);
                if (size is null) result.AddError($"`{result.Tokens[0].Value}` is not a size such as 120x40, from 1x1 to {CellBuffer.MaxSize}x{CellBuffer.MaxSize}");
                return size;
            },
        };
        var view = new Option<string>("--view")
        {
            Description = "What to show: a resource such as deployments, or one object as pods/NAME or pods/NAMESPACE/NAME",
            HelpName = "VIEW",
            DefaultValueFactory = _ => "pods",
        };
        var tab = new Option<string?>("--tab") { Description = "Tab of the object's details, by its title", HelpName = "TITLE" };
        var format = new Option<FrameFormat>("--format")
        {
            Description = "How to print the frame; ansi is text with colours, the default on a terminal unless NO_COLOR is set",
            HelpName = "text|ansi|svg",
            DefaultValueFactory = _ => FrameFormat.Auto,
        };

        var root = new RootCommand(
            """
            LazyOC shows an OpenShift or Kubernetes cluster, extended by sandboxed plugins: on a terminal full-screen, elsewhere
            as one frame of text.

            Examples:
              lazyoc --demo                                    a simulated OpenShift cluster
              lazyoc --view deployments                        the cluster of your kubeconfig
              lazyoc --view pods/NAME --tab Health             one pod, in a tab that a plugin adds
              lazyoc plugin install acme.prometheus-1.4.0.lzp  adds a plugin
            """);
        connection.AddTo(root);
        foreach (var option in new Option[] { size, view, tab, format }) root.Options.Add(option);
        root.Subcommands.Add(PluginCommand.Create());
        root.Subcommands.Add(RegistryCommand.Create());
        root.Subcommands.Add(KeysCommand.Create());
        root.Subcommands.Add(MarketCommand.Create());
        root.Subcommands.Add(AgentCommand.Create());
        root.Subcommands.Add(SimulateCommand.Create());
        root.Subcommands.Add(WasmCommand.Create());
        root.Subcommands.Add(BenchCommand.Create());
        root.Subcommands.Add(DoctorCommand.Create());

        root.SetAction(async (parsed, cancellationToken) =>
        {
            var asked = connection.Read(parsed);
            var isViewed = parsed.GetResult(view) is { Implicit: false };
            var request = ViewRequest.Parse(parsed.GetRequiredValue(view), parsed.GetValue(tab));
            var wantsFrame = parsed.GetValue(size) is not null || parsed.GetResult(format) is { Implicit: false };
            if (!wantsFrame && !Console.IsOutputRedirected)
                return await FullScreen.RunAsync(asked, isViewed || request.Tab is not null ? request : null, cancellationToken);
            await using var live = await LiveCluster.OpenAsync(asked, Home.Locate(Environment.GetEnvironmentVariable, asked.Scenario is not null), runs: false, FaultLog.Print, cancellationToken: cancellationToken);
            if (!isViewed && request.Tab is null) request = request with { Tab = live.ShowcaseTab };
            var frame = await SettledFrame.RenderAsync(
                live.Screen, request, parsed.GetValue(size) ?? TerminalSize(), SettledFrame.DefaultTimeout, cancellationToken);
            return Print(frame, parsed.GetValue(format));
        });
        return root;
    }

    private static FrameSize TerminalSize() =>
        Console.IsOutputRedirected ? DefaultSize : new FrameSize(Console.WindowWidth, Math.Max(1, Console.WindowHeight - 1));

    private static int Print(FrameResult result, FrameFormat format)
    {
        switch (result)
        {
            case FrameResult.Frame frame:
                Write(frame.Cells, format);
                return ExitCode.Ok;
            case FrameResult.NotSettled late:
                Write(late.Partial, format);
                throw new UserError(ExitCode.Unavailable, $"still waiting after {SettledFrame.DefaultTimeout.TotalSeconds:0} s for {string.Join(", ", late.Waits)}", "`lazyoc plugin audit` shows what plugins are doing; `--no-plugins` starts without them") { Help = HelpPage.StillWaiting };
            case FrameResult.NotFound missing:
                throw new UserError(ExitCode.NotFound, missing.Message, missing.Hint);
            case FrameResult.Unavailable unavailable:
                throw unavailable.Cause;
            default:
                throw new InvalidOperationException($"No way to print {result}.");
        }
    }

    private static void Write(CellBuffer cells, FrameFormat format)
    {
        if (format == FrameFormat.Svg)
        {
            FrameSvg.Write(cells, Console.Out);
            return;
        }

        FrameWriter.Write(cells, Console.Out, format switch
        {
            FrameFormat.Ansi => ColorDepth.TrueColor,
            FrameFormat.Auto when !Console.IsOutputRedirected => ColorDepths.Detect(Environment.GetEnvironmentVariable),
            _ => ColorDepth.None,
        });
    }
}

/// <summary>How a frame is printed.</summary>
internal enum FrameFormat
{
    /// <summary>By what standard output is.</summary>
    Auto,
    Text,
    Ansi,
    Svg,
}
