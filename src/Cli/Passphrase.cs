using LazyOC.Cli.Commands.Plugin;

namespace LazyOC.Cli;

/// <summary>The passphrase of a signing key: from <c>LAZYOC_KEY_PASSPHRASE</c>, or typed without being shown; never from the command line, where others and the shell's history see it.</summary>
internal static class Passphrase
{
    private const string Variable = "LAZYOC_KEY_PASSPHRASE";

    /// <summary>That of a key which has one.</summary>
    /// <param name="key">What the key is called.</param>
    /// <exception cref="UserError">There is no one to ask.</exception>
    public static string Of(string key) => FromEnvironment() ?? Ask($"Passphrase of {key}: ", key);

    /// <summary>One for a key that has none yet, typed twice.</summary>
    /// <param name="key">What the key is called.</param>
    /// <exception cref="UserError">There is no one to ask, or the two differ.</exception>
    public static string New(string key)
    {
        if (FromEnvironment() is { } given) return given;
        var first = Ask($"New passphrase of {key}: ", key);
        return Ask("The same again: ", key) == first ? first : throw new UserError(ExitCode.Usage, "the two passphrases differ, so nothing was changed");
    }

    private static string? FromEnvironment() => Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } passphrase ? passphrase : null;

    private static string Ask(string prompt, string key)
    {
        if (Console.IsInputRedirected) throw new UserError(ExitCode.Usage, $"the passphrase of {key} is needed and there is no one to ask", $"`{Variable}` gives it");
        Console.Error.Write(Output.Printable(prompt));
        return SecretInput.ReadHidden();
    }
}
