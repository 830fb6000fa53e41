using System.Collections.Immutable;
using System.Text.RegularExpressions;
using LazyOC.Plugins.Contracts;

namespace LazyOC.Marketplace.Scanning;

/// <summary>
/// Looks for credentials in every file. What is found is never shown: messages name its kind, its beginning and its length.
/// Patterns run without backtracking, in time linear in the text.
/// </summary>
internal sealed class SecretsScanner(ScannerOptions options) : IScanner
{
    public static readonly ScanRule PrivateKey = new("secret-private-key", Verdict.Reject, "A private key in PEM or OpenSSH form");
    public static readonly ScanRule Token = new("secret-token", Verdict.Reject, "A credential of AWS, Google Cloud, Azure, GitHub, GitLab, npm, Slack, OpenShift or this marketplace");
    public static readonly ScanRule Kubeconfig = new("secret-kubeconfig", Verdict.Reject, "The credentials of a kubeconfig: a client key, a token or a password");
    public static readonly ScanRule Jwt = new("secret-jwt", Verdict.Hold, "A JSON Web Token");
    public static readonly ScanRule Assignment = new("secret-assignment", Verdict.Hold, "A text like a password, assigned to a name such as `password`, `token` or `apiKey`");
    public static readonly ScanRule UrlPassword = new("secret-url", Verdict.Hold, "A URL with a user name and a password");
    public static readonly ScanRule Unread = new("secret-unread", Verdict.Hold, "A file too large to be searched");

    private const RegexOptions Linear = RegexOptions.NonBacktracking | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture;

    /// <summary>Kinds of credentials: what makes the search worthwhile, and the pattern.</summary>
    private static readonly ImmutableArray<Kind> Kinds =
    [
        new(PrivateKey, "a private key", ["PRIVATE KEY-----"], new(@"-----BEGIN [A-Z ]{0,20}PRIVATE KEY-----[\s\\rn]{1,8}(?<secret>[A-Za-z0-9+/=:, \-]{16})", Linear)),
        new(Token, "an AWS access key", ["AKIA", "ASIA"], new(@"\b(?<secret>(AKIA|ASIA)[A-Z2-7]{16})\b", Linear)),
        new(Token, "an AWS secret key", ["aws_secret", "AWS_SECRET", "secretAccessKey", "SecretAccessKey"], new(@"(?i:secret_?access_?key)[""']?\s{0,4}[:=]\s{0,4}[""']?(?<secret>[A-Za-z0-9/+]{40})\b", Linear)),
        new(Token, "a Google API key", ["AIza"], new(@"\b(?<secret>AIza[A-Za-z0-9_\-]{35})", Linear)),
        new(Token, "a Google service account's key", ["private_key_id"], new(@"""private_key_id""\s{0,4}:\s{0,4}""(?<secret>[0-9a-f]{40})""", Linear)),
        new(Token, "an Azure storage key", ["AccountKey="], new(@"AccountKey=(?<secret>[A-Za-z0-9+/]{86}==)", Linear)),
        new(Token, "an Azure client secret", ["8Q~", "7Q~"], new(@"\b(?<secret>[A-Za-z0-9_.~\-]{3}[78]Q~[A-Za-z0-9_.~\-]{31,34})\b", Linear)),
        new(Token, "a GitHub token", ["ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_"], new(@"\b(?<secret>gh[pousr]_[A-Za-z0-9]{36}|github_pat_[A-Za-z0-9_]{60,90})\b", Linear)),
        new(Token, "a GitLab token", ["glpat-", "gldt-", "glrt-"], new(@"\b(?<secret>gl(pat|dt|rt)-[A-Za-z0-9_\-]{20,64})", Linear)),
        new(Token, "an npm token", ["npm_", "_authToken"], new(@"\b(?<secret>npm_[A-Za-z0-9]{36})\b|_authToken\s{0,4}=\s{0,4}(?<secret>[A-Za-z0-9_\-]{20,80})", Linear)),
        new(Token, "a Slack token", ["xoxb-", "xoxp-", "xoxa-", "xoxr-", "xapp-", "hooks.slack.com"], new(@"\b(?<secret>xox[abpr]-[A-Za-z0-9\-]{20,100}|xapp-[A-Za-z0-9\-]{30,120}|hooks\.slack\.com/services/T[A-Z0-9]{6,12}/B[A-Z0-9]{6,12}/[A-Za-z0-9]{20,30})", Linear)),
        new(Token, "an OpenShift token", ["sha256~"], new(@"\b(?<secret>sha256~[A-Za-z0-9_\-]{43})\b", Linear)),
        new(Token, "a token of this marketplace", ["lzt_"], new(@"\b(?<secret>lzt_[A-Za-z0-9_\-]{20,100})", Linear)),
        new(Kubeconfig, "a kubeconfig's key", ["client-key-data"], new(@"client-key-data[""']?\s{0,4}:\s{0,4}[""']?(?<secret>[A-Za-z0-9+/=]{40,})", Linear)),
        new(Jwt, "a JSON Web Token", ["eyJ"], new(@"\b(?<secret>eyJ[A-Za-z0-9_\-]{10,}\.eyJ[A-Za-z0-9_\-]{10,}\.[A-Za-z0-9_\-]{16,})", Linear)),
        new(UrlPassword, "a password in a URL", ["://"], new(@"\b[a-z][a-z0-9+.\-]{1,20}://[A-Za-z0-9._~%\-]{1,64}:(?<secret>[^\s@/""'`<>{}$:]{3,128})@[A-Za-z0-9.\-\[\]:]{2,253}", Linear)),
    ];

