using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;
using LazyOC.Cluster.Simulator.Resources;
using LazyOC.Cluster.Simulator.Storage;

namespace LazyOC.Cluster.Simulator.Printing;

internal static class NetworkColumns
{
    public static readonly ImmutableArray<PrinterColumn> Service =
    [
        PrinterColumn.ObjectName,
        PrinterColumn.Text("Type", o => o.Text("spec", "type") ?? "ClusterIP"),
        PrinterColumn.Text("Cluster-IP", o => o.Text("spec", "clusterIP")),
        PrinterColumn.Text("External-IP", ExternalAddress),
        PrinterColumn.Text("Port(s)", ServicePorts),
        PrinterColumn.Age,
        PrinterColumn.Text("Selector", o => WorkloadColumns.SelectorText(o.At("spec", "selector")), 1),
    ];

    public static readonly ImmutableArray<PrinterColumn> Endpoints =
    [
        PrinterColumn.ObjectName,
        PrinterColumn.Text("Endpoints", EndpointAddresses),
        PrinterColumn.Age,
    ];

    public static readonly ImmutableArray<PrinterColumn> EndpointSlice =
    [
        PrinterColumn.ObjectName,
        PrinterColumn.Text("AddressType", o => o.Text("addressType")),
        PrinterColumn.Text("Ports", o => string.Join(',', o.Objects("ports").Select(p => p.At("port")?.ToString()))),
        PrinterColumn.Text("Endpoints", o => string.Join(',', o.Objects("endpoints").SelectMany(e => e.Texts("addresses")))),
        PrinterColumn.Age,
    ];

    public static readonly ImmutableArray<PrinterColumn> Ingress =
    [
        PrinterColumn.ObjectName,
        PrinterColumn.Text("Class", o => o.Text("spec", "ingressClassName")),
        PrinterColumn.Text("Hosts", o => string.Join(',', o.Objects("spec", "rules").Select(r => r.Text("host") ?? "*"))),
        PrinterColumn.Text("Address", o => string.Join(',', o.Objects("status", "loadBalancer", "ingress").Select(i => i.Text("ip") ?? i.Text("hostname")))),
        new("Ports", "string", 0, (o, _) => o.Objects("spec", "tls").Any() ? "80, 443" : "80"),
        PrinterColumn.Age,
    ];

    public static readonly ImmutableArray<PrinterColumn> Policy =
    [
        PrinterColumn.ObjectName,
        PrinterColumn.Text("Pod-Selector", o => WorkloadColumns.SelectorText(o.At("spec", "podSelector"))),
        PrinterColumn.Age,
    ];

    private static string ExternalAddress(JsonObject service) => service.Text("spec", "type") switch
    {
        "LoadBalancer" => string.Join(',', service.Objects("status", "loadBalancer", "ingress").Select(i => i.Text("ip") ?? i.Text("hostname"))) is { Length: > 0 } address ? address : "<pending>",
        "ExternalName" => service.Text("spec", "externalName") ?? "",
        _ => string.Join(',', service.Texts("spec", "externalIPs")),
    };

    private static string ServicePorts(JsonObject service) =>
        string.Join(',', service.Objects("spec", "ports").Select(port =>
        {
            string nodePort = port.Integer("nodePort") is { } number ? string.Create(CultureInfo.InvariantCulture, $":{number}") : "";
            return string.Create(CultureInfo.InvariantCulture, $"{port.Integer("port")}{nodePort}/{port.Text("protocol") ?? "TCP"}");
        }));

    private static string EndpointAddresses(JsonObject endpoints)
    {
        var addresses = new List<string>();
        foreach (JsonObject subset in endpoints.Objects("subsets"))
        {
            foreach (JsonObject address in subset.Objects("addresses"))
            {
                foreach (JsonObject port in subset.Objects("ports"))
                    addresses.Add(string.Create(CultureInfo.InvariantCulture, $"{address.Text("ip")}:{port.Integer("port")}"));
            }
        }

        return addresses.Count <= 3 ? string.Join(',', addresses) : string.Create(CultureInfo.InvariantCulture, $"{string.Join(',', addresses.Take(3))} + {addresses.Count - 3} more...");
    }
}
