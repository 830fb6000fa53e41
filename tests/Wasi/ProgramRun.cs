using System.Collections.Concurrent;
using System.Reflection;
using System.Runtime.ExceptionServices;
using System.Text;
using LazyOC.Wasm;

namespace LazyOC.Wasi.Tests;

/// <summary>How a program ended.</summary>
internal sealed record ProgramRun(uint ExitCode, string Output, string Error)
{
    /// <summary>Runs a program to its end, on a thread as guests need it.</summary>
    public static ProgramRun Of(WasmModule module, WasiOptions options) => Of(module, options, (context, linker) => context.AddTo(linker));

    /// <summary>As above, noting what each function answered.</summary>
    public static ProgramRun Of(WasmModule module, WasiOptions options, ConcurrentDictionary<(string Function, Errno Answer), bool> answers) =>
        Of(module, options, (context, linker) => Observe(context, linker, answers));

    private static ProgramRun Of(WasmModule module, WasiOptions options, Action<WasiContext, WasmLinker> link)
    {
        using var output = new MemoryStream();
        using var error = new MemoryStream();
        var exitCode = GuestThread.Run(() =>
        {
            using var context = new WasiContext(options with { StandardOutput = output, StandardError = error });
            var linker = new WasmLinker();
            link(context, linker);
            using var instance = module.Instantiate(linker);
            try
            {
                instance.GetFunction<Action>("_start")();
                return 0u;
            }
            catch (WasiExitException exit)
            {
                return exit.ExitCode;
            }
        });
        return new ProgramRun(exitCode, Encoding.UTF8.GetString(output.ToArray()), Encoding.UTF8.GetString(error.ToArray()));
    }

    private static void Observe(WasiContext context, WasmLinker linker, ConcurrentDictionary<(string Function, Errno Answer), bool> answers)
    {
        foreach (var (name, function) in context.Functions)
        {
            var takesCaller = function.Method.GetParameters().Any(parameter => parameter.ParameterType == typeof(WasmInstance));
            linker.Define(WasiContext.ModuleName, name, GuestCalls.TypeOf(name), (caller, arguments) =>
            {
                try
                {
                    var result = function.DynamicInvoke(takesCaller ? [caller, .. arguments] : arguments);
                    answers[(name, (Errno)(int)result!)] = true;
                    return [result];
                }
                catch (TargetInvocationException thrown)
                {
                    // The end of the program: success when that is what it ended with.
                    if (thrown.InnerException is WasiExitException exit)
                        answers[(name, exit.ExitCode == 0 ? Errno.Success : Errno.Invalid)] = true;
                    ExceptionDispatchInfo.Throw(thrown.InnerException!);
                    throw;
                }
            });
        }
    }
}