    private static readonly Regex AssignedText = new(
        @"(?<name>[A-Za-z0-9_.\-]{0,40}(?i:password|passwd|secret|token|api_?key|access_?key|credential)[A-Za-z0-9_\-]{0,20})\\?[""'`]?\s{0,4}[:=]\s{0,4}\\?[""'`](?<secret>[^\s""'`\\<>{}$]{12,})\\?[""'`]", Linear);

    private static readonly Regex KubeconfigToken = new(@"(?m:^)[ \-]{0,40}(token|password):\s{0,4}[""']?(?<secret>[A-Za-z0-9_.~/+=\-]{12,})", Linear);

    private static readonly ImmutableArray<string> Placeholders = ["example", "changeme", "placeholder", "dummy", "redacted", "xxxx", "your", "1234567890abcdef", "****", "...."];

    public static ImmutableArray<ScanRule> Rules { get; } = [PrivateKey, Token, Kubeconfig, Jwt, Assignment, UrlPassword, Unread];

    public string Name => "secrets";

    public int RulesVersion => 1;

    public Task<ScanResult> ScanAsync(Submission submission, CancellationToken cancellationToken) => Task.Run(() =>
    {
        var findings = new FindingList(options.Limits);
        foreach (var file in submission.Package.Files)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (file.Content.Length > options.Limits.TextFileBytes)
                findings.Add(Unread, file.Path, null, $"has {ByteSize.Format(file.Content.Length)}; at most {ByteSize.Format(options.Limits.TextFileBytes)} are searched");
            else
                Search(TextFile.Read(file), findings, cancellationToken);
        }
        return findings.ToResult();
    }, cancellationToken);

    private void Search(TextFile file, FindingList findings, CancellationToken cancellationToken)
    {
        foreach (var kind in Kinds)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (!kind.Markers.Any(marker => file.Text.Contains(marker, StringComparison.Ordinal))) continue;
            foreach (Match match in kind.Pattern.Matches(file.Text))
                Found(kind.Rule, kind.Name, file, match, findings);
        }
        if (file.Text.Contains("kind: Config", StringComparison.Ordinal) && file.Text.Contains("users:", StringComparison.Ordinal))
            foreach (Match match in KubeconfigToken.Matches(file.Text)) Found(Kubeconfig, "a kubeconfig's credential", file, match, findings);
        foreach (Match match in AssignedText.Matches(file.Text))
        {
            var secret = match.Groups["secret"];
            if (secret.Length <= options.Limits.SecretChars && LooksRandom(secret.ValueSpan)) Found(Assignment, $"a text like a password, assigned to {findings.Quote(match.Groups["name"].Value)}", file, match, findings);
        }
    }

    private static void Found(ScanRule rule, string what, TextFile file, Match match, FindingList findings)
    {
        const int shownChars = 4;
        var secret = match.Groups["secret"];
        if (Placeholders.Any(placeholder => secret.ValueSpan.Contains(placeholder, StringComparison.OrdinalIgnoreCase))) return;
        var shown = rule == PrivateKey || rule == Assignment || rule == UrlPassword ? "" : $" ({findings.Quote(secret.Value[..Math.Min(shownChars, secret.Length)])}…, {secret.Length} characters)";
        findings.Add(rule, file.Path, file.LineOf(match.Index), $"has {what}{shown}", "revoke it: whoever has the package has it; then take it out");
    }

    /// <summary>Letters and digits mixed, without order.</summary>
    private bool LooksRandom(ReadOnlySpan<char> text) =>
        text.ContainsAnyInRange('0', '9') && (text.ContainsAnyInRange('a', 'z') || text.ContainsAnyInRange('A', 'Z')) && !text.Contains('(') && !text.Contains("://", StringComparison.Ordinal)
        && Entropy.BitsPerChar(text) >= Math.Min(options.Limits.SecretBits, Math.Log2(text.Length) - 0.4);

    private sealed record Kind(ScanRule Rule, string Name, ImmutableArray<string> Markers, Regex Pattern);
}
