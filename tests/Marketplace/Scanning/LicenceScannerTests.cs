using LazyOC.Marketplace.Scanning;
using LazyOC.Marketplace.Scanning.Licences;

namespace LazyOC.Marketplace.Tests.Scanning;

public sealed class LicenceScannerTests
{
    private readonly LicenceScanner _scanner = new(new ScannerOptions());

    [Fact]
    public async Task Scan_OfLicenceWithItsText_FindsNothing() => (await _scanner.ScanAsync(PackageFixture.Clean)).Clean();

    [Theory]
    [InlineData("licence-missing", "")]
    [InlineData("licence-invalid", "Apache 2")]
    [InlineData("licence-invalid", "MIT AND")]
    [InlineData("licence-invalid", "(MIT OR Apache-2.0")]
    [InlineData("licence-invalid", "MIT or Apache-2.0")]
    [InlineData("licence-invalid", "Apache-2.0 WITH MIT")]
    [InlineData("licence-deprecated", "GPL-3.0")]
    [InlineData("licence-own", "UNLICENSED")]
    [InlineData("licence-own", "LicenseRef-Acme")]
    [InlineData("licence-mismatch", "MIT")]
    public async Task Scan_OfLicence_FindsWhatIsWrong(string rule, string licence)
    {
        var finding = (await _scanner.ScanAsync(PackageFixture.Clean with { License = licence })).Caught(rule);

        Assert.Equal(rule == "licence-mismatch" ? "LICENSE" : "plugin.json", finding.File);
    }

    [Fact]
    public async Task Scan_OfPackageWithoutLicenceFile_NotesIt()
    {
        var result = await _scanner.ScanAsync(PackageFixture.Clean.Without("LICENSE"));

        result.Caught("licence-file-missing");
        Assert.Equal(Verdict.Pass, result.Verdict);
    }

    [Theory]
    [InlineData("MIT OR Apache-2.0", "MIT,Apache-2.0")]
    [InlineData("((MIT)) AND (ISC OR GPL-2.0-or-later WITH Classpath-exception-2.0)", "MIT,ISC,GPL-2.0-or-later")]
    [InlineData("LicenseRef-a.b-1", "LicenseRef-a.b-1")]
    [InlineData("Apache-2.0+", "Apache-2.0")]
    public void Read_OfExpression_GivesItsLicences(string text, string ids)
    {
        Assert.True(SpdxExpression.Read(text).TryGet(out var expression, out _));
        Assert.Equal(ids, string.Join(',', expression.Ids));
    }

    [Theory]
    [InlineData(")")]
    [InlineData("()")]
    [InlineData("MIT MIT")]
    [InlineData("MIT) OR (MIT")]
    [InlineData("OR MIT")]
    [InlineData("WITH")]
    [InlineData("MIT WITH")]
    [InlineData("(MIT) WITH Classpath-exception-2.0")]
    [InlineData("LicenseRef-")]
    [InlineData("MIT++")]
    public void Read_OfWhatIsNoExpression_IsRefused(string text) => Assert.False(SpdxExpression.Read(text).TryGet(out _, out _));

    /// <summary>Expressions that are made by the grammar are read, and whatever else is made of its words is read or refused.</summary>
    [Fact]
    public void Read_OfGeneratedExpressions_FollowsTheGrammar()
    {
        var random = new Random(3);
        string[] words = ["MIT", "Apache-2.0", "(", ")", "AND", "OR", "WITH", "Classpath-exception-2.0", "+", "nonsense"];
        for (var i = 0; i < 2_000; i++)
        {
            var ids = new List<string>();
            Assert.True(SpdxExpression.Read(Expression(random, 4, ids)).TryGet(out var expression, out _));
            Assert.Equal(ids, expression.Ids);
            SpdxExpression.Read(string.Join(' ', Enumerable.Range(0, random.Next(9)).Select(_ => words[random.Next(words.Length)]))).TryGet(out _, out _);
        }

        static string Expression(Random random, int depth, List<string> ids)
        {
            switch (depth == 0 ? 0 : random.Next(4))
            {
                case 1:
                    return $"({Expression(random, depth - 1, ids)})";
                case 2:
                    return $"{Expression(random, depth - 1, ids)} {(random.Next(2) == 0 ? "AND" : "OR")} {Expression(random, depth - 1, ids)}";
                default:
                    var id = ((string[])["MIT", "ISC", "GPL-2.0-only", "LicenseRef-x"])[random.Next(4)];
                    ids.Add(id);
                    return id == "GPL-2.0-only" && random.Next(2) == 0 ? $"{id} WITH Classpath-exception-2.0" : id;
            }
        }
    }

    [Fact]
    public async Task Scan_OfNearlyRightLicence_SaysWhatWasMeant() =>
        Assert.Equal("did you mean `Apache-2.0`?", (await _scanner.ScanAsync(PackageFixture.Clean with { License = "Apache-2" })).Caught("licence-invalid").Hint);
}
