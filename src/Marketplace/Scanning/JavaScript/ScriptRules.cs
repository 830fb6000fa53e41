using System.Collections.Immutable;

namespace LazyOC.Marketplace.Scanning.JavaScript;

/// <summary>The rules about scripts, <see cref="HiddenText"/> aside. The analyser names some of them.</summary>
internal static class ScriptRules
{
    public static readonly ScanRule UndeclaredCall = new("js-undeclared-call", Verdict.Reject, "A host call that none of the manifest's permissions allows");
    public static readonly ScanRule UnknownCall = new("js-unknown-call", Verdict.Hold, "A host call of a name that there is not");
    public static readonly ScanRule UnusedPermission = new("js-unused-permission", Verdict.Pass, "A permission that no call of the code can use");
    public static readonly ScanRule ComputedCall = new("js-computed-call", Verdict.Hold, "A host call whose name is computed, other than the SDK's own");
    public static readonly ScanRule IndirectHost = new("js-indirect-host", Verdict.Hold, "`lazyoc` is used in another way than `lazyoc.call(…)` and `lazyoc.on(…)`: which calls are made cannot be said");
    public static readonly ScanRule ComputedGlobal = new("js-computed-global", Verdict.Hold, "A member of the global object whose name is computed");
    public static readonly ScanRule GlobalHandedOn = new("js-global-handed-on", Verdict.Pass, "The global object is kept or handed on, as bundled libraries do");
    public static readonly ScanRule HiddenName = new("js-hidden-name", Verdict.Reject, "A member such as `lazyoc`, `eval` or `constructor` whose name is put together of parts");
    public static readonly ScanRule DynamicCode = new("js-dynamic-code", Verdict.Hold, "Code made of text: `eval`, `Function`, a constructor of functions, a text for `setTimeout`; the sandbox runs none of it");
    public static readonly ScanRule DynamicImport = new("js-dynamic-import", Verdict.Hold, "`import()`: there is nothing that a plugin could load");
    public static readonly ScanRule DecodedCode = new("js-decoded-code", Verdict.Reject, "Code made of decoded or encoded text, or a long encoded text beside code made of text");
    public static readonly ScanRule EncodedText = new("js-encoded-text", Verdict.Pass, "A long text of hexadecimal digits or Base64");
    public static readonly ScanRule Obfuscated = new("js-obfuscated", Verdict.Reject, "What obfuscators leave: texts in rotated lists, members looked up by number, names such as `_0x1a2b`");
    public static readonly ScanRule DenseLine = new("js-dense-line", Verdict.Hold, "A long line that holds encoded bytes rather than code");
    public static readonly ScanRule Minified = new("js-minified", Verdict.Hold, "Minified code without a source map that has the sources");
    public static readonly ScanRule Unparsed = new("js-unparsed", Verdict.Hold, "A script that cannot be parsed, or not within the limits of time and memory");
    public static readonly ScanRule TooMuch = new("js-too-much", Verdict.Hold, "More scripts, larger ones or more to say of one than is looked at");

    public static readonly ScanRule ViewUnnamed = new("js-view-unnamed", Verdict.Pass, "A chart without a title, or a button or badge without a label: who reads the view is not told what it is");

    public static ImmutableArray<ScanRule> All { get; } =
    [
        UndeclaredCall, UnknownCall, UnusedPermission, ComputedCall, IndirectHost, ComputedGlobal, GlobalHandedOn, HiddenName, DynamicCode, DynamicImport, DecodedCode,
        EncodedText, Obfuscated, DenseLine, Minified, Unparsed, TooMuch, ViewUnnamed, .. HiddenText.Rules,
    ];

    /// <summary>Those after which nobody can say which host calls there are.</summary>
    public static ImmutableArray<ScanRule> HidesCalls { get; } = [ComputedCall, IndirectHost, ComputedGlobal, GlobalHandedOn, HiddenName, DynamicCode, DecodedCode, Obfuscated];

    public static ImmutableDictionary<string, ScanRule> ByName { get; } = All.ToImmutableDictionary(rule => rule.Name, StringComparer.Ordinal);

    /// <summary>What is said of a finding of the analyser's.</summary>
    /// <param name="rule">The rule.</param>
    /// <param name="what">What the analyser says it is about: one of its own words.</param>
    public static (string Message, string? Hint) Explain(ScanRule rule, string what) => rule.Name switch
    {
        "js-computed-call" => ("calls the host by a name that is computed", "write the name of each call as a text, or use the SDK"),
        "js-indirect-host" => ("uses `lazyoc` in another way than `lazyoc.call(…)` and `lazyoc.on(…)`", "call it where it is used"),
        "js-computed-global" => ($"looks up a member of `{what}` by a name that is computed", "name what is meant"),
        "js-global-handed-on" => ("keeps or hands on the global object", null),
        "js-hidden-name" => ($"puts the name `{what}` together of parts", "write it as it is"),
        "js-dynamic-code" => ($"makes code of text with `{what}`", "the sandbox runs no such code; leave it out of the bundle"),
        "js-dynamic-import" => ("imports at run time", "bundle what it imports"),
        "js-decoded-code" => ("makes code of text, and has encoded text to make it of", "leave it out of the bundle"),
        "js-encoded-text" => ("has a long text of encoded bytes", "put data into a file of its own"),
        "js-obfuscated" => ($"is obfuscated: {what}", "submit the code as your bundler makes it"),
        "js-view-unnamed" => ($"makes a {what} without {(what == "chart" ? "a title" : "a label")}", "name it: not everybody sees its shape or colour"),
        _ => throw new ArgumentOutOfRangeException(nameof(rule), rule.Name, "the analyser does not name this rule"),
    };
}
