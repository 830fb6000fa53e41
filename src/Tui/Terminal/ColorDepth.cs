namespace LazyOC.Tui.Terminal;

/// <summary>How many colours a terminal shows.</summary>
public enum ColorDepth
{
    /// <summary>None: text only.</summary>
    None,

    /// <summary>The 16 colours of the terminal's own palette.</summary>
    Ansi16,

    /// <summary>The xterm palette of 256.</summary>
    Ansi256,

    /// <summary>24 bits.</summary>
    TrueColor,
}

/// <summary>Finds out a terminal's <see cref="ColorDepth"/>.</summary>
public static class ColorDepths
{
    /// <summary>What the environment says: <c>NO_COLOR</c> (no-color.org), <c>TERM</c>, <c>COLORTERM</c>.</summary>
    /// <param name="variable">Reads an environment variable.</param>
    public static ColorDepth Detect(Func<string, string?> variable)
    {
        var term = variable("TERM") ?? "";
        if (!string.IsNullOrEmpty(variable("NO_COLOR")) || term is "" or "dumb")
            return ColorDepth.None;
        if (variable("COLORTERM") is "truecolor" or "24bit")
            return ColorDepth.TrueColor;
        return term.Contains("256color", StringComparison.Ordinal) ? ColorDepth.Ansi256 : ColorDepth.Ansi16;
    }
}
