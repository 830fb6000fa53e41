using System.Text.RegularExpressions;
using LazyOC.Cli.Commands;
using LazyOC.EndToEnd.Tests;

namespace LazyOC.Cli.Tests;

/// <summary>Every command that a page of the documentation tells to type is one that there is, with options that it has.</summary>
public sealed partial class DocumentedCommandsTests
{
    /// <summary>What comes before a command, and with what a page leaves something out or names what else could stand there.</summary>
    private static readonly string[] Prompts = ["$ ", "./"];
    private static readonly string[] LeftOut = [" … ", " …\n", " | "];

    private static string[] Written { get; } =
    [
        .. Directory.EnumerateFiles(Path.Combine(LazyOc.RepositoryRoot, "docs"), "*.md", SearchOption.AllDirectories)
            .Append(Path.Combine(LazyOc.RepositoryRoot, "README.md"))
            .Select(page => Path.GetRelativePath(LazyOc.RepositoryRoot, page))
            .Where(page => CommandsIn(page).Any())
            .Order(StringComparer.Ordinal),
    ];

    public static TheoryData<string> Pages => new(Written);

    [Fact]
    public void Pages_TellMoreThanAFewCommands() => Assert.True(Written.Sum(page => CommandsIn(page).Count()) > 60);

    [Theory]
    [MemberData(nameof(Pages))]
    public void Commands_OfAPage_AreThere(string page)
    {
        var root = LazyOcCommand.Create();
        Assert.All(CommandsIn(page), command =>
        {
            var parsed = root.Parse(command);
            // What a value has to be is for the command to say; the names are for the page.
            Assert.True(parsed.UnmatchedTokens.Count == 0, $"`lazyoc {command}`: there is no `{string.Join(' ', parsed.UnmatchedTokens)}`");
            Assert.True(parsed.CommandResult.Command != root || command.StartsWith('-') || command.Length == 0, $"`lazyoc {command}` names no command");
        });
    }

    /// <summary>The command lines in the blocks of a page, without the program's name and without what a shell does with them.</summary>
    private static IEnumerable<string> CommandsIn(string page)
    {
        foreach (var block in Block().Matches(File.ReadAllText(Path.Combine(LazyOc.RepositoryRoot, page))).Select(match => match.Groups["code"].Value.Replace("\\\n", " ", StringComparison.Ordinal)))
        {
            foreach (var written in block.Split('\n'))
            {
                var line = Prompts.Aggregate(written.Trim(), (text, prompt) => text.StartsWith(prompt, StringComparison.Ordinal) ? text[prompt.Length..] : text);
                if (!line.StartsWith("lazyoc ", StringComparison.Ordinal) || LeftOut.Any(sign => (line + "\n").Contains(sign, StringComparison.Ordinal))) continue;
                yield return Ends().Replace(line["lazyoc ".Length..], "").Trim();
            }
        }
    }

    [GeneratedRegex("^```(?:sh|console)?\n(?<code>(?s:.*?))^```$", RegexOptions.Multiline, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Block();

    /// <summary>A comment, or where the output goes.</summary>
    [GeneratedRegex(@"\s(?:#|>|<|&&|;).*$", RegexOptions.NonBacktracking)]
    private static partial Regex Ends();
}
