using LazyOC.Plugins.Contracts;
using Markdig;
using Markdig.Extensions.Tables;
using Markdig.Extensions.TaskLists;
using Markdig.Renderers.Html;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;
using Microsoft.AspNetCore.Components;

namespace LazyOC.Marketplace.Web;

/// <summary>Markdown of strangers as HTML: theirs is shown as text, and addresses are of schemes that do nothing.</summary>
public static class SafeMarkdown
{
    /// <summary>Characters that are shown, so that a page stays small; the rest is in the package.</summary>
    public const int MaxChars = 60_000;

    /// <summary>Headings of a text are below that of the page's part that it is in.</summary>
    private const int LeastHeading = 3;

    private const int MostHeading = 6;

    private static readonly MarkdownPipeline Pipeline = new MarkdownPipelineBuilder().DisableHtml().UsePipeTables().UseEmphasisExtras().UseTaskLists().UseAutoLinks().Build();

    /// <summary>Renders a text, the first <see cref="MaxChars"/> characters of it.</summary>
    /// <param name="markdown">The text.</param>
    /// <param name="package">The package that has the pictures which the text names by paths; null when it has none.</param>
    public static MarkupString Render(string markdown, Digest? package = null)
    {
        var text = markdown.Length <= MaxChars ? markdown : markdown[..MaxChars];
        try
        {
            var document = Markdown.Parse(text, Pipeline);
            SetHeadings(document);
            foreach (var task in document.Descendants<TaskList>().ToList()) task.ReplaceBy(new LiteralInline(task.Checked ? "☑" : "☐"));
            // What may be wider than its page is scrolled, also by keys.
            foreach (var block in document.Descendants().Where(block => block is CodeBlock or Table)) block.GetAttributes().AddProperty("tabindex", "0");
            // Changed while they are walked through, so they are listed before.
            foreach (var link in document.Descendants<LinkInline>().ToList()) Check(link, package);
            foreach (var link in document.Descendants<AutolinkInline>().ToList())
            {
                if (!link.IsEmail && SafeAddress(link.Url, isImage: false) is null) link.ReplaceBy(new LiteralInline(link.Url));
                else link.GetAttributes().AddProperty("rel", Relation);
            }
            return new MarkupString(document.ToHtml(Pipeline));
        }
        catch (ArgumentException)
        {
            // Markdig says so of what is nested too deeply.
            return new MarkupString($"<pre>{System.Text.Encodings.Web.HtmlEncoder.Default.Encode(text)}</pre>");
        }
    }

    /// <summary>The address of a link as it is followed; null for one that is not allowed.</summary>
    public static string? SafeLink(string? address) => SafeAddress(address, isImage: false);

    /// <summary>An address as it is followed; null for one whose scheme is not allowed, and for one that depends on where it is shown.</summary>
    internal static string? SafeAddress(string? address, bool isImage)
    {
        if (!Uri.TryCreate(address, UriKind.Absolute, out var uri)) return null;
        var isAllowed = isImage ? uri.Scheme == Uri.UriSchemeHttps : uri.Scheme == Uri.UriSchemeHttp || uri.Scheme == Uri.UriSchemeHttps || uri.Scheme == Uri.UriSchemeMailto;
        return isAllowed ? uri.AbsoluteUri : null;
    }

    /// <summary>No heading is more than one below the one before it, whatever its author has written: those who hear a page go by that.</summary>
    private static void SetHeadings(MarkdownDocument document)
    {
        // Each heading that is open, and how deep its author had it.
        var open = new Stack<int>();
        foreach (var heading in document.Descendants<HeadingBlock>())
        {
            while (open.TryPeek(out var level) && level >= heading.Level) open.Pop();
            open.Push(heading.Level);
            heading.Level = Math.Min(MostHeading, LeastHeading + open.Count - 1);
        }
    }

    private const string Relation = "nofollow ugc noopener noreferrer";

    private static void Check(LinkInline link, Digest? package)
    {
        var written = link.GetDynamicUrl?.Invoke() ?? link.Url;
        if ((SafeAddress(written, link.IsImage) ?? (link.IsImage && package is not null ? PluginPictures.AddressOf(package.Value, written) : null)) is { } address)
        {
            link.GetDynamicUrl = null;
            link.Url = address;
            if (link.IsImage) link.GetAttributes().AddProperty("loading", "lazy");
            else link.GetAttributes().AddProperty("rel", Relation);
            return;
        }
        // The words stay.
        var words = new ContainerInline();
        link.ReplaceBy(words);
        while (link.FirstChild is { } child)
        {
            child.Remove();
            words.AppendChild(child);
        }
    }
}
