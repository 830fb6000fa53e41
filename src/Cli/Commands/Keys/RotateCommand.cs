using System.CommandLine;

namespace LazyOC.Cli.Commands.Keys;

internal static class RotateCommand
{
    public static Command Create()
    {
        var name = KeysCommand.NameArgument(description: "The key that is replaced");
        var next = KeysCommand.NameArgument("NEW", "What the new key is called");
        var output = Output.Option();
        var command = new Command(
            "rotate",
            """
            Makes a new key that takes the place of another. Both sign that, so that those who have trusted the old key need only
            agree. The old key signs nothing any more. For a key that others may have, use revoke instead.

            Example:
              lazyoc keys rotate acme acme-2027
            """) { name, next, output };
        command.SetAction(parsed =>
        {
            var keys = KeysCommand.Files();
            var old = KeysCommand.Find(keys, parsed.GetRequiredValue(name));
            var key = keys.Rotate(old.Name, parsed.GetRequiredValue(next), Passphrase.Of(old.Name)).OrThrow(ExitCode.Refused);
            return KeysCommand.Print(key, parsed.GetValue(output), $"takes the place of {old.Name}");
        });
        return command;
    }
}
