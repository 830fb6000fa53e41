using LazyOC.Cli.Commands;
using LazyOC.Plugins.Sandbox.Audit;

namespace LazyOC.Cli.Tests;

public sealed class ConnectionOptionsTests
{
    [Theory]
    [InlineData("", AuditReads.Counts)]
    [InlineData("--audit=counts", AuditReads.Counts)]
    [InlineData("--audit=all", AuditReads.All)]
    public void Audit_OnTheCommandLine_IsWhatTheAuditIsTold(string arguments, AuditReads expected)
    {
        var options = new ConnectionOptions();
        var command = new System.CommandLine.RootCommand();
        options.AddTo(command);

        Assert.Equal(expected, options.Read(command.Parse(arguments)).AuditReads);
    }

    [Fact]
    public void Audit_AnythingElse_IsRefusedWithWhatThereIs()
    {
        var error = Assert.Single(LazyOcCommand.Create().Parse("--audit=some").Errors);

        Assert.Contains("'some'", error.Message, StringComparison.Ordinal);
        Assert.Contains("'all'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Audit_IsCompleted() =>
        Assert.Equal(["all", "counts"], LazyOcCommand.Create().Parse("--audit ").GetCompletions("--audit ".Length).Select(c => c.Label).Where(label => label is "all" or "counts" or "All" or "Counts").Order(StringComparer.Ordinal));
}
