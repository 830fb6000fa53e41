using System.Text;
using LazyOC.Plugins.Contracts.Manifest;

namespace LazyOC.Cli.Commands.Plugin;

/// <summary>Reads the value of a setting that does not stand on the command line.</summary>
internal static class SecretInput
{
    /// <summary>All of standard input without its last line break, or, at a terminal, a line: one that is not shown when it is secret.</summary>
    /// <exception cref="UserError">Nothing was given.</exception>
    public static Task<string> ReadAsync(Setting setting, CancellationToken cancellationToken) => ReadAsync(setting.Title, setting.IsSecret, cancellationToken);

    /// <summary>As for a setting.</summary>
    /// <param name="title">What is asked for.</param>
    /// <param name="isSecret">Whether it is not shown.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="UserError">Nothing was given.</exception>
    public static async Task<string> ReadAsync(string title, bool isSecret, CancellationToken cancellationToken)
    {
        if (Console.IsInputRedirected)
        {
            var all = await Console.In.ReadToEndAsync(cancellationToken);
            return all.EndsWith("\r\n", StringComparison.Ordinal) ? all[..^2] : all.EndsWith('\n') ? all[..^1] : all;
        }
        await Console.Error.WriteAsync($"{Output.Printable(title)}: ");
        var line = isSecret ? ReadHidden() : Console.ReadLine();
        return line is { Length: > 0 } ? line : throw new UserError(ExitCode.Usage, "nothing was typed, so nothing was changed");
    }

    /// <summary>A line from the terminal that is not shown.</summary>
    public static string ReadHidden()
    {
        var text = new StringBuilder();
        while (true)
        {
            var key = Console.ReadKey(intercept: true);
            switch (key.Key)
            {
                case ConsoleKey.Enter:
                    Console.Error.WriteLine();
                    return text.ToString();
                case ConsoleKey.Backspace:
                    if (text.Length > 0) text.Length--;
                    break;
                default:
                    if (!char.IsControl(key.KeyChar)) text.Append(key.KeyChar);
                    break;
            }
        }
    }
}
