using System.CommandLine;
using System.Globalization;
using LazyOC.Wasm;

namespace LazyOC.Cli.Commands.Wasm;

/// <summary><c>wasm run</c>: a WASI program, with the folders and variables that it is given and nothing else.</summary>
internal static class RunCommand
{
    private const int MiB = 1024 * 1024;
    private const int DefaultMemoryMiB = 4_096;

    /// <summary>All that a 32-bit memory can have.</summary>
    private const int MaxMemoryMiB = 4_096;

    /// <summary>Eleven days; timers know no more than fifty.</summary>
    private const int MaxTimeoutSeconds = 1_000_000;

    public static Command Create()
    {
        var file = new Argument<FileInfo>("FILE") { Description = "The program: a WebAssembly module that exports `_start`" };
        var arguments = new Argument<string[]>("ARGS") { Description = "The program's arguments, behind `--`", Arity = ArgumentArity.ZeroOrMore };
        var directories = new Option<HostMount[]>("--dir")
        {
            Description = "A folder that the program may use, and its path there; read-only with ::ro. May be repeated",
            HelpName = "HOST[::GUEST[::ro]]",
            CustomParser = result => Each<HostMount>(result, HostMount.TryParse, "a folder such as data::/data or data::/data::ro"),
            Arity = ArgumentArity.OneOrMore,
        };
        var variables = new Option<KeyValuePair<string, string>[]>("--env")
        {
            Description = "A variable of the program's environment, which is empty otherwise. May be repeated",
            HelpName = "NAME=VALUE",
            CustomParser = result => Each<KeyValuePair<string, string>>(result, TryParseVariable, "a variable such as NAME=VALUE"),
            Arity = ArgumentArity.OneOrMore,
        };
        var fuel = Positive<long>("--fuel", "UNITS", "Stop the program after about so many instructions; it runs slower when they are counted");
        var timeout = Positive<double>("--timeout", "SECONDS", "Stop the program after so many seconds", MaxTimeoutSeconds);
        var memory = Positive<int>("--max-memory", "MIB", $"Greatest size of a linear memory in MiB; {DefaultMemoryMiB} when absent", MaxMemoryMiB);
        var command = new Command(
            "run",
            """
            Runs a WASI program (preview 1). It sees the folders of --dir, the variables of --env, its arguments, the clocks and
            random numbers, and nothing else of this machine. Links do not lead it out of a folder.

            Exit codes: the program's own, from 0 to 255; a greater one becomes 255. 134 after a trap (also --fuel), 124 after
            --timeout, 130 after ctrl-c. What keeps it from starting ends as everywhere: 1 not a module that can run, 2 usage,
            4 no such file.

            Examples:
              lazyoc wasm run hello.wasm
              lazyoc wasm run sort.wasm --dir .::/work --env LANG=C -- -n /work/numbers.txt
              lazyoc wasm run check.wasm --dir ./input::/input::ro --timeout 10 --max-memory 256
            """) { file, arguments, directories, variables, fuel, timeout, memory };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var program = new GuestProgram
            {
                File = parsed.GetRequiredValue(file),
                Arguments = parsed.GetValue(arguments) ?? [],
                Directories = parsed.GetValue(directories) ?? [],
                Environment = parsed.GetValue(variables) ?? [],
                Instance = new InstanceOptions
                {
                    MaxMemoryBytes = (long)(parsed.GetValue(memory) ?? DefaultMemoryMiB) * MiB,
                    Fuel = parsed.GetValue(fuel),
                },
                Timeout = parsed.GetValue(timeout) is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
            };
            return await program.RunAsync(cancellationToken);
        });
        return command;
    }

    private delegate bool Parser<T>(string text, out T value);

    private static T[] Each<T>(System.CommandLine.Parsing.ArgumentResult result, Parser<T> parser, string expected)
    {
        var values = new List<T>();
        foreach (var token in result.Tokens)
        {
            if (parser(token.Value, out var value))
                values.Add(value);
            else
                result.AddError($"`{token.Value}` is not {expected}");
        }
        return [.. values];
    }

    private static bool TryParseVariable(string text, out KeyValuePair<string, string> variable)
    {
        var at = text.IndexOf('=', StringComparison.Ordinal);
        variable = at > 0 ? new(text[..at], text[(at + 1)..]) : default;
        return at > 0;
    }

    private static Option<T?> Positive<T>(string name, string helpName, string description, int max = int.MaxValue)
        where T : struct, System.Numerics.INumber<T> => new(name)
        {
            Description = description,
            HelpName = helpName,
            CustomParser = result =>
            {
                if (T.TryParse(result.Tokens[0].Value, NumberStyles.Number, CultureInfo.InvariantCulture, out var value) && value > T.Zero && (max == int.MaxValue || value <= T.CreateChecked(max)))
                    return value;
                result.AddError($"`{result.Tokens[0].Value}` is not a number greater than 0{(max == int.MaxValue ? "" : $" and at most {max}")}");
                return null;
            },
        };
}

/// <summary>A folder of the host and where the program sees it.</summary>
internal sealed record HostMount(string Folder, string GuestPath, bool IsReadOnly)
{
    private const string Separator = "::";

    public static bool TryParse(string text, out HostMount mount)
    {
        var parts = text.Split(Separator);
        var isReadOnly = parts.Length > 1 && parts[^1] is "ro";
        if (isReadOnly)
            parts = parts[..^1];
        mount = new HostMount(parts[0], parts[^1], isReadOnly);
        return parts.Length is 1 or 2 && parts.All(part => part.Length > 0 && !part.Contains('\0', StringComparison.Ordinal));
    }
}
