using System.CommandLine;

namespace LazyOC.Cli.Commands.Keys;

internal static class NewCommand
{
    public static Command Create()
    {
        var name = KeysCommand.NameArgument();
        var output = Output.Option();
        var command = new Command(
            "new",
            """
            Makes a new signing key. It is kept encrypted under a passphrase, which is asked for or taken from LAZYOC_KEY_PASSPHRASE.
            The fingerprint is for those who install your plugins: publish it where they trust you.

            Example:
              lazyoc keys new acme
            """) { name, output };
        command.SetAction(parsed =>
        {
            var wanted = parsed.GetRequiredValue(name);
            return KeysCommand.Print(KeysCommand.Files().Create(wanted, Passphrase.New(wanted)).OrThrow(ExitCode.Usage), parsed.GetValue(output), "is made");
        });
        return command;
    }
}
