using LazyOC.Tui.Screen;

namespace LazyOC.Tui.Tests.Screen;

public sealed class SavedScreenTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("lazyoc-saved-").FullName;
    private readonly List<string> _warnings = [];

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Write_ThenRead_GivesWhereTheUserWas()
    {
        var file = FileNamed("screen.json");
        var context = new SavedContext { Kind = "deployments.apps", Namespace = "shop", HasNamespace = true, Tab = "YAML" };
        file.Write(saved => saved with { Contexts = saved.Contexts.SetItem("prod", context with { Views = context.Views.SetItem("pods", new ListView("cart", new RowOrder("age", true))) }) });
        file.Write(saved => saved with { Theme = "light" });

        var read = FileNamed("screen.json").Read();
        Assert.Equal("light", read.Theme);
        Assert.Equal(("deployments.apps", "shop", "YAML"), (read.Contexts["prod"].Kind, read.Contexts["prod"].Namespace, read.Contexts["prod"].Tab));
        Assert.Equal(new ListView("cart", new RowOrder("age", true)), read.Contexts["prod"].Views["pods"]);
        Assert.Empty(_warnings);
        Assert.Equal(["screen.json"], Directory.EnumerateFiles(_folder).Select(Path.GetFileName));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("""{"contexts":{"a":{"views":3}}}""")]
    [InlineData("\u0000\u001b[2J")]
    public void Read_BrokenFile_BeginsAnewAndSaysSo(string content)
    {
        File.WriteAllText(Path.Combine(_folder, "screen.json"), content);
        Assert.Empty(FileNamed("screen.json").Read().Contexts);
        Assert.Contains("screen.json is not used", Assert.Single(_warnings), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"contexts":null,"theme":null}""")]
    [InlineData("""{"contexts":{"a":{"kind":null,"views":null}}}""")]
    public void Read_NullsWhereThereShouldBeValues_AreDefaults(string content)
    {
        File.WriteAllText(Path.Combine(_folder, "screen.json"), content);
        Assert.All(FileNamed("screen.json").Read().Contexts.Values, context => Assert.Equal("pods", context.Kind));
        Assert.Empty(_warnings);
    }

    [Fact]
    public void Write_WhereNothingCanBeWritten_SaysSoAndGoesOn()
    {
        File.WriteAllText(Path.Combine(_folder, "file"), "");
        FileNamed("file/screen.json").Write(saved => saved);
        Assert.Contains("cannot be written", Assert.Single(_warnings), StringComparison.Ordinal);
    }

    private SavedScreen FileNamed(string name) => new(Path.Combine(_folder, name), _warnings.Add);
}
