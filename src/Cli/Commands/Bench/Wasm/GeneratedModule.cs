using System.Collections.Immutable;

namespace LazyOC.Cli.Commands.Bench.Wasm;

/// <summary>
/// Modules of any size whose code is real: the functions of the kernels, as clang made them, over and over. No two
/// functions are the same, as each begins with a constant of its own. Always the same bytes for the same size.
/// </summary>
internal sealed class GeneratedModule
{
    /// <summary>Calls 16 functions, each for the first time.</summary>
    public const string Export = "run";

    /// <summary>Returns its argument.</summary>
    public const string SmallExport = "same";

    private const int Calls = 16;
    private const byte BlockOfI64 = 0x02, I64 = 0x7e, I32 = 0x7f, End = 0x0b, Drop = 0x1a, Call = 0x10, LocalGet = 0x20, I32Const = 0x41, I64Const = 0x42, I64Xor = 0x85, I64ExtendI32U = 0xad;

    // Called with 0 they do nothing, whatever the memory holds.
    private static readonly ImmutableArray<string> Callable = ["matmul", "sha256", "sieve", "mandelbrot"];
    private static readonly ImmutableArray<string> Others = ["nbody", "interpreter", "copy"];

    private readonly ImmutableArray<KernelBody> _bodies;

    public GeneratedModule(string kernels) =>
        _bodies = [.. Callable.Concat(Others).Select(name => KernelBody.Read(Path.Combine(kernels, name + ".wasm")))];

    /// <summary>A module of about <paramref name="bytes"/> whose export calls 16 of its functions, which do nothing for 0.</summary>
    public byte[] OfFunctions(int bytes)
    {
        var functions = new List<WasmWriter>();
        for (var length = 0; length < bytes; length += functions[^1].Length)
        {
            var body = _bodies[functions.Count % _bodies.Length];
            functions.Add(new WasmWriter().Bytes(body.Locals).Byte(I32Const).Signed(functions.Count).Byte(Drop).Bytes(body.Code));
        }

        var first = new WasmWriter().Unsigned(0).Byte(I64Const).Signed(0);
        var callable = Enumerable.Range(0, functions.Count).Where(i => i % _bodies.Length < Callable.Length).ToArray();
        for (var i = 0; i < Calls; i++)
        {
            // The first function is this one.
            var called = 1 + callable[(int)((long)i * callable.Length / Calls)];
            first.Byte(LocalGet).Unsigned(0).Byte(Call).Unsigned((uint)called).Byte(I64Xor);
        }

        functions.Insert(0, first.Byte(End));
        functions.Add(new WasmWriter().Unsigned(0).Byte(LocalGet).Unsigned(0).Byte(I64ExtendI32U).Byte(End));
        return Assemble(functions);
    }

    /// <summary>A module of one function of about <paramref name="bytes"/>: matmul, over and over.</summary>
    public byte[] OfOneFunction(int bytes)
    {
        var body = _bodies[0];
        var function = new WasmWriter().Bytes(body.Locals).Byte(I64Const).Signed(0);
        while (function.Length < bytes)
        {
            // A block takes branches to the end of the function as the function did.
            function.Byte(BlockOfI64).Byte(I64).Bytes(body.Code).Byte(I64Xor);
        }

        return Assemble([function.Byte(End)]);
    }

    /// <summary>A module with a custom section behind it, in whose last four bytes a salt can be put.</summary>
    public static byte[] Salted(ReadOnlySpan<byte> module) =>
        new WasmWriter().Bytes(module).Section(0, new WasmWriter().Name("salt").Bytes(new byte[sizeof(int)])).ToArray();

    private static byte[] Assemble(List<WasmWriter> functions)
    {
        var types = new WasmWriter().Unsigned(1).Byte(0x60).Unsigned(1).Byte(I32).Unsigned(1).Byte(I64);
        var declarations = new WasmWriter().Unsigned((uint)functions.Count);
        var code = new WasmWriter().Unsigned((uint)functions.Count);
        foreach (var function in functions)
        {
            declarations.Unsigned(0);
            code.Sized(function);
        }

        return new WasmWriter()
            .Bytes([0, (byte)'a', (byte)'s', (byte)'m', 1, 0, 0, 0])
            .Section(1, types)
            .Section(3, declarations)
            .Section(5, new WasmWriter().Unsigned(1).Byte(0).Unsigned(4)) // a memory
            .Section(6, new WasmWriter().Unsigned(1).Byte(I32).Byte(1).Byte(I32Const).Signed(16_384).Byte(End)) // clang's stack pointer
            .Section(7, new WasmWriter().Unsigned(2).Name(Export).Byte(0).Unsigned(0).Name(SmallExport).Byte(0).Unsigned((uint)functions.Count - 1))
            .Section(10, code)
            .ToArray();
    }
}
