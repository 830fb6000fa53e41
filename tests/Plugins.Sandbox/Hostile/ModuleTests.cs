using LazyOC.Plugins.Sandbox.Audit;
using LazyOC.Plugins.Sandbox.Guests;
using LazyOC.Wasm;

namespace LazyOC.Plugins.Sandbox.Hostile;

/// <summary>Modules that ask for more than a module may: each is refused by a limit that the error names, before memory is taken for it.</summary>
[Collection(HostileCollection.Name)]
public sealed class ModuleTests
{
    private const int Type = 1, Function = 3, Table = 4, Global = 6, Export = 7, Code = 10, Custom = 0;

    [Fact]
    public Task Locals() => Refused("locals: 50001 exceeds the limit of 50000", () => Module(locals: 50_001), limits => limits with { Locals = 100_000 });

    [Fact]
    public Task Globals() => Refused("globals: 100001 exceeds the limit of 100000", () => Module(globals: 100_001), limits => limits with { Globals = 200_000 });

    [Fact]
    public Task Functions() => Refused("functions: 2001 exceeds the limit of 2000", () => Module(functions: 2_001), limits => limits with { Functions = 4_000 }, limits => limits with { Functions = 2_000 });

    [Fact]
    public Task FunctionBody() => Refused("function body bytes: 20004 exceeds the limit of 10000", () => Module(nops: 20_000), limits => limits with { FunctionBodyBytes = 30_000 }, limits => limits with { FunctionBodyBytes = 10_000 });

    [Fact]
    public Task Bytes() => Refused("module bytes:", () => Module(padding: 200_000), limits => limits with { ModuleBytes = 300_000 }, limits => limits with { ModuleBytes = 100_000 });

    [Fact]
    public Task TableElements() => Refused("20000000", () => Module(tableElements: 20_000_000), limits => limits with { TableElements = 30_000_000 }, elements: 30_000_000);

    private static Task Refused(string says, Func<byte[]> module, Func<WasmLimits, WasmLimits> more, Func<WasmLimits, WasmLimits>? less = null, int elements = 1_000_000)
    {
        var guarded = less?.Invoke(WasmLimits.Default) ?? WasmLimits.Default;
        return new HostileCase("made.wasm")
        {
            Made = module,
            IsOverAtOnce = true,
            Setup = host => host.GuestLimits = new GuestLimits(StartCpuMs: 60_000) { Module = guarded },
            Failed = arena => arena.AssertFailed("load-failed", says),
            Audited = "plugin.fault",
            Decision = AuditDecision.Fault,
            GuardOff = c => c with { Setup = host => host.GuestLimits = new GuestLimits(StartCpuMs: 60_000, TableElements: elements) { Module = more(guarded) } },
            Succeeded = arena => arena.AssertDone(),
        }.RunAsync();
    }

    /// <summary>A module whose first function is `command` and returns 0.</summary>
    private static byte[] Module(int locals = 0, int globals = 0, int functions = 1, int nops = 0, int padding = 0, int tableElements = 0)
    {
        var bytes = new List<byte>([0, (byte)'a', (byte)'s', (byte)'m', 1, 0, 0, 0]);
        Section(Type, [1, 0x60, 0, 1, 0x7f]);
        Section(Function, [.. Number(functions), .. Enumerable.Repeat((byte)0, functions)]);
        if (tableElements > 0) Section(Table, [1, 0x70, 0, .. Number(tableElements)]);
        if (globals > 0) Section(Global, [.. Number(globals), .. Enumerable.Repeat<byte[]>([0x7f, 0, 0x41, 0, 0x0b], globals).SelectMany(global => global)]);
        Section(Export, [1, 7, .. "command"u8, 0, 0]);
        byte[] first = [.. locals > 0 ? (byte[])[1, .. Number(locals), 0x7f] : [0], .. Enumerable.Repeat((byte)1, nops), 0x41, 0, 0x0b];
        byte[] other = [4, 0, 0x41, 0, 0x0b];
        Section(Code, [.. Number(functions), .. Number(first.Length), .. first, .. Enumerable.Repeat(other, functions - 1).SelectMany(body => body)]);
        if (padding > 0) Section(Custom, [1, (byte)'x', .. new byte[padding]]);
        return [.. bytes];

        void Section(int id, byte[] content)
        {
            bytes.Add((byte)id);
            bytes.AddRange(Number(content.Length));
            bytes.AddRange(content);
        }
    }

    /// <summary>A number in unsigned LEB128.</summary>
    private static IEnumerable<byte> Number(int value)
    {
        for (; value >= 0x80; value >>= 7) yield return (byte)(value | 0x80);
        yield return (byte)value;
    }
}
