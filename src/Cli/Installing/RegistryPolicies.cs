using System.Collections.Immutable;
using LazyOC.Marketplace.Protocol;
using LazyOC.Marketplace.Protocol.Client;
using LazyOC.Plugins.Contracts;

namespace LazyOC.Cli.Installing;

/// <summary>Holds what is to be installed against what the registries that its plugins come from have laid down.</summary>
/// <param name="registries">Asked about packages in files, too; null when none is to be asked.</param>
internal sealed class RegistryPolicies(RegistrySet? registries)
{
    /// <summary>Refuses the first plugin that a policy does not permit.</summary>
    /// <exception cref="UserError">One is refused, or what was laid down for it cannot be found out.</exception>
    public async Task CheckAsync(ImmutableArray<PlannedInstall> plan, CancellationToken cancellationToken)
    {
        foreach (var planned in plan)
        {
            var isFile = planned.Origin is PackageOrigin.InFile;
            if ((planned.Origin is PackageOrigin.InRegistry from ? from.Client : registries?.Of(planned.Id)) is not { } client) continue;
            if (!(await client.PolicyAsync(cancellationToken)).TryGet(out var found, out var problems))
            {
                // A registry that does not answer does not keep anybody from his own files.
                if (isFile && problems.All(problem => problem.MayPass)) continue;
                ((Outcome<Found<PolicyFile>>)problems).OrThrow(ExitCode.Refused);
            }
            if (found!.Value?.Policy is not { } policy) continue;
            if (await WhyNotAsync(policy, planned, client, cancellationToken) is { } why)
                throw new UserError(ExitCode.Refused, $"{planned.Id} {planned.Version} is refused by the policy of the registry {client.Registry.Name}: {why}", "ask those who keep the registry");
        }
    }

    private static async Task<string?> WhyNotAsync(RegistryPolicy policy, PlannedInstall planned, RegistryClient client, CancellationToken cancellationToken)
    {
        if (policy.WhyNot(planned.Id, planned.Permissions) is { } why) return why;
        if (policy.Scanners.IsEmpty) return null;
        var package = planned.Origin is PackageOrigin.InRegistry registry ? registry.Line.Digest : ((PackageOrigin.InFile)planned.Origin).Package.Digest;
        var verdicts = (await client.VerdictsAsync(package, cancellationToken)).OrThrow(ExitCode.Refused).Value;
        return policy.Missing(verdicts).FirstOrDefault() is { } missing ? $"`scanners` names `{missing}`, which has not passed it" : null;
    }
}
