namespace LazyOC.Plugins.Runtime.Tests;

internal static class Permissions
{
    public const string None = "{}";
    public const string ReadPods = """{ "kubernetes": [{ "apiGroups": [""], "resources": ["pods"], "verbs": ["get", "list"] }] }""";
    public const string ScaleDeployments = """{ "kubernetes": [{ "apiGroups": ["apps"], "resources": ["deployments/scale"], "verbs": ["update"], "namespaces": ["bookstore"] }] }""";
    public const string HearOfPods = """{ "events": { "subscribe": ["resource.pods"] } }""";
    public const string HearOfAndReadPods = """{ "events": { "subscribe": ["resource.pods"] }, "kubernetes": [{ "apiGroups": [""], "resources": ["pods"], "verbs": ["get"] }] }""";
}
