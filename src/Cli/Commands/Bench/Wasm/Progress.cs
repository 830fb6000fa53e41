namespace LazyOC.Cli.Commands.Bench.Wasm;

/// <summary>One line on the standard error stream that says what is being measured; nothing when that is not a terminal.</summary>
internal static class Progress
{
    private const string ClearLine = "\r\u001b[K";

    public static void Show(string text)
    {
        if (!Console.IsErrorRedirected) Console.Error.Write($"{ClearLine}{text} …");
    }

    public static void Clear()
    {
        if (!Console.IsErrorRedirected) Console.Error.Write(ClearLine);
    }
}
