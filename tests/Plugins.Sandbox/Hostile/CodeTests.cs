namespace LazyOC.Plugins.Sandbox.Hostile;

/// <summary>Attacks on what keeps a guest's code apart from the host's.</summary>
[Collection(HostileCollection.Name)]
public sealed class CodeTests
{
    [Fact]
    public Task TextThatBecomesCode() => new HostileCase("eval-text.js")
    {
        Failed = arena =>
        {
            arena.AssertDone();
            arena.AssertNotPrinted(" gave ");
            foreach (var way in (string[])["eval", "indirect", "Function", "constructor", "async", "generator", "timeout", "import"]) arena.AssertPrinted($"{way} failed");
        },
        Audited = null,
        GuardOff = c => c with { Setup = host => host.Guest = options => options with { CompilesAtRunTime = true } },
        Succeeded = arena =>
        {
            foreach (var way in (string[])["eval", "indirect", "Function", "constructor", "async", "generator"]) arena.AssertPrinted($"{way} gave 2");
        },
    }.RunAsync();

    [Fact]
    public Task PrototypesThatAreReplaced() => new HostileCase("tampered-prototypes.js")
    {
        Failed = arena => arena.AssertPrinted("host untouched"),
        Audited = null,
        GuardOff = c => c,
        // Code that had not kept what it uses, in the same context.
        Succeeded = arena => arena.AssertPrinted("careless code caught"),
    }.RunAsync();

    [Fact]
    public Task EntriesOfTheHost() => new HostileCase("reentrant-dispatch.js")
    {
        Failed = arena => arena.AssertPrinted("nothing found"),
        Audited = null,
        GuardOff = c => c,
        Succeeded = arena => arena.AssertPrinted("an object of its own can be changed"),
    }.RunAsync();
}
