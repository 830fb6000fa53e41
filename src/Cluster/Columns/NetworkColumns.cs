using System.Globalization;
using System.Text.Json;

namespace LazyOC.Cluster.Columns;

/// <summary>Services and ways to reach them.</summary>
internal static class NetworkColumns
{
    public static Dictionary<string, ColumnSpec[]> All { get; } = new(StringComparer.Ordinal)
    {
        ["services"] =
        [
            Column.Text("services", "TYPE", o => o.Text("spec", "type")),
            Column.Text("services", "CLUSTER-IP", o => o.Text("spec", "clusterIP")),
            Column.Text("services", "EXTERNAL-IP", ExternalIp),
            Column.Text("services", "PORT(S)", o => Column.Join(o.Items("spec", "ports").Select(ServicePort))),
            Column.Age,
            Column.Text("services", "SELECTOR", o => Column.Labels(o.At("spec"), "selector"), wide: true),
        ],
        ["endpoints"] =
        [
            Column.Text("endpoints", "ENDPOINTS", Endpoints),
            Column.Age,
        ],
        ["endpointslices.discovery.k8s.io"] =
        [
            Column.Text("endpointslices", "ADDRESSTYPE", o => o.Text("addressType")),
            Column.Text("endpointslices", "PORTS", o => Column.Join(o.Items("ports").Select(p => Invariant(p.Number("port"))))),
            Column.Text("endpointslices", "ENDPOINTS", o => Column.Join(o.Items("endpoints").SelectMany(e => e.Texts("addresses")))),
            Column.Age,
        ],
        ["ingresses.networking.k8s.io"] =
        [
            Column.Text("ingresses", "CLASS", o => o.Text("spec", "ingressClassName")),
            Column.Text("ingresses", "HOSTS", o => Column.Join(o.Items("spec", "rules").Select(r => r.Text("host"))) ?? "*"),
            Column.Text("ingresses", "ADDRESS", o => LoadBalancer(o) ?? " "),
            Column.Text("ingresses", "PORTS", o => o.Items("spec", "tls").Any() ? "80, 443" : "80"),
            Column.Age,
        ],
        ["networkpolicies.networking.k8s.io"] =
        [
            Column.Text("networkpolicies", "POD-SELECTOR", o => Column.Labels(o.At("spec", "podSelector"), "matchLabels")),
            Column.Age,
        ],
    };

    private static string? ExternalIp(JsonElement service)
    {
        var external = Column.Join(service.At("spec")?.Texts("externalIPs") ?? []);
        return service.Text("spec", "type") switch
        {
            "ExternalName" => service.Text("spec", "externalName"),
            "LoadBalancer" => Column.Join([LoadBalancer(service), external]) ?? "<pending>",
            _ => external,
        };
    }

    private static string? LoadBalancer(JsonElement resource) =>
        resource.At("status")?.Items("loadBalancer", "ingress") is { } ingress ? Column.Join(ingress.Select(i => i.Text("ip") ?? i.Text("hostname"))) : null;

    private static string ServicePort(JsonElement port)
    {
        var node = port.Number("nodePort") is { } nodePort and > 0 ? $":{Invariant(nodePort)}" : "";
        return $"{Invariant(port.Number("port"))}{node}/{port.Text("protocol") ?? "TCP"}";
    }

    private static string? Endpoints(JsonElement endpoints)
    {
        const int maxShown = 3;
        var all = endpoints.Items("subsets").SelectMany(subset => subset.Items("addresses").SelectMany(address =>
            subset.Items("ports").Select(port => $"{address.Text("ip")}:{Invariant(port.Number("port"))}").DefaultIfEmpty(address.Text("ip") ?? ""))).ToList();
        var shown = Column.Join(all.Take(maxShown));
        return all.Count > maxShown ? string.Create(CultureInfo.InvariantCulture, $"{shown} + {all.Count - maxShown} more...") : shown;
    }

    private static string? Invariant(long? number) => number?.ToString(CultureInfo.InvariantCulture);
}
