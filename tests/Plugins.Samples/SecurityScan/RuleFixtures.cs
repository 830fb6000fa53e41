namespace LazyOC.Plugins.Samples.Tests.SecurityScan;

/// <summary>For each rule an object that breaks it and one, as like it as can be, that keeps it.</summary>
internal static class RuleFixtures
{
    /// <summary>A deployment that keeps every rule; what a fixture changes is merged into its pods.</summary>
    public const string Good = """
        { "apiVersion": "apps/v1", "kind": "Deployment", "metadata": { "name": "good", "namespace": "bookstore" }, "spec": { "template": { "metadata": {}, "spec": {
          "automountServiceAccountToken": false,
          "securityContext": { "runAsNonRoot": true, "seccompProfile": { "type": "RuntimeDefault" } },
          "containers": [{
            "name": "app", "image": "quay.io/bookstore/app@sha256:4bf5122f344554c53bde2ebb8cd2b7e3d1600ad631c385a5d7cce23c7785459a", "ports": [{ "containerPort": 8080 }],
            "resources": { "requests": { "cpu": "1", "memory": "1Gi" }, "limits": { "memory": "1Gi" } },
            "readinessProbe": { "httpGet": { "path": "/", "port": 8080 } }, "livenessProbe": { "httpGet": { "path": "/", "port": 8080 } },
            "securityContext": { "allowPrivilegeEscalation": false, "capabilities": { "drop": ["ALL"] } }
          }]
        } } } }
        """;

    /// <summary>A fixture of a pod's spec. What stands under <c>container</c> is merged into the container.</summary>
    public sealed record Fixture(string Rule, string Breaks, string Keeps);

    public static readonly Fixture[] Pods =
    [
        new("PSS-B01", """{ "hostNetwork": true }""", """{ "hostNetwork": false }"""),
        new("PSS-B02", """{ "hostPID": true }""", """{ "hostPID": false }"""),
        new("PSS-B03", """{ "hostIPC": true }""", """{ "hostIPC": false }"""),
        new("PSS-B04", """{ "container": { "securityContext": { "privileged": true } } }""", """{ "container": { "securityContext": { "privileged": false } } }"""),
        new("PSS-B05", """{ "container": { "securityContext": { "capabilities": { "add": ["SYS_ADMIN"] } } } }""", """{ "container": { "securityContext": { "capabilities": { "add": ["CHOWN"] } } } }"""),
        new("PSS-B06", """{ "volumes": [{ "name": "v", "hostPath": { "path": "/" } }] }""", """{ "volumes": [{ "name": "v", "emptyDir": {} }] }"""),
        new("PSS-B07", """{ "container": { "ports": [{ "containerPort": 80, "hostPort": 80 }] } }""", """{ "container": { "ports": [{ "containerPort": 80, "hostPort": 0 }] } }"""),
        new("PSS-B08", """{ "container": { "securityContext": { "procMount": "Unmasked" } } }""", """{ "container": { "securityContext": { "procMount": "Default" } } }"""),
        new("PSS-B09", """{ "container": { "securityContext": { "seccompProfile": { "type": "Unconfined" } } } }""", """{ "container": { "securityContext": { "seccompProfile": { "type": "Localhost" } } } }"""),
        new("PSS-B10", """{ "securityContext": { "sysctls": [{ "name": "kernel.msgmax", "value": "1" }] } }""", """{ "securityContext": { "sysctls": [{ "name": "net.ipv4.tcp_syncookies", "value": "1" }] } }"""),
        new("PSS-B11", """{ "securityContext": { "seLinuxOptions": { "type": "spc_t" } } }""", """{ "securityContext": { "seLinuxOptions": { "type": "container_t", "level": "s0:c1,c2" } } }"""),
        new("PSS-B12", """{ "container": { "securityContext": { "appArmorProfile": { "type": "Unconfined" } } } }""", """{ "container": { "securityContext": { "appArmorProfile": { "type": "RuntimeDefault" } } } }"""),
        new("PSS-B13", """{ "securityContext": { "windowsOptions": { "hostProcess": true } } }""", """{ "securityContext": { "windowsOptions": { "hostProcess": false } } }"""),
        new("PSS-R01", """{ "volumes": [{ "name": "v", "nfs": { "server": "s", "path": "/" } }] }""", """{ "volumes": [{ "name": "v", "persistentVolumeClaim": { "claimName": "c" } }] }"""),
        new("PSS-R02", """{ "container": { "securityContext": { "allowPrivilegeEscalation": null } } }""", """{ "container": { "securityContext": { "allowPrivilegeEscalation": false } } }"""),
        new("PSS-R03", """{ "securityContext": { "runAsNonRoot": null } }""", """{ "securityContext": { "runAsNonRoot": null }, "container": { "securityContext": { "runAsNonRoot": true } } }"""),
        new("PSS-R04", """{ "securityContext": { "runAsUser": 0 } }""", """{ "securityContext": { "runAsUser": 1000 } }"""),
        new("PSS-R05", """{ "securityContext": { "seccompProfile": null } }""", """{ "securityContext": { "seccompProfile": null }, "container": { "securityContext": { "seccompProfile": { "type": "RuntimeDefault" } } } }"""),
        new("PSS-R06", """{ "container": { "securityContext": { "capabilities": { "drop": ["KILL"] } } } }""", """{ "container": { "securityContext": { "capabilities": { "drop": ["KILL", "ALL"] } } } }"""),
        new("PSS-R07", """{ "container": { "securityContext": { "capabilities": { "add": ["CHOWN"] } } } }""", """{ "container": { "securityContext": { "capabilities": { "add": ["NET_BIND_SERVICE"] } } } }"""),
        new("IMG-01", """{ "container": { "image": "registry.example.com:5000/app" } }""", """{ "container": { "image": "registry.example.com:5000/app:1.2.3" } }"""),
        new("IMG-02", """{ "container": { "image": "quay.io/bookstore/app:1.2.3" } }""", """{ "container": { "image": "quay.io/bookstore/app:latest@sha256:4bf5122f344554c53bde2ebb8cd2b7e3d1600ad631c385a5d7cce23c7785459a" } }"""),
        new("REL-01", """{ "container": { "resources": { "limits": { "cpu": "1", "memory": null } } } }""", """{ "container": { "resources": { "limits": { "memory": "1Mi" } } } }"""),
        new("REL-02", """{ "container": { "resources": { "requests": { "cpu": null } } } }""", """{ "container": { "resources": { "requests": { "cpu": "1m" } } } }"""),
        new("REL-03", """{ "container": { "readinessProbe": null } }""", """{ "container": { "readinessProbe": null, "ports": null } }"""),
        new("REL-04", """{ "container": { "livenessProbe": null } }""", """{ "container": { "livenessProbe": null, "ports": null } }"""),
        new("ACC-01", """{ "container": { "env": [{ "name": "DB_PASSWORD", "value": "letmein" }] } }""", """{ "container": { "env": [{ "name": "DB_PASSWORD", "valueFrom": { "secretKeyRef": { "name": "db", "key": "p" } } }, { "name": "TOKENS_PER_MINUTE", "value": "5" }] } }"""),
        new("ACC-02", """{ "automountServiceAccountToken": null }""", """{ "automountServiceAccountToken": null, "serviceAccountName": "app" }"""),
    ];

