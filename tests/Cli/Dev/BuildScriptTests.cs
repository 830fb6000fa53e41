using LazyOC.Cli.Commands.Plugin.Dev;

namespace LazyOC.Cli.Tests.Dev;

public sealed class BuildScriptTests
{
    [Theory]
    [InlineData("esbuild src/plugin.ts --bundle --outfile=dist/plugin.js", null, 3)]
    [InlineData("tsc --noEmit && esbuild src/plugin.ts src/migrate.ts --bundle --outdir=dist --external:x --define:a=b", "--noEmit", 6)]
    public void Parse_OfATemplatesShape_IsTscAndEsbuild(string script, string? check, int flags)
    {
        var parsed = BuildScript.Parse(script)!;

        Assert.Equal((check, flags), (parsed.Check is { } arguments ? string.Join(' ', arguments) : null, parsed.Bundle.Length));
        Assert.Equal(parsed, BuildScript.Parse(script));
    }

    [Theory]
    [InlineData("rollup -c")]
    [InlineData("tsc && esbuild src/plugin.ts")]
    [InlineData("esbuild src/plugin.ts --banner:js=x")]
    [InlineData("esbuild src/plugin.ts -w")]
    [InlineData("esbuild \"src/plugin.ts\" --bundle")]
    [InlineData("esbuild src/plugin.ts & echo")]
    [InlineData("esbuild src/plugin.ts && esbuild src/migrate.ts")]
    [InlineData("esbuild src/$NAME.ts")]
    [InlineData("")]
    public void Parse_OfAnotherShape_IsLeftToNpm(string script) => Assert.Null(BuildScript.Parse(script));
}
