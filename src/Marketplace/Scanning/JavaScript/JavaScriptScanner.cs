using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Packages;

namespace LazyOC.Marketplace.Scanning.JavaScript;

/// <summary>
/// Looks into every script: which host calls it makes and whether they are permitted, code made of text, obfuscation. Also
/// looks for invisible characters in every text file. Scripts are parsed in a guest of the sandbox.
/// </summary>
internal sealed class JavaScriptScanner(ScannerOptions options) : IScanner
{
    public string Name => "javascript";

    public int RulesVersion => 2;

    public async Task<ScanResult> ScanAsync(Submission submission, CancellationToken cancellationToken)
    {
        var findings = new FindingList(options.Limits);
        var use = new PermissionUse(submission.Package.Manifest, findings);
        await using var analyser = new ScriptAnalyser(options);
        var (scripts, bytes) = (0, 0L);
        foreach (var file in submission.Package.Files)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (file.Content.Length > options.Limits.TextFileBytes)
            {
                if (TextFile.IsScript(file.Path)) findings.Add(ScriptRules.TooMuch, file.Path, null, $"has {ByteSize.Format(file.Content.Length)}; at most {ByteSize.Format(options.Limits.TextFileBytes)} are analysed");
                continue;
            }
            if (!TextFile.TryRead(file, out var text))
            {
                if (TextFile.IsScript(file.Path)) findings.Add(ScriptRules.Unparsed, file.Path, null, "is not UTF-8 text", "tell the bundler to write UTF-8");
                continue;
            }
            HiddenText.Find(text, options.Limits, findings);
            if (!TextFile.IsScript(file.Path)) continue;
            if (++scripts > options.Limits.Scripts || (bytes += file.Content.Length) > options.Limits.ScriptBytes)
            {
                findings.Add(ScriptRules.TooMuch, file.Path, null, $"is not analysed: at most {options.Limits.Scripts:N0} scripts and {ByteSize.Format(options.Limits.ScriptBytes)} are", "bundle the plugin's code into one file");
                continue;
            }
            LookAt(text, submission.Package, findings);
            await AnalyseAsync(analyser, text, submission.Package, use, findings, cancellationToken);
        }
        use.End();
        return findings.ToResult();
    }

    private void LookAt(TextFile script, PluginPackage package, FindingList findings)
    {
        var signs = CodeSigns.Of(script.Text, options.Limits);
        if (signs.DenseLine is { } dense) findings.Add(ScriptRules.DenseLine, script.Path, dense, "has a long line that holds encoded bytes rather than code", "put data into files of their own");
        if (signs.MinifiedLine is { } line && SourceMapCheck.Explain(package, script.Path, options.Limits) is { } reason)
            findings.Add(ScriptRules.Minified, script.Path, line, $"is minified, and {reason}", "pack the bundler's source map with the sources in it beside the file, or do not minify");
    }

    private async Task AnalyseAsync(ScriptAnalyser analyser, TextFile script, PluginPackage package, PermissionUse use, FindingList findings, CancellationToken cancellationToken)
    {
        var manifest = package.Manifest;
        var isModule = script.Path == manifest.Main || manifest.Migrations.Any(migration => migration.Entry == script.Path);
        switch (await analyser.AnalyseAsync(script.Text, isModule, [.. CallNeeds.ByName.Keys], cancellationToken))
        {
            case Analysis.Unfinished unfinished:
                use.IsComplete = false;
                findings.Add(ScriptRules.Unparsed, script.Path, null, $"could not be analysed within the limits: {findings.Quote(unfinished.Reason)}");
                break;
            case Analysis.Done { Report: { Failure: { } failure } }:
                use.IsComplete = false;
                findings.Add(ScriptRules.Unparsed, script.Path, failure.Line, $"is not JavaScript that can be parsed: {findings.Quote(failure.Message)}");
                break;
            case Analysis.Done { Report: var report }:
                foreach (var call in report.Calls) use.Add(script.Path, call);
                foreach (var found in report.Findings) Add(script.Path, found, use, findings);
                if (report.Left > 0) findings.Add(ScriptRules.TooMuch, script.Path, null, $"has {report.Left:N0} more calls and findings than are listed");
                break;
        }
    }

    private static void Add(string path, ScriptFinding found, PermissionUse use, FindingList findings)
    {
        if (!ScriptRules.ByName.TryGetValue(found.Rule, out var rule)) throw new InvalidOperationException($"The analyser names a rule `{found.Rule}` that there is not.");
        if (ScriptRules.HidesCalls.Contains(rule)) use.IsComplete = false;
        var (message, hint) = ScriptRules.Explain(rule, found.Detail);
        findings.Add(rule, path, found.Line, message, hint);
    }
}