    /// <summary>Fixtures that are whole objects.</summary>
    public static readonly Fixture[] Objects =
    [
        new("RBAC-01", Role("ClusterRole", "ops", """{ "apiGroups": ["*"], "resources": ["*"], "verbs": ["*"] }"""), Role("ClusterRole", "cluster-admin", """{ "apiGroups": ["*"], "resources": ["*"], "verbs": ["*"] }""")),
        new("RBAC-02", Role("ClusterRole", "reader", """{ "apiGroups": [""], "resources": ["secrets"], "verbs": ["get"] }"""), Role("Role", "reader", """{ "apiGroups": [""], "resources": ["secrets"], "verbs": ["get"], "resourceNames": ["mine"] }""")),
        new("RBAC-03", Role("Role", "debug", """{ "apiGroups": [""], "resources": ["pods/exec"], "verbs": ["create"] }"""), Role("Role", "debug", """{ "apiGroups": [""], "resources": ["pods/log"], "verbs": ["get"] }""")),
        new("RBAC-04", Role("ClusterRole", "raise", """{ "apiGroups": [""], "resources": ["users"], "verbs": ["impersonate"] }"""), Role("ClusterRole", "raise", """{ "apiGroups": [""], "resources": ["users"], "verbs": ["get"] }""")),
        new("RBAC-05", Binding("RoleBinding", "view", """{ "kind": "Group", "name": "system:unauthenticated" }"""), Binding("RoleBinding", "view", """{ "kind": "Group", "name": "system:authenticated" }""")),
        new("RBAC-06", Binding("ClusterRoleBinding", "cluster-admin", """{ "kind": "ServiceAccount", "name": "robot", "namespace": "ci" }"""), Binding("ClusterRoleBinding", "cluster-admin", """{ "kind": "Group", "name": "admins" }""")),
    ];

    private static string Role(string kind, string name, string rule) => $$"""{ "kind": "{{kind}}", "metadata": { "name": "{{name}}" }, "rules": [{{rule}}] }""";

    private static string Binding(string kind, string role, string subject) => $$"""{ "kind": "{{kind}}", "metadata": { "name": "b" }, "roleRef": { "kind": "ClusterRole", "name": "{{role}}" }, "subjects": [{{subject}}] }""";
}
