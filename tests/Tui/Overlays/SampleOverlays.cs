using System.Collections.Immutable;
using System.Text.Json;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Contracts.Manifest;
using LazyOC.Plugins.Contracts.Permissions;
using LazyOC.Plugins.Contracts.Versions;
using LazyOC.Plugins.Contracts.Views;
using LazyOC.Plugins.Runtime.Extensions;
using LazyOC.Tui.Details.Text;
using LazyOC.Tui.Overlays;
using LazyOC.Tui.Screen;
using LazyOC.Tui.Terminal;
using LazyOC.Tui.Tests.Screen;

namespace LazyOC.Tui.Tests.Overlays;

/// <summary>Overlays as they come up in a day of work.</summary>
internal static class SampleOverlays
{
    public static DateTimeOffset Now { get; } = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    public static PluginMark PodHealth { get; } = new(PluginId.Parse("lazyoc.pod-health"), "Pod health");

    public static ImmutableArray<PaletteItem> Items { get; } =
    [
        new("restart", "Restart the rollout", "Deployment", "r"),
        new("scale", "Scale…", "Deployment", "+ -"),
        new("scale-zero", "Scale to zero overnight", "Deployment", "", new PluginMark(PluginId.Parse("acme.sleeper"), "Sleeper")),
        new("delete", "Delete…", "Deployment", "d", Disabled: "this context is read-only"),
        new("logs", "Follow the logs", "Deployment", "l"),
        new("namespace", "Switch the project…", "Screen", "n"),
        new("context", "Switch the context…", "Screen", "c"),
        new("plugins", "Plugins", "Screen", "P"),
        new("health", "Check the health of all pods", "Pod", "", PodHealth),
        new("kind:pods", "Pods", "Resources") { Names = ["po", "pod", "pods"] },
        new("kind:deployments.apps", "Deployments", "Resources") { Names = ["deploy", "deployment", "deployments", "deployments.apps"] },
        new("kind:buildconfigs", "BuildConfigs", "Resources") { Names = ["bc", "buildconfig", "buildconfigs"] },
    ];

    public static Picker Namespaces { get; } = new(
        "Projects",
        new PickerContent.Items([new("", "all projects"), new("bookstore", "bookstore", "14 pods"), new("bookstore-staging", "bookstore-staging", "9 pods"), new("openshift-monitoring", "openshift-monitoring", Disabled: "you may not list pods there"), new("payments", "payments", "31 pods")]),
        "bookstore");

    public static Confirmation DeletePod { get; } = new()
    {
        Verb = "Delete",
        What = "pod checkout-66b8c9d7f-002zk",
        Objects = ["checkout-66b8c9d7f-002zk"],
        Namespace = "bookstore",
        Context = "demo (api.demo.example:6443)",
        User = "developer",
        Danger = DangerLevel.Destructive,
        Consequence = "Its ReplicaSet starts another one in its place",
    };

    public static Confirmation DeletePods { get; } = DeletePod with
    {
        What = "42 pods",
        Objects = [.. Enumerable.Range(1, 42).Select(i => $"checkout-66b8c9d7f-{i:000}zk")],
        Consequence = null,
    };

    public static Confirmation PluginAction { get; } = new()
    {
        Verb = "Run",
        What = "an action on 3 pods",
        Objects = ["basket-7d9c6b5f4-004zk", "checkout-66b8c9d7f-006zk", "frontend-84d5f6c9b-011zk"],
        Namespace = "bookstore",
        Context = "demo",
        User = "developer",
        Danger = DangerLevel.Caution,
        Plugin = PodHealth,
        PluginText = "Restart unhealthy\nThese pods have been below health 40 for more than an hour.",
    };

    public static HookDialog Refused { get; } = new()
    {
        Verb = "Delete",
        What = "deployment checkout",
        Objects = [new HookedObject("bookstore/checkout", [new HookRemark(PodHealth.Id, PodHealth.Name, "it serves the sale that is on until Sunday\nask the shop's team first")], [], [], [])],
        Going = 0,
    };

    public static HookDialog Patched { get; } = new()
    {
        Verb = "Scale",
        What = "deployment checkout",
        Objects =
        [
            new HookedObject(
                "bookstore/checkout", [], [new HookRemark(PodHealth.Id, PodHealth.Name, "the nodes have room for five")], [new HookRemark(PodHealth.Id, PodHealth.Name, "")],
                LineDiff.Of("spec:\n  paused: false\n  replicas: 50\n  selector:\n    app: checkout\n", "spec:\n  paused: false\n  replicas: 5\n  selector:\n    app: checkout\n")),
        ],
        Going = 1,
    };

    public static Prompt Scale { get; } = new("Scale deployment checkout",
        [new FormField { Name = "replicas", Label = "Replicas", Kind = FieldKind.Number, Required = true, Min = 0, Max = 50, Value = JsonSerializer.SerializeToElement(3), Help = "now 3, of which 2 are ready" }],
        "Scale");

