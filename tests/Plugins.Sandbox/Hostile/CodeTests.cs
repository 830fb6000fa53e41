using LazyOC.Plugins.Runtime.Tests;

namespace LazyOC.Plugins.Sandbox.Hostile;

/// <summary>Attacks on what keeps a guest's code apart from the host's.</summary>
[Collection(HostileCollection.Name)]
public sealed class CodeTests
{
    private static readonly string[] WaysOfText = ["eval", "indirect", "Function", "constructor", "async", "generator"];

    [Fact]
    public Task TextThatBecomesCode() => new HostileCase("eval-text.js")
    {
        Failed = arena =>
        {
            arena.AssertDone();
            arena.AssertNotPrinted(" gave ");
            foreach (var way in WaysOfText) arena.AssertPrinted($"{way} failed");
            arena.AssertPrinted("timeout failed: setTimeout: the callback is not a function");
        },
        Audited = null,
        GuardOff = c => c.Also(host => host.Guest = options => options with { CompilesAtRunTime = true }),
        Succeeded = arena =>
        {
            foreach (var way in WaysOfText) arena.AssertPrinted($"{way} gave 2");
        },
    }.RunAsync();

    /// <summary>There is nothing to switch off: no loader of modules exists that could be given text. The control is what else loads nothing, a part of the bundle itself.</summary>
    [Fact]
    public Task TextThatIsImported() => new HostileCase("imports-text.js")
    {
        Failed = arena =>
        {
            arena.AssertDone();
            arena.AssertNotPrinted(" gave ");
            Assert.Equal(4, arena.Printed.Count(line => line.Contains("cannot be imported: a plugin is one file", StringComparison.Ordinal)));
        },
        Audited = null,
        GuardOff = c => c with { Attack = arena => arena.ActionAsync() },
        Succeeded = arena => arena.AssertPrinted("its own part gave 2"),
    }.RunAsync();

    [Fact]
    public Task PrototypesThatAreReplaced() => new HostileCase("tampered-prototypes.js")
    {
        Failed = arena => arena.AssertPrinted("host untouched"),
        Audited = null,
        // A host that had not kept what it uses.
        GuardOff = c => c.Also(host => Change(host, "const mapGet = uncurried(Map.prototype.get);", "const mapGet = (map, key) => map.get(key);")),
        Succeeded = arena => arena.AssertPrinted("host used get"),
    }.RunAsync();

    [Fact]
    public Task EntriesOfTheHost() => new HostileCase("reentrant-dispatch.js")
    {
        Failed = arena =>
        {
            arena.AssertDone();
            arena.AssertPrinted("nothing found");
            arena.AssertPrinted("answered twice, counted once");
        },
        Audited = null,
        // A host that had left its entries where a plugin finds them.
        GuardOff = c => c.Also(host => Change(host, "  return entries;", "  globalThis.entries = entries;\n  return entries;")),
        Succeeded = arena =>
        {
            arena.AssertPrinted("found entries.dispatch");
            arena.AssertPrinted("entered while it was in");
        },
    }.RunAsync();

    private static void Change(HostFixture host, string kept, string careless) => host.Guest = options => options with
    {
        ChangesPrelude = text =>
        {
            Assert.Contains(kept, text, StringComparison.Ordinal);
            return text.Replace(kept, careless, StringComparison.Ordinal);
        },
    };
}
