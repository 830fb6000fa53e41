using System.Text;
using LazyOC.Plugins.Contracts.Manifest;

namespace LazyOC.Plugins.Contracts.Tests.Manifest;

public sealed class ManifestReaderTests
{
    private static string Manifest(string more = "", int manifestVersion = 1, string engines = "^1.0", string main = "dist/plugin.js") =>
        $$"""{"manifestVersion":{{manifestVersion}},"id":"acme.demo","version":"1.0.0","displayName":"Demo","engines":{"lazyoc":"{{engines}}"},"main":"{{main}}"{{(more.Length > 0 ? "," : "")}}{{more}}}""";

    private static string[] Problems(string json, ManifestLimits? limits = null) =>
        ManifestReader.Read(Encoding.UTF8.GetBytes(json), limits).TryGet(out _, out var problems) ? [] : [.. problems.Select(p => p.ToString())];

    private static string Only(string json, ManifestLimits? limits = null) => Assert.Single(Problems(json, limits));

    [Fact]
    public void Read_EverythingUsed_IsSound() => Assert.Empty(Problems(Manifest("""
        "activation":["onStartup","onColumn:acme.demo.c","onTab:acme.demo.t","onSection:acme.demo.o","onPage:acme.demo.p","onCard:acme.demo.d","onAction:acme.demo.a","onCommand:acme.demo.x","onEvent:resource.*","onResourceView:acme.demo.v","onLogTransform:acme.demo.l","onHook:acme.demo.h"],
        "permissions":{"hooks":[{"kinds":["apps/Deployment"],"verbs":["scale","delete"],"effects":["deny","patch"]}],"logs":[{"kinds":["Pod"]}],"kubernetes":[{"apiGroups":["apps"],"resources":["deployments"],"verbs":["get"],"namespaces":["prod"]}],"events":{"publish":["acme.demo.done"],"subscribe":["resource.*"]}},
        "permissionReasons":{"kubernetes":"reads","events.publish":"tells"},
        "limits":{"memory":"64MiB"},
        "contributes":{
          "columns":[{"id":"acme.demo.c","resource":"apps/Deployment","title":"C","compute":[".spec.replicas"]}],
          "tabs":[{"id":"acme.demo.t","resource":"Pod","title":"T","when":"api:tekton.dev/v1 && !(readonly || context:prod-*)"}],
          "sections":[{"id":"acme.demo.o","resource":"Pod","title":"O"}],
          "pages":[{"id":"acme.demo.p","title":"P","group":"Work"}],
          "cards":[{"id":"acme.demo.d","title":"D"}],
          "actions":[{"id":"acme.demo.a","resources":["Pod"],"title":"A","key":"A","danger":"destructive","verb":"delete","inputs":[{"name":"grace","label":"Grace","kind":"number","min":0,"max":60,"value":5}]}],
          "commands":[{"id":"acme.demo.x","title":"X","inputs":[{"name":"where","label":"Where","kind":"select","required":true,"options":[{"value":"a","label":"Here"}]}]}],
          "keys":[{"key":"ctrl-x","command":"acme.demo.x"},{"key":"f7","action":"acme.demo.a","context":"list","when":"openshift"}],
          "themes":[{"id":"acme.demo.dusk","title":"Dusk","base":"light","colors":{"accent":"#00ff7f","bar":"#101010"}}],
          "resourceViews":[{"id":"acme.demo.v","resource":"tekton.dev/PipelineRun","title":"V","part":"list","replaces":true}],
          "logTransforms":[{"id":"acme.demo.l","resource":"Pod","title":"L"}],
          "relations":[{"id":"acme.demo.r1","from":"Service","to":"Pod","title":"R","selector":"{.spec.selector}"},{"id":"acme.demo.r2","from":"Pod","to":"Node","title":"R","name":"{.spec.nodeName}"},{"id":"acme.demo.r3","from":"Pod","to":"Secret","title":"R","name":"{.a}","namespace":"{.b}"},{"id":"acme.demo.r4","from":"apps/Deployment","to":"apps/ReplicaSet","title":"R","owner":true}],
          "hooks":[{"id":"acme.demo.h","title":"H","phase":"before","resources":["apps/Deployment"],"verbs":["scale"],"effects":["deny","patch"],"onFailure":"deny"},{"id":"acme.demo.h2","title":"H","phase":"after","resources":["apps/Deployment"],"verbs":["delete"]}],
          "templates":[{"id":"acme.demo.n","resource":"apps/Deployment","title":"N","file":"templates/web.yaml","description":"A web server"}],
          "statusItems":[{"id":"acme.demo.s","title":"S"}]}
        """)));

