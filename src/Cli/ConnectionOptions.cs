using System.Collections.Immutable;
using System.CommandLine;
using System.Net;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Sandbox.Audit;

namespace LazyOC.Cli;

/// <summary>The options that say which cluster, as whom, and with which plugins.</summary>
internal sealed class ConnectionOptions
{
    private readonly Option<string?> _demo = new("--demo")
    {
        Description = "A simulated cluster instead of a real one, with a home and plugins of its own: bookstore, large, flaky or empty",
        HelpName = "SCENARIO",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly Option<string?> _kubeconfig = new("--kubeconfig") { Description = "Kubeconfig file; $KUBECONFIG or ~/.kube/config when absent", HelpName = "FILE" };
    private readonly Option<string?> _context = new("--context") { Description = "Context of the kubeconfig; its current one when absent", HelpName = "NAME" };
    private readonly Option<string?> _namespace = new("--namespace", "-n") { Description = "Show one namespace; all of them when absent", HelpName = "NAME" };
    private readonly Option<bool> _readOnly = new("--read-only") { Description = "Refuse every write, the plugins' included" };
    private readonly Option<bool> _noPlugins = new("--no-plugins") { Description = "Start without plugins" };

    private readonly Option<AuditReads> _audit = new("--audit")
    {
        Description = "What the audit says of the reads that plugins were granted: counts per call and minute, or all of them, a line each",
        HelpName = "counts|all",
        DefaultValueFactory = _ => AuditReads.Counts,
    };

    public ConnectionOptions() => _audit.AcceptOnlyFromAmong("counts", "all");

    public void AddTo(Command command)
    {
        foreach (var option in new Option[] { _demo, _kubeconfig, _context, _namespace, _readOnly, _noPlugins, _audit }) command.Options.Add(option);
    }

    public Connection Read(ParseResult parsed) => new()
    {
        Scenario = parsed.GetResult(_demo) is null ? null : parsed.GetValue(_demo) ?? Connection.DefaultScenario,
        Kubeconfig = parsed.GetValue(_kubeconfig),
        Context = parsed.GetValue(_context),
        Namespace = parsed.GetValue(_namespace),
        ReadOnly = parsed.GetValue(_readOnly),
        Plugins = !parsed.GetValue(_noPlugins),
        AuditReads = parsed.GetValue(_audit),
    };
}

/// <summary>Which cluster, as whom, and with which plugins.</summary>
internal sealed record Connection
{
    public const string DefaultScenario = "bookstore";

    /// <summary>Scenario of the simulated cluster; null for a real one.</summary>
    public string? Scenario { get; init; }

    public string? Kubeconfig { get; init; }
    public string? Context { get; init; }

    /// <summary>Null for all namespaces.</summary>
    public string? Namespace { get; init; }

    public bool ReadOnly { get; init; }
    public bool Plugins { get; init; } = true;

    /// <summary>Only these of the installed plugins run; null for all that are enabled.</summary>
    public ImmutableArray<PluginId>? OnlyPlugins { get; init; }

    /// <summary>Where the ports that plugins listen on are opened.</summary>
    public IPAddress ListenAddress { get; init; } = IPAddress.Loopback;

    /// <summary>What the audit says of the reads that plugins were granted.</summary>
    public AuditReads AuditReads { get; init; }

    /// <summary>Whether an installed plugin is one of those that run.</summary>
    public bool Runs(PluginId plugin) => OnlyPlugins is not { } only || only.Contains(plugin);
}