    public static Prompt PluginPrompt { get; } = new("A plugin asks for input",
        [
            new FormField { Name = "channel", Label = "Channel", Kind = FieldKind.Select, Options = [new FieldOption { Value = "ops", Label = "#ops" }, new FieldOption { Value = "dev", Label = "#dev" }] },
            new FormField { Name = "text", Label = "Message", Kind = FieldKind.Text, Required = true, Help = "shown to everybody in the channel" },
            new FormField { Name = "token", Label = "Token", Kind = FieldKind.Secret },
            new FormField { Name = "urgent", Label = "Urgent", Kind = FieldKind.Toggle },
        ],
        "Send")
    {
        Plugin = PodHealth,
        PluginText = "Tell somebody that checkout is unhealthy",
    };

    public static Message Failure { get; } = new("Cannot delete deployment checkout", "The API server refused it (403): deployments.apps \"checkout\" is forbidden: User \"developer\" cannot delete resource \"deployments\" in API group \"apps\" in the namespace \"bookstore\"")
    {
        Hint = "ask an administrator of bookstore for the role `edit`, or delete it in a project of your own",
        Detail = "DELETE /apis/apps/v1/namespaces/bookstore/deployments/checkout\nHTTP 403 Forbidden\nrequest-id 0f6d2c9e",
    };

    public static Help Keys { get; } = new(
    [
        new HelpGroup("List", [new("↑ ↓  j k", "move"), new("enter", "open the details"), new("/", "filter"), new("space", "select"), new("s", "sort by the next column"), new("d", "delete", "this context is read-only"), new("l", "follow the logs"), new("h", "check the health") { Plugin = PodHealth }]),
        new HelpGroup("Screen", [new("tab", "next panel"), new(":", "commands"), new("n", "switch the project"), new("c", "switch the context"), new("P", "plugins"), new("?", "these keys"), new("q", "quit")]),
    ]);

    public static PluginManifest Manifest { get; } = new()
    {
        ManifestVersion = 1,
        Id = PluginId.Parse("lazyoc.pod-health"),
        Version = SemanticVersion.Parse("1.2.0"),
        DisplayName = "Pod health",
        Description = "Scores pods by restarts, readiness and recent events, and restarts the worst of them when you say so.",
        Engines = new PluginEngines { Lazyoc = VersionRange.Parse("^1.0") },
        Main = "dist/plugin.js",
        Permissions = new PermissionSet
        {
            Kubernetes =
            [
                Rule(["pods", "events"], ["get", "list", "watch"]),
                Rule(["pods"], ["delete"]),
                Rule(["secrets"], ["get"]),
            ],
            Events = new EventPermissions { Subscribe = ["resource.*"] },
        },
        PermissionReasons = ImmutableDictionary<string, string>.Empty.Add("kubernetes", "reads pods and their events to score them, and deletes those you choose").Add("events.subscribe", "scores again when a pod changes"),
    };

    public static ConsentDialog Install { get; } = new(new ConsentRequest(Manifest, "~/downloads/pod-health-1.2.0.lzp", Digest.Of("pod-health"u8)) { Unsigned = true });

    public static ConsentDialog Update { get; } = new(new ConsentRequest(Manifest, "~/downloads/pod-health-1.2.0.lzp", Digest.Of("pod-health"u8))
    {
        Unsigned = true,
        Installed = ("1.1.3", new PermissionSet { Kubernetes = [Rule(["pods", "events"], ["get", "list", "watch"]), Rule(["nodes"], ["list"])] }),
    });

    public static ImmutableArray<Notice> Notices { get; } =
    [
        new("Scaled deployment checkout to 3", TextStyle.Ok),
        new("3 of 14 pods look unhealthy", TextStyle.Warn) { Plugin = PodHealth },
        new("Copying 12 files", TextStyle.Info) { Id = "copy", Lasts = true, Progress = 0.42 },
        new("Cannot reach api.demo.example: connection refused", TextStyle.Error) { Hint = "it is tried again in 4 s; `ctrl-r` tries now" },
    ];

    /// <summary>An overlay over the pods of the bookstore.</summary>
    public static CellBuffer Frame(Overlay overlay, int width, int height)
    {
        var frame = ScreenDrawing.Render(SampleScreens.Pods, new FrameSize(width, height));
        OverlayDrawing.Draw(frame, overlay, Now);
        return frame;
    }

    /// <summary>An overlay after some input; keys in their text form, anything longer is typed.</summary>
    public static Overlay After(Overlay overlay, int width, int height, params string[] inputs)
    {
        foreach (var press in inputs.SelectMany(Presses))
        {
            var step = overlay.Handle(new TerminalEvent.KeyPressed(press), new FrameSize(width, height));
            overlay = Assert.IsType<OverlayStep.Stayed>(step).Next;
        }
        return overlay;
    }

    private static IEnumerable<KeyPress> Presses(string input) =>
        KeyPress.TryParse(input, out var press) ? [press] : input.Select(c => KeyPress.Of(c));

    private static KubernetesRule Rule(ImmutableArray<string> resources, ImmutableArray<string> verbs) =>
        new() { ApiGroups = [""], Resources = resources, Verbs = verbs, Namespaces = ["*"] };
}
