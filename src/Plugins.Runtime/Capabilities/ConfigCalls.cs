using System.Collections.Immutable;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Contracts.Calls;
using LazyOC.Plugins.Contracts.Messages;
using LazyOC.Plugins.Runtime.Lifecycle;
using LazyOC.Plugins.Sandbox.Broker;

namespace LazyOC.Plugins.Runtime.Capabilities;

/// <summary><c>config.get</c>: a plugin reads its own settings.</summary>
/// <param name="instanceOf">The instance of a principal; null when it has ended.</param>
internal sealed class ConfigCalls(Func<PluginPrincipal, PluginInstance?> instanceOf)
{
    public ImmutableArray<HostCallRow> Rows =>
    [
        new HostCallRow<ConfigGetRequest, ConfigGetAnswer>
        {
            Name = "config.get",
            AnswersAtOnce = true,
            WhileStaged = StagedRule.Allowed,
            Description = "The plugin's settings, those the user has set and defaults; never a secret.",
            Request = static () => ContractJson.Default.ConfigGetRequest,
            Answer = static () => ContractJson.Default.ConfigGetAnswer,
            Handler = (plugin, _, _) => ValueTask.FromResult<CallOutcome<ConfigGetAnswer>>(instanceOf(plugin) is { } instance
                ? new ConfigGetAnswer { Values = instance.Settings.Values }
                : new CallError(ErrorCode.Cancelled, "this plugin instance has ended")),
        },
    ];
}
