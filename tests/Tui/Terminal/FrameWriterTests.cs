using System.Xml.Linq;
using LazyOC.Tui.Screen;
using LazyOC.Tui.Terminal;
using LazyOC.Tui.Tests.Screen;

namespace LazyOC.Tui.Tests.Terminal;

public sealed class FrameWriterTests
{
    private static readonly CellBuffer Frame = ScreenDrawing.Render(SampleScreens.Pods, new FrameSize(100, 30));

    [Fact]
    public void Write_WithoutColor_HasNoEscapeAndNoTrailingBlank()
    {
        var text = Golden.Text(Frame);
        Assert.DoesNotContain('\x1b', text);
        Assert.All(text.Split('\n'), line => Assert.Equal(line.TrimEnd(' '), line));
        Assert.Equal(30, text.Count(c => c == '\n'));
    }

    [Theory]
    [InlineData(ColorDepth.Ansi16)]
    [InlineData(ColorDepth.Ansi256)]
    [InlineData(ColorDepth.TrueColor)]
    public void Write_WithColor_DiffersFromPlainOnlyInSgr(ColorDepth depth)
    {
        using var writer = new StringWriter();
        FrameWriter.Write(Frame, writer, depth);
        var stripped = System.Text.RegularExpressions.Regex.Replace(writer.ToString(), "\x1b\\[[0-9;]*m", "", System.Text.RegularExpressions.RegexOptions.None, TimeSpan.FromSeconds(5));
        Assert.NotEqual(stripped, writer.ToString());
        Assert.Equal(Golden.Text(Frame), string.Join('\n', stripped.Split('\n').Select(l => l.TrimEnd(' '))));
    }

    [Theory]
    [InlineData("1", "xterm-256color", "truecolor", ColorDepth.None)]
    [InlineData("", "xterm-256color", "truecolor", ColorDepth.TrueColor)]
    [InlineData(null, "xterm-256color", null, ColorDepth.Ansi256)]
    [InlineData(null, "xterm", null, ColorDepth.Ansi16)]
    [InlineData(null, "dumb", "truecolor", ColorDepth.None)]
    [InlineData(null, null, null, ColorDepth.None)]
    public void Detect_Environment_FollowsNoColorThenTerm(string? noColor, string? term, string? colorTerm, ColorDepth expected) =>
        Assert.Equal(expected, ColorDepths.Detect(name => name switch { "NO_COLOR" => noColor, "TERM" => term, "COLORTERM" => colorTerm, _ => null }));

    [Fact]
    public void Svg_Frame_IsWellFormedAndHoldsTheText()
    {
        using var writer = new StringWriter();
        FrameSvg.Write(Frame, writer, title: "Pods <of> \"bookstore\"");
        var root = XDocument.Parse(writer.ToString()).Root!;
        Assert.Equal("Pods <of> \"bookstore\"", root.Element(root.Name.Namespace + "title")!.Value);
        Assert.Contains(root.Descendants(root.Name.Namespace + "text"), t => t.Value.Contains("CrashLoopBackOff", StringComparison.Ordinal));
    }

    [Fact]
    public void Svg_HostileText_IsEscaped()
    {
        var frame = new CellBuffer(40, 1);
        frame.Write(frame.Area, 0, 0, "</text><script>alert(1)</script>&", Style.Plain);
        using var writer = new StringWriter();
        FrameSvg.Write(frame, writer);
        var root = XDocument.Parse(writer.ToString()).Root!;
        Assert.Equal("</text><script>alert(1)</script>&", Assert.Single(root.Descendants(root.Name.Namespace + "text")).Value.TrimEnd(' '));
    }
}
