using System.Reflection;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace LazyOC.Repository.Tests;

/// <summary>Messages lead to headings of docs/troubleshooting.md, and the page quotes messages that there are.</summary>
public sealed partial class HelpPageTests
{
    private static readonly string Page = File.ReadAllText(Path.Combine(RepositoryRoot.Path, "docs", "troubleshooting.md"));

    [Fact]
    public void Headings_ThatMessagesNameAreThere()
    {
        var anchors = Heading().Matches(Page).Select(heading => NoAnchor().Replace(heading.Groups["title"].Value.ToLowerInvariant(), "").Replace(' ', '-')).ToList();
        var help = TypeOf("Plugins.Contracts", "LazyOC.Plugins.Contracts.HelpPage");
        var topics = Texts(help).Where(text => !text.Contains(':', StringComparison.Ordinal)).ToList();
        Assert.True(topics.Count > 15);

        // A plugin's failure names its code, or the kind of its fault.
        topics.AddRange(Texts(TypeOf("Plugins.Contracts", "LazyOC.Plugins.Contracts.Messages.ErrorCode")));
        topics.AddRange(Enum.GetNames(TypeOf("Plugins.Sandbox", "LazyOC.Plugins.Sandbox.Guests.GuestFaultKind")).Select(JsonNamingPolicy.KebabCaseLower.ConvertName));

        Assert.Empty(topics.Distinct().Except(anchors));
        Assert.Equal(anchors.Distinct(), anchors);
    }

    /// <summary>What a program prints may have numbers and names where the page has an ellipsis.</summary>
    [Fact]
    public void Messages_ThatThePageQuotesAreInTheSources()
    {
        var sources = string.Join('\n', Directory.EnumerateFiles(Path.Combine(RepositoryRoot.Path, "src"), "*.cs", SearchOption.AllDirectories)
            .Where(file => !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal)).Select(File.ReadAllText));
        var quotes = Quote().Matches(Page).Select(quote => quote.Groups["text"].Value).ToList();

        Assert.True(quotes.Count > 15);
        Assert.All(quotes.SelectMany(quote => quote.Split('…', StringSplitOptions.RemoveEmptyEntries)), part => Assert.True(sources.Contains(part, StringComparison.Ordinal), $"no source has `{part}`"));
    }

    private static Type TypeOf(string room, string name) =>
        Assembly.LoadFrom(Path.Combine(RepositoryRoot.Path, "artifacts", "bin", "LazyOC.Cli", Path.GetFileName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory)), $"LazyOC.{room}.dll")).GetType(name, throwOnError: true)!;

    private static IEnumerable<string> Texts(Type type) => type.GetFields(BindingFlags.Public | BindingFlags.Static).Where(field => field.IsLiteral).Select(field => (string)field.GetRawConstantValue()!);

    [GeneratedRegex("^##+ (?<title>.*)$", RegexOptions.Multiline | RegexOptions.NonBacktracking)]
    private static partial Regex Heading();

    [GeneratedRegex("[^a-z0-9 -]", RegexOptions.NonBacktracking)]
    private static partial Regex NoAnchor();

    [GeneratedRegex("^> `(?<text>[^\n]+)`$", RegexOptions.Multiline | RegexOptions.NonBacktracking)]
    private static partial Regex Quote();
}
