namespace LazyOC.EndToEnd.Tests;

/// <summary>A test that needs <c>tmux</c> on PATH; skipped, with what to install, where there is none.</summary>
internal sealed class TmuxFactAttribute : FactAttribute
{
    public TmuxFactAttribute() => Skip = Tmux.WhyNot;
}

/// <summary>The same for a test with data.</summary>
internal sealed class TmuxTheoryAttribute : TheoryAttribute
{
    public TmuxTheoryAttribute() => Skip = Tmux.WhyNot;
}