    [Theory]
    [InlineData(""" "dependencies":{"acme.times":"^2.1","acme.lines":"*"},"optionalDependencies":{"acme.maps":"1.x"} """, null)]
    [InlineData(""" "dependencies":{"acme.demo":"*"} """, "`dependencies['acme.demo']` is the plugin itself")]
    [InlineData(""" "dependencies":{"acme.times":">2 <1"} """, "`dependencies['acme.times']` is `<0.0.0-0`, which no version is in\nhint: write a range such as `^1.2`")]
    [InlineData(""" "dependencies":{"acme.times":"^1"},"optionalDependencies":{"acme.times":"^1"} """, "`optionalDependencies['acme.times']` is among `dependencies` as well\nhint: name it in one of them")]
    public void Read_Dependencies_AreHeldToTheirRules(string dependencies, string? problem)
    {
        var problems = Problems(Manifest(dependencies));

        if (problem is null) Assert.Empty(problems);
        else Assert.Equal(problem, Assert.Single(problems));
    }

    [Theory]
    [InlineData(""" "dependencies":{"times":"^1"} """)]
    [InlineData(""" "dependencies":{"acme.times":"newest"} """)]
    [InlineData(""" "optionalDependencies":{"acme.times":"^1","acme.times":"^2"} """)]
    public void Read_DependenciesThatAreNone_NameTheirPlace(string dependencies) =>
        Assert.StartsWith($"`{dependencies.Trim().Split('"')[1]}", Only(Manifest(dependencies)), StringComparison.Ordinal);

    [Theory]
    [InlineData(""" {"from":"<1.0.0","entry":"migrations/v1.js"} """, "1MiB", null)]
    [InlineData(""" {"from":"<1.0.0","entry":"migrations/v1.js"} """, null, "`migrations` change stored data, but the plugin may store none")]
    [InlineData(""" {"from":"^1.0.0","entry":"migrations/v1.js"} """, "1MiB", "`migrations[0].from` is `^1.0.0`, which holds 1.0.0 itself")]
    [InlineData(""" {"from":"<1.0.0","entry":"../v1.js"} """, "1MiB", "`migrations[0].entry` is `../v1.js`, which leads out of its folder")]
    [InlineData(""" {"from":"<1.0.0","entry":"v1.wasm"} """, "1MiB", "`migrations[0].entry` is `v1.wasm`; expected a `.js` file")]
    public void Read_Migration_IsHeldToItsRules(string migration, string? storage, string? problem)
    {
        var problems = Problems(Manifest($$""" "migrations":[{{migration}}],"permissions":{ {{(storage is null ? "" : $"\"storage\":\"{storage}\"")}} } """));

        if (problem is null) Assert.Empty(problems);
        else Assert.StartsWith(problem, Assert.Single(problems), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(""" "resourceViews":[{"id":"acme.demo.v","resource":"Pod","title":"V","part":"row"}] """, "`contributes.resourceViews[0].part` is `row`; expected one of `list`, `details`")]
    [InlineData(""" "logTransforms":[{"id":"acme.demo.l","resource":"Secret","title":"L"}] """, "`contributes.logTransforms[0]` is handed the log lines of `Secret`, which no permission gives\nhint: name the kind under `permissions.logs`")]
    [InlineData(""" "relations":[{"id":"acme.demo.r","from":"Pod","to":"Node","title":"R"}] """, "`contributes.relations[0]` needs one of `selector`, `name` and `owner`")]
    [InlineData(""" "relations":[{"id":"acme.demo.r","from":"Pod","to":"Node","title":"R","owner":true,"name":"{.a}"}] """, "`contributes.relations[0]` needs one of `selector`, `name` and `owner`")]
    [InlineData(""" "relations":[{"id":"acme.demo.r","from":"Pod","to":"Node","title":"R","owner":true,"namespace":"{.a}"}] """, "`contributes.relations[0].namespace` is there without `name`")]
    [InlineData(""" "relations":[{"id":"acme.demo.r","from":"Pod","to":"Node","title":"R","name":"{.a"}] """, "`contributes.relations[0].name` is `{.a`, which has a brace without its other half")]
    [InlineData(""" "relations":[{"id":"acme.demo.r","from":"Pod","to":"Node","title":"R","name":"node-1"}] """, "`contributes.relations[0].name` is `node-1`, which has no path in braces")]
    [InlineData(""" "hooks":[{"id":"acme.demo.h","title":"H","phase":"after","resources":["Pod"],"verbs":["delete"],"effects":["warn"]}] """, "`contributes.hooks[0].effects` is there, but what has been done cannot be changed")]
    [InlineData(""" "hooks":[{"id":"acme.demo.h","title":"H","phase":"before","resources":["Pod"],"verbs":["delete"],"effects":["warn"],"onFailure":"deny"}] """, "`contributes.hooks[0].onFailure` is `deny`, which only a hook that may deny can bring about")]
    [InlineData(""" "hooks":[{"id":"acme.demo.h","title":"H","phase":"before","resources":["Secret"],"verbs":["delete"],"effects":["patch"]}] """, "`contributes.hooks[0].effects` has `patch`, but no hook changes a `Secret`")]
    [InlineData(""" "hooks":[{"id":"acme.demo.h","title":"H","phase":"before","resources":["rbac.authorization.k8s.io/Role"],"verbs":["delete"],"effects":["patch"]}] """, "`contributes.hooks[0].effects` has `patch`, but no hook changes a `rbac.authorization.k8s.io/Role`")]
    [InlineData(""" "hooks":[{"id":"acme.demo.h","title":"H","phase":"before","resources":["Pod"],"verbs":["exec"]}] """, "`contributes.hooks[0].verbs` has `exec`; expected create, update, scale, delete")]
    [InlineData(""" "hooks":[{"id":"acme.demo.h","title":"H","phase":"before","resources":["Pod"],"verbs":["create"]}] """, "`contributes.hooks[0]` wants to be told on create of Pod, which no permission gives")]
    [InlineData(""" "templates":[{"id":"acme.demo.n","resource":"Pod","title":"N","file":"../secret.yaml"}] """, "`contributes.templates[0].file` is `../secret.yaml`, which leads out of its folder")]
    [InlineData(""" "templates":[{"id":"acme.demo.n","resource":"Pod","title":"N","file":"web.json"}] """, "`contributes.templates[0].file` is `web.json`; expected a `.yaml` file")]
    public void Read_BadContributionToObjects_IsRefused(string contributes, string problem) => Assert.StartsWith(problem, Problems(Manifest($$"""
        "permissions":{"hooks":[{"kinds":["Pod","Secret","rbac.authorization.k8s.io/Role"],"verbs":["delete"],"effects":["warn","patch"]}]},"contributes":{ {{contributes}} }
        """))[0], StringComparison.Ordinal);

    [Theory]
    [InlineData("before", "deny", "When it does not answer in time, scale, delete of apps/Deployment, Pod is refused")]
    [InlineData("before", "allow", "When it does not answer in time, scale, delete of apps/Deployment, Pod goes on without it")]
    [InlineData("after", "allow", null)]
    public void FailureInWords_OfAHook_SaysWhatBecomesOfTheChange(string phase, string onFailure, string? words) => Assert.Equal(words, new HookContribution
    {
        Id = "acme.demo.h",
        Title = "H",
        Phase = phase == "before" ? HookPhase.Before : HookPhase.After,
        Resources = ["apps/Deployment", "Pod"],
        Verbs = ["scale", "delete"],
        OnFailure = onFailure == "deny" ? HookFailure.Deny : HookFailure.Allow,
    }.FailureInWords());

    [Theory]
    [InlineData(""" "keys":[{"key":"ctrl-x"}] """, "`contributes.keys[0]` has neither `command` nor `action`")]
    [InlineData(""" "commands":[{"id":"acme.demo.go","title":"Go"}],"keys":[{"key":"x","command":"acme.demo.go","action":"acme.demo.go"}] """, "`contributes.keys[0]` has both `command` and `action`")]
    [InlineData(""" "commands":[{"id":"acme.demo.go","title":"Go"}],"keys":[{"key":"x","command":"acme.demo.og"}] """, "`contributes.keys[0].command` is `acme.demo.og`, but no such command is declared\nhint: did you mean `acme.demo.go`?")]
    [InlineData(""" "keys":[{"key":"x","action":"acme.demo.go"}] """, "`contributes.keys[0].action` is `acme.demo.go`, but no such action is declared\nhint: declare it under `contributes.actions`")]
    [InlineData(""" "commands":[{"id":"acme.demo.go","title":"Go"}],"keys":[{"key":"Ctrl+X","command":"acme.demo.go"}] """, "`contributes.keys[0].key` is `Ctrl+X`; expected a key such as")]
    [InlineData(""" "actions":[{"id":"acme.demo.a","title":"A","resources":["Pod"],"key":"xx"}] """, "`contributes.actions[0].key` is `xx`; expected a key such as")]
    [InlineData(""" "actions":[{"id":"acme.demo.a","title":"A","resources":["Pod"],"verb":"De lete"}] """, "`contributes.actions[0].verb` is `De lete`; expected an RBAC verb")]
    [InlineData(""" "actions":[{"id":"acme.demo.a","title":"A","resources":["Pod"],"inputs":[{"name":"n","label":"N","kind":"select"}]}] """, "`contributes.actions[0].inputs[0].options` is missing")]
    [InlineData(""" "pages":[{"id":"acme.demo.p","title":"P","when":"openshfit"}] """, "`contributes.pages[0].when` is `openshfit`; expected `api:`")]
    [InlineData(""" "themes":[{"id":"acme.demo.t","title":"T","colors":{"acent":"#000000"}}] """, "`contributes.themes[0].colors.acent` does not name a colour\nhint: did you mean `accent`?")]
    [InlineData(""" "themes":[{"id":"acme.demo.t","title":"T","colors":{"ok":"green"}}] """, "`contributes.themes[0].colors.ok` is `green`; expected a colour\nhint: write it as `#rrggbb`")]
    [InlineData(""" "themes":[{"id":"acme.demo.t","title":"T","base":"sepia","colors":{}}] """, "`contributes.themes[0].base` is `sepia`; expected one of `dark`, `light`")]
    [InlineData(""" "sections":[{"id":"acme.demo.s","title":"S","resource":"pods/"}] """, "`contributes.sections[0].resource` is `pods/`; expected a kind")]
    [InlineData(""" "cards":[{"id":"card","title":"C"}] """, "`contributes.cards[0].id` is `card`; expected `acme.demo.`")]
    [InlineData(""" "cards":[{"id":"acme.demo.x","title":"C"}],"pages":[{"id":"acme.demo.x","title":"P"}] """, "`contributes.cards[0].id` is `acme.demo.x`, which another contribution has")]
    [InlineData(""" "crads":[] """, "`contributes.crads` is not a known key\nhint: did you mean `cards`?")]
    public void Read_BadContribution_IsRefused(string contributes, string problem) => Assert.StartsWith(problem, Only(Manifest($$"""
        "contributes":{ {{contributes}} }
        """)), StringComparison.Ordinal);

    [Theory]
    [InlineData("onSection:acme.demo.x")]
    [InlineData("onPage:acme.demo.x")]
    [InlineData("onCard:acme.demo.x")]
    public void Read_ActivationOfAViewThatIsNotDeclared_IsRefused(string activation) => Assert.Equal(
        $"`activation[0]` is `{activation}`, but no such contribution is declared\nhint: declare it under `contributes`",
        Only(Manifest($$"""
        "activation":["{{activation}}"]
        """)));

    [Fact]
    public void Read_ManifestVersion2_IsRefused() => Assert.Equal("`manifestVersion` is 2; this host reads version 1\nhint: a newer LazyOC may read it", Only(Manifest(manifestVersion: 2)));

    [Fact]
    public void Read_OtherEngine_IsRefused() => Assert.StartsWith("`engines.lazyoc` needs LazyOC with host API `^2.0.0`; this one offers 1.0.0\nhint: the plugin is for a LazyOC newer than this one", Only(Manifest(engines: "^2.0")), StringComparison.Ordinal);

    [Theory]
    [InlineData("/abs.js", "is absolute")]
    [InlineData("../up.js", "leads out of its folder")]
    [InlineData("a\\\\b.js", "has a backslash")]
    [InlineData("plugin.ts", "expected a `.js` or `.wasm` file")]
    [InlineData("", "is empty")]
    public void Read_BadMain_IsRefused(string main, string reason)
    {
        var problem = Only(Manifest(main: main));
        Assert.StartsWith("`main` is `", problem, StringComparison.Ordinal);
        Assert.Contains(reason, problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("64MB", "expected a size")]
    [InlineData("-1MiB", "expected a size")]
    [InlineData("99999999999999999999GiB", "expected a size")]
    [InlineData("2GiB", "expected 64 KiB to 1 GiB")]
    [InlineData("1KiB", "expected 64 KiB to 1 GiB")]
    public void Read_BadMemory_IsRefused(string memory, string reason) => Assert.Contains(reason, Only(Manifest($$"""
        "limits":{"memory":"{{memory}}"}
        """)), StringComparison.Ordinal);

    [Theory]
    [InlineData("""{"id":"acme.demo.c","resource":"Pod","title":"C"}""", "`contributes.columns[0]` has neither `path` nor `compute`")]
    [InlineData("""{"id":"acme.demo.c","resource":"Pod","title":"C","path":".a","compute":[".b"]}""", "`contributes.columns[0]` has both `path` and `compute`")]
    [InlineData("""{"id":"other.demo.c","resource":"Pod","title":"C","path":".a"}""", "`contributes.columns[0].id` is `other.demo.c`; expected `acme.demo.`")]
    [InlineData("""{"id":"acme.demo.","resource":"Pod","title":"C","path":".a"}""", "`contributes.columns[0].id` is `acme.demo.`; expected `acme.demo.`")]
    [InlineData("""{"id":"acme.demo.c","resource":"apps/","title":"C","path":".a"}""", "`contributes.columns[0].resource` is `apps/`; expected a kind")]
    [InlineData("""{"id":"acme.demo.c","resource":"Pod","title":"C\u0007","path":".a"}""", "`contributes.columns[0].title` has control characters")]
    [InlineData("""{"id":"acme.demo.c","resource":"Pod","title":"C","path":".a","width":0}""", "`contributes.columns[0].width` is 0; expected 1 or more")]
    public void Read_BadColumn_IsRefused(string column, string problem) =>
        Assert.StartsWith(problem, Only(Manifest("\"contributes\":{\"columns\":[" + column + "]}")), StringComparison.Ordinal);

    [Fact]
    public void Read_SameIdTwice_IsRefused() => Assert.StartsWith("`contributes.statusItems[0].id` is `acme.demo.t`, which another contribution has", Only(Manifest(
        """
        "contributes":{"tabs":[{"id":"acme.demo.t","resource":"Pod","title":"T"}],"statusItems":[{"id":"acme.demo.t","title":"S"}]}
        """)), StringComparison.Ordinal);

    [Theory]
    [InlineData("onTab:acme.demo.tabb", "but no such contribution is declared\nhint: did you mean `acme.demo.tab`?")]
    [InlineData("onCommand:acme.demo.tab", "but no such contribution is declared\nhint: declare it under `contributes`")]
    [InlineData("onTab:", "which is not an activation event")]
    [InlineData("startup", "which is not an activation event")]
    public void Read_BadActivation_IsRefused(string activation, string problem) => Assert.Contains(problem, Only(Manifest(
        "\"activation\":[\"" + activation + "\"],\"contributes\":{\"tabs\":[{\"id\":\"acme.demo.tab\",\"resource\":\"Pod\",\"title\":\"T\"}]}")), StringComparison.Ordinal);

    [Theory]
    [InlineData("""{"kubernetes":[{"apiGroups":[],"resources":["pods"],"verbs":["get"]}]}""", "`permissions.kubernetes[0].apiGroups` is empty")]
    [InlineData("""{"kubernetes":[{"apiGroups":[""],"resources":["pods"],"verbs":["get"],"namespaces":[]}]}""", "`permissions.kubernetes[0].namespaces` is empty")]
    [InlineData("""{"events":{"publish":["acme.other.x"]}}""", "`permissions.events.publish[0]` is `acme.other.x`; a plugin publishes under its own id")]
    public void Read_BadPermission_IsRefused(string permissions, string problem) =>
        Assert.StartsWith(problem, Only(Manifest("\"permissions\":" + permissions)), StringComparison.Ordinal);

    [Fact]
    public void Read_ReasonForNothing_IsRefused() => Assert.Equal(
        "`permissionReasons.kubernete` does not name a permission\nhint: did you mean `kubernetes`?",
        Only(Manifest("\"permissionReasons\":{\"kubernete\":\"x\"}")));

    [Fact]
    public void Read_SeveralProblems_ListsAll() => Assert.Equal(3, Problems(Manifest("\"limits\":{\"memory\":\"x\"}", manifestVersion: 3, main: "x")).Length);

    [Fact]
    public void Read_BeyondLimits_IsRefused()
    {
        Assert.Contains("at most 10 are allowed", Only(Manifest(), new ManifestLimits(MaxBytes: 10)), StringComparison.Ordinal);
        Assert.Contains("depth", Only(Manifest(), new ManifestLimits(MaxDepth: 1)), StringComparison.Ordinal);
        Assert.Equal("`displayName` has 4 characters; at most 3 are allowed", Problems(Manifest(), new ManifestLimits(MaxTextLength: 3))[0]);
        Assert.Equal("`keywords` has 2 entries; at most 1 are allowed", Only(Manifest("\"keywords\":[\"a\",\"b\"]"), new ManifestLimits(MaxItems: 1)));
        Assert.Single(Problems(Manifest("\"limits\":{\"memory\":\"x\"}", manifestVersion: 3), new ManifestLimits(MaxProblems: 1)));
    }
}
