using System.Collections.Immutable;
using System.Text;

namespace LazyOC.Plugins.Sandbox.Guests.JavaScript;

/// <summary>
/// Compiles JavaScript to QuickJS bytecode in a VM that is thrown away, because the VM that runs it cannot compile:
/// that is what makes <c>eval</c> and its kin impossible there.
/// </summary>
internal static class Bytecode
{
    /// <summary>Stacks name the bundle by this.</summary>
    public const string BundleName = "plugin.js";

    /// <summary>Stacks name the host's own part by this.</summary>
    public const string PreludeName = "prelude.js";

    private static readonly GuestLimits PreludeLimits = new(MemoryBytes: 16 << 20);

    private static readonly Lazy<byte[]> CompiledPrelude = new(() => CompileOwn(PreludeName));
    private static readonly Lazy<ImmutableArray<byte[]>> CompiledWeb = new(() => [CompileOwn("url.js"), CompileOwn("fetch.js")]);

    /// <summary>The prelude, compiled once in a process. Read on a guest thread.</summary>
    public static byte[] Prelude => CompiledPrelude.Value;

    /// <summary>What plugins know from the web, built upon the prelude: scripts to be run in order. Read on a guest thread.</summary>
    public static ImmutableArray<byte[]> Web => CompiledWeb.Value;

    /// <summary>Compiles a bundle on the calling guest thread.</summary>
    /// <param name="options">Bounds, and the code: an ES module in UTF-8.</param>
    /// <param name="budget">Ends compilation that takes too long; its VM is trapped through <paramref name="onVm"/>.</param>
    /// <param name="stacks">Maps the place of a syntax error.</param>
    /// <param name="onVm">Told of the VM while it compiles, then of null.</param>
    /// <exception cref="GuestLoadException">The bundle has an error.</exception>
    public static byte[] CompileBundle(GuestOptions options, TurnBudget budget, StackMapper stacks, Action<QuickJsVm?> onVm)
    {
        using var vm = new QuickJsVm(options.Limits, canCompile: true, new QuickJsHost
        {
            Time = options.Time,
            FillRandom = options.FillRandom,
            ShouldInterrupt = budget.IsSpent,
        });
        onVm(vm);
        try
        {
            if (vm.Compile(options.Code.Span, BundleName, isModule: true) is { } bytecode)
                return bytecode;
            var error = JsError.Take(vm);
            throw new GuestLoadException(new GuestFault(GuestFaultKind.LoadFailed, error.ToString(), stacks.Map(error.Stack)));
        }
        finally
        {
            onVm(null);
        }
    }

    /// <summary>The prelude with another text, for a test.</summary>
    public static byte[] CompilePrelude(Func<string, string> change) => CompileOwn(PreludeName, change);

    private static byte[] CompileOwn(string name, Func<string, string>? change = null)
    {
        using var stream = typeof(Bytecode).Assembly.GetManifestResourceStream(typeof(Bytecode), name)
            ?? throw new InvalidOperationException($"the assembly has no resource {name}");
        var source = new byte[stream.Length];
        stream.ReadExactly(source);
        if (change is not null) source = Encoding.UTF8.GetBytes(change(Encoding.UTF8.GetString(source)));
        using var vm = new QuickJsVm(PreludeLimits, canCompile: true, new QuickJsHost
        {
            Time = TimeProvider.System,
            FillRandom = bytes => bytes.Clear(),
            ShouldInterrupt = () => false,
        });
        return vm.Compile(source, name, isModule: false)
            ?? throw new InvalidOperationException($"{name} does not compile: {JsError.Take(vm)}");
    }
}
