using LazyOC.Cli.Installing;
using LazyOC.Marketplace.Protocol.Api;

namespace LazyOC.Cli.Tests.Markets;

/// <summary>What a marketplace refuses is told with the command that helps.</summary>
public sealed class MarketHintTests
{
    [Theory]
    [InlineData(ProblemTypes.NameTaken, 409, ExitCode.Refused, "choose another name")]
    [InlineData(ProblemTypes.Unauthenticated, 401, ExitCode.Refused, "`lazyoc market login` signs in")]
    [InlineData(ProblemTypes.TokenScope, 403, ExitCode.Refused, "`lazyoc market token new`")]
    public void Refusal_OfAKind_NamesTheCommand(string kind, int status, int exitCode, string hint)
    {
        var refused = new ApiResult<string>(null, new ApiProblem { Type = ApiProblem.TypePrefix + kind, Title = "Refused", Status = status, Detail = "it is refused" });

        var error = Assert.Throws<UserError>(() => refused.OrThrow());

        Assert.Equal((exitCode, "it is refused"), (error.ExitCode, error.Message));
        Assert.Contains(hint, error.Hint, StringComparison.Ordinal);
    }
}
