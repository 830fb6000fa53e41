using System.CommandLine;
using LazyOC.Cli.Commands;

namespace LazyOC.Cli.Tests;

public sealed class ConnectionOptionsTests
{
    [Fact]
    public void Audit_OnTheCommandLine_IsCountsUnlessItIsAll()
    {
        var options = new ConnectionOptions();
        var command = new RootCommand();
        options.AddTo(command);

        Assert.Equal(options.Read(command.Parse("")), options.Read(command.Parse("--audit=counts")));
        Assert.NotEqual(options.Read(command.Parse("")), options.Read(command.Parse("--audit=all")));
    }

    [Fact]
    public void Audit_AnythingElse_IsRefusedWithWhatThereIs()
    {
        var error = Assert.Single(LazyOcCommand.Create().Parse("--audit=some").Errors);

        Assert.Contains("some", error.Message, StringComparison.Ordinal);
        Assert.Contains("all", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Audit_IsCompleted()
    {
        var labels = LazyOcCommand.Create().Parse("--audit ").GetCompletions("--audit ".Length).Select(completion => completion.Label);

        Assert.Contains("all", labels);
        Assert.Contains("counts", labels);
    }
}
