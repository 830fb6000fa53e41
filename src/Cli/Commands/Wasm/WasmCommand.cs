using System.CommandLine;

namespace LazyOC.Cli.Commands.Wasm;

/// <summary><c>lazyoc wasm</c>: the engine of the plugins, for any WebAssembly program.</summary>
internal static class WasmCommand
{
    public static Command Create()
    {
        var command = new Command("wasm", "Runs WebAssembly programs in the engine of the plugins");
        command.Subcommands.Add(RunCommand.Create());
        return command;
    }
}
