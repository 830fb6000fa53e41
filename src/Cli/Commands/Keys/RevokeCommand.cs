using System.CommandLine;

namespace LazyOC.Cli.Commands.Keys;

internal static class RevokeCommand
{
    public static Command Create()
    {
        var name = KeysCommand.NameArgument();
        var reason = new Option<string>("--reason") { Description = "Why; told to everybody who has trusted the key", HelpName = "TEXT", Required = true };
        var yes = new Option<bool>("--yes", "-y") { Description = "Do not ask" };
        var output = Output.Option();
        var command = new Command(
            "revoke",
            """
            Marks a key as not to be trusted any more, for good. It takes effect for others when a registry publishes it, and then for
            everything that the key has signed, also before.

            Example:
              lazyoc keys revoke acme --reason "the laptop was stolen"
            """) { name, reason, yes, output };
        command.SetAction(parsed =>
        {
            var keys = KeysCommand.Files();
            var key = KeysCommand.Find(keys, parsed.GetRequiredValue(name));
            if (!parsed.GetValue(yes)) Ask(key.Name);
            return KeysCommand.Print(keys.Revoke(key.Name, parsed.GetRequiredValue(reason)).OrThrow(ExitCode.Refused), parsed.GetValue(output), "is revoked");
        });
        return command;
    }

    private static void Ask(string name)
    {
        if (Console.IsInputRedirected) throw new UserError(ExitCode.Refused, "not revoked: it cannot be undone, and there is no one to ask", "`--yes` revokes without asking");
        Console.Error.Write($"Revoke {name}, which cannot be undone? [y/N] ");
        if (Console.ReadLine()?.Trim() is not ("y" or "Y" or "yes")) throw new UserError(ExitCode.Refused, "not revoked");
    }
}
